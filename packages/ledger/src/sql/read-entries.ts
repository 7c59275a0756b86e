import { type Kysely, sql } from "kysely";
import { fromHexText } from "./hex.ts";
import { type SchemaOption, schemaName } from "./schema-name.ts";

/** An entry as SQL has it. */
export interface SqlEntry {
  readonly number: number;
  /** The sequence number of the command that posted it. */
  readonly sequence: number;
  readonly kind: string;
  readonly at: number;
  readonly bookedAt: number;
  readonly key: string;
  readonly memo: string;
  readonly corrects: number;
  readonly postings: {
    readonly account: number;
    readonly amount: bigint;
    readonly balanceAfter: bigint;
  }[];
  /** What it spent of holds. A copy of the books doesn't have them. */
  readonly captures: { readonly hold: number; readonly amount: bigint }[];
  /** The entry's leaf and checksums, as they were written with it. Undefined: it is older than they are. */
  readonly seal: Uint8Array | undefined;
}

export interface ReadEntriesOptions extends SchemaOption {
  /** Entries with a greater number only. */
  readonly after?: number;
  /** Entries with a smaller number only. */
  readonly before?: number;
  /** How many are read at a time: 1,000 unless told otherwise. */
  readonly pageSize?: number;
}

/**
 * The entries with their postings, by number, a page at a time: what verification, statements and exports read.
 *
 * Entries never change, so pages of different instants fit together; what is posted meanwhile may or may not be among them.
 *
 * @example
 * for await (const entry of readEntries(db)) console.log(entry.number, entry.postings.length);
 */
export async function* readEntries<Database>(
  db: Kysely<Database>,
  { after = 0, before = 2 ** 53, pageSize = 1_000, ...options }: ReadEntriesOptions = {},
): AsyncGenerator<SqlEntry> {
  const schema = schemaName(options);
  const plain = db.withoutPlugins();
  const end = Math.min(before, 2 ** 53);
  for (let last = after; ; ) {
    const entries = await entryPage(plain, schema, last, end, pageSize);
    const newest = entries.at(-1);
    if (newest === undefined) return;
    await addPostings(plain, schema, last, newest.number, entries);
    await addCaptures(plain, schema, last, newest.number, entries);
    last = newest.number;
    yield* entries;
    if (entries.length < pageSize) return;
  }
}

type Columns<Names extends string> = Readonly<Record<Names, string | null>>;

const entryPage = async <Database>(
  db: Kysely<Database>,
  schema: string,
  after: number,
  before: number,
  pageSize: number,
): Promise<SqlEntry[]> => {
  const { rows } = await sql<
    Columns<
      "number" | "sequence" | "kind" | "at" | "booked_at" | "key" | "memo" | "corrects" | "seal"
    >
  >`
    select e.number::text, e.sequence::text, e.kind, e.key, e.memo, e.corrects::text,
      (extract(epoch from e.at) * 1000)::int8::text as at,
      (extract(epoch from e.booked_at) * 1000)::int8::text as booked_at,
      encode(e.seal, 'hex') as seal
    from ${sql.table(`${schema}.entry`)} as e
    where e.number > ${after}::int8 and e.number < ${before}::int8
    order by e.number limit ${pageSize}::int4`.execute(db);
  return rows.map((row) => ({
    number: Number(row.number),
    sequence: Number(row.sequence),
    kind: row.kind ?? "",
    at: Number(row.at),
    bookedAt: Number(row.booked_at),
    key: row.key ?? "",
    memo: row.memo ?? "",
    corrects: Number(row.corrects ?? 0),
    postings: [],
    captures: [],
    seal: row.seal === null ? undefined : fromHexText(row.seal),
  }));
};

const addPostings = async <Database>(
  db: Kysely<Database>,
  schema: string,
  after: number,
  last: number,
  entries: readonly SqlEntry[],
): Promise<void> => {
  const { rows } = await sql<Record<"entry" | "account" | "amount" | "balance", string>>`
    select p.entry::text, p.account::text, p.amount::text, p.balance_after::text as balance
    from ${sql.table(`${schema}.posting`)} as p
    where p.entry > ${after}::int8 and p.entry <= ${last}::int8
    order by p.entry, p.index`.execute(db);
  const postings = new Map(entries.map((entry) => [entry.number, entry.postings]));
  for (const { entry, account, amount, balance } of rows) {
    postings.get(Number(entry))?.push({
      account: Number(account),
      amount: BigInt(amount),
      balanceAfter: BigInt(balance),
    });
  }
};

const addCaptures = async <Database>(
  db: Kysely<Database>,
  schema: string,
  after: number,
  last: number,
  entries: readonly SqlEntry[],
): Promise<void> => {
  const { rows } = await sql<Record<"entry" | "hold" | "amount", string>>`
    select c.entry::text, c.hold::text, c.amount::text
    from ${sql.table(`${schema}.capture`)} as c
    where c.entry > ${after}::int8 and c.entry <= ${last}::int8
    order by c.entry, c.index`.execute(db);
  if (rows.length === 0) return;
  const captures = new Map(entries.map((entry) => [entry.number, entry.captures]));
  for (const { entry, hold, amount } of rows) {
    captures.get(Number(entry))?.push({ hold: Number(hold), amount: BigInt(amount) });
  }
};

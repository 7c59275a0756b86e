import { type Kysely, type RawBuilder, sql } from "kysely";
import { type AccountBound, type AccountOpening, CHART_OF_ACCOUNTS } from "../account.ts";
import type { Capture } from "../entry.ts";
import { entrySeal } from "../proofs/entry-seal.ts";
import { accountSeals } from "./account-seals.ts";
import { byteaArray, numberArray, textArray } from "./array-literal.ts";
import { timeOf } from "./command-time.ts";
import { completesBlock, sealBlocks } from "./ledger-blocks.ts";
import { nativeSha256 } from "./native-sha256.ts";
import type { ProjectedAccount, ProjectedEntry } from "./projection-batch.ts";

// What a copy of the books and a ledger that is posted to in SQL write in the same way: accounts, entries and postings.

/** Writes accounts that were opened, each with its seal and a balance of zero. */
export const insertAccounts = async <Database>(
  db: Kysely<Database>,
  schema: string,
  accounts: readonly ProjectedAccount[],
): Promise<void> => {
  const opened = accounts
    .map((account) => ({ sub: "", place: "", ...account, bound: boundOf(account) }))
    .sort((one, other) => one.number - other.number);
  const numbers = numberArray(opened.map(({ number }) => number));
  const seals = await accountSeals(db, schema, opened);
  await sql`
    insert into ${sql.table(`${schema}.account`)}
      (number, owner, sub, asset, kind, place, bound, seal)
    select * from unnest(
      ${numbers}::text::int8[],
      ${textArray(opened.map(({ owner }) => owner))}::text::text[],
      ${textArray(opened.map(({ sub }) => sub))}::text::text[],
      ${numberArray(opened.map(({ asset }) => asset))}::text::int4[],
      ${textArray(opened.map(({ kind }) => kind))}::text::text[],
      ${textArray(opened.map(({ place }) => place))}::text::text[],
      ${textArray(opened.map(({ bound }) => bound))}::text::text[],
      ${byteaArray(seals)}::text::bytea[])`.execute(db);
  await sql`
    insert into ${sql.table(`${schema}.balance`)} (account, amount, held, sequence)
    select number, 0, 0, 0 from unnest(${numbers}::text::int8[]) as opened (number)`.execute(db);
};

const boundOf = ({ kind, bound = CHART_OF_ACCOUNTS[kind].bound }: AccountOpening): AccountBound =>
  bound;

/** An entry to be written, and what it captured, where that is known. */
type WrittenEntry = ProjectedEntry & { readonly captures?: readonly Capture[] };

/** Writes entries, see `EntryInsertion`. */
export const insertEntries = <Database>(
  db: Kysely<Database>,
  schema: string,
  entries: readonly WrittenEntry[],
): Promise<void> => new EntryInsertion(schema, entries).run(db);

/**
 * Writes entries with their postings and seals, in the order of their numbers, and seals the blocks that they complete.
 *
 * Half of the time goes into seals and texts for the database. `prepare` makes them beforehand, while the database has other things to do.
 */
export class EntryInsertion {
  readonly #schema: string;
  readonly #entries: readonly WrittenEntry[];
  #prepared: PreparedEntries | undefined;

  constructor(schema: string, entries: readonly WrittenEntry[]) {
    this.#schema = schema;
    this.#entries = entries;
  }

  /** Throws a `RangeError` for an entry that has no canonical form. */
  prepare(): PreparedEntries {
    this.#prepared ??= preparedEntries(this.#schema, this.#entries);
    return this.#prepared;
  }

  /**
   * The caller's transaction is the only one that writes entries meanwhile. While the database takes the postings, there is time for
   * something else: `meanwhile` is called.
   */
  async run<Database>(db: Kysely<Database>, meanwhile?: () => Promise<void>): Promise<void> {
    const entries = this.#entries;
    const schema = this.#schema;
    const { seals, rows, postings } = this.prepare();
    const { rows: outOfOrder } = await rows.execute(db);
    await Promise.all([postings.execute(db), meanwhile?.()]);
    const late = new Set(outOfOrder.map(({ number }) => Number(number)));
    const isLate = ({ entry }: ProjectedEntry): boolean => late.has(entry.number);
    const apart = entries.filter((one) => isLate(one) || one.entry.bookedAt !== one.entry.at);
    if (apart.length > 0) await insertOutOfOrder(db, schema, apart, apart.map(isLate));
    if (endsBlock(entries)) await sealBlocks(db, { schema }, seals);
  }
}

/** What is needed to write entries. */
interface PreparedEntries {
  readonly seals: ReadonlyMap<number, Uint8Array>;
  /** Answers the numbers of those that are out of order. */
  readonly rows: RawBuilder<{ number: string }>;
  readonly postings: RawBuilder<unknown>;
}

const preparedEntries = (schema: string, entries: readonly WrittenEntry[]): PreparedEntries => {
  const seals = sealsOf(entries);
  return {
    seals,
    rows: entryRowsInsertion(schema, entries, seals),
    postings: postingsInsertion(schema, entries),
  };
};

/** By number of entry, in order. */
const sealsOf = (entries: readonly WrittenEntry[]): Map<number, Uint8Array> =>
  new Map(
    entries.map(({ sequence, entry, captures }) => [
      entry.number,
      entrySeal({ ...entry, sequence, captures }, nativeSha256),
    ]),
  );

const endsBlock = (entries: readonly ProjectedEntry[]): boolean =>
  completesBlock(entries[0]?.entry.number ?? 1, entries.at(-1)?.entry.number ?? 0);

const entryRowsInsertion = (
  schema: string,
  entries: readonly ProjectedEntry[],
  seals: ReadonlyMap<number, Uint8Array>,
): RawBuilder<{ number: string }> => {
  const table = sql.table(`${schema}.entry`);
  return sql<{ number: string }>`
    with inserted as (
      insert into ${table}
        (number, sequence, kind, at, booked_at, key, memo, corrects, seal, out_of_order)
      select number, sequence, kind, at, booked_at, nullif(key, ''), nullif(memo, ''),
        nullif(corrects, 0), seal,
        coalesce(at < greatest(
          max(at) over (order by number rows between unbounded preceding and 1 preceding),
          (select before.at from ${table} as before
            where not before.out_of_order order by before.at desc limit 1)), false)
      from (
        select number, sequence, kind, ${timeOf(sql`at`)} as at, ${timeOf(sql`booked_at`)} as booked_at,
          key, memo, corrects, seal
        from unnest(
          ${numberArray(entries.map(({ entry }) => entry.number))}::text::int8[],
          ${numberArray(entries.map(({ sequence }) => sequence))}::text::int8[],
          ${textArray(entries.map(({ entry }) => entry.kind))}::text::text[],
          ${numberArray(entries.map(({ entry }) => entry.at))}::text::int8[],
          ${numberArray(entries.map(({ entry }) => entry.bookedAt))}::text::int8[],
          ${textArray(entries.map(({ entry }) => entry.key))}::text::text[],
          ${textArray(entries.map(({ entry }) => entry.memo))}::text::text[],
          ${numberArray(entries.map(({ entry }) => entry.corrects))}::text::int8[],
          ${byteaArray([...seals.values()])}::text::bytea[]
        ) as told (number, sequence, kind, at, booked_at, key, memo, corrects, seal)
      ) as posted
      returning number, out_of_order
    )
    select number::text from inserted where out_of_order`;
};

const postingsInsertion = (
  schema: string,
  entries: readonly ProjectedEntry[],
): RawBuilder<unknown> => {
  const { numbers, indexes, accounts, amounts, balances } = postingColumns(entries);
  return sql`
    insert into ${sql.table(`${schema}.posting`)} (entry, index, account, amount, balance_after)
    select * from unnest(
      ${numberArray(numbers)}::text::int8[],
      ${numberArray(indexes)}::text::int4[],
      ${numberArray(accounts)}::text::int8[],
      ${numberArray(amounts)}::text::numeric[],
      ${numberArray(balances)}::text::numeric[])`;
};

/** Once more by time, because neither the order of entries nor the index on accounts finds them by it. */
const insertOutOfOrder = async <Database>(
  db: Kysely<Database>,
  schema: string,
  entries: readonly ProjectedEntry[],
  late: readonly boolean[],
): Promise<void> => {
  const { numbers, indexes, accounts, amounts, balances } = postingColumns(entries);
  const repeated = <Value>(told: (one: ProjectedEntry, index: number) => Value): Value[] =>
    entries.flatMap((one, index) => one.entry.postings.map(() => told(one, index)));
  const time = (column: string): RawBuilder<unknown> => timeOf(sql.ref(column));
  await sql`
    insert into ${sql.table(`${schema}.posting_out_of_order`)}
      (account, booked_at, entry, index, at, late, amount, balance_after)
    select account, ${time("booked_at")}, entry, index, ${time("at")}, late, amount, balance
    from unnest(
      ${numberArray(accounts)}::text::int8[],
      ${numberArray(repeated(({ entry }) => entry.bookedAt))}::text::int8[],
      ${numberArray(numbers)}::text::int8[],
      ${numberArray(indexes)}::text::int4[],
      ${numberArray(repeated(({ entry }) => entry.at))}::text::int8[],
      ${textArray(repeated((_, index) => String(late[index] === true)))}::text::boolean[],
      ${numberArray(amounts)}::text::numeric[],
      ${numberArray(balances)}::text::numeric[]
    ) as posted (account, booked_at, entry, index, at, late, amount, balance)`.execute(db);
};

interface PostingColumns {
  readonly numbers: number[];
  readonly indexes: number[];
  readonly accounts: number[];
  readonly amounts: bigint[];
  readonly balances: bigint[];
}

const postingColumns = (entries: readonly ProjectedEntry[]): PostingColumns => {
  const columns: PostingColumns = {
    numbers: [],
    indexes: [],
    accounts: [],
    amounts: [],
    balances: [],
  };
  for (const { entry } of entries) {
    let index = 0;
    for (const { account, amount, balanceAfter } of entry.postings) {
      columns.numbers.push(entry.number);
      columns.indexes.push(index);
      columns.accounts.push(account);
      columns.amounts.push(amount);
      columns.balances.push(balanceAfter);
      index += 1;
    }
  }
  return columns;
};

import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Capture, Entry, Posting } from "../entry.ts";
import type { RememberedEntry } from "../remembered-entries.ts";
import { numberArray } from "./array-literal.ts";
import { millisecondsOf } from "./command-time.ts";

/** An entry as SQL has it: with its sequence number, and with what its request captured. */
export interface StoredEntry extends RememberedEntry {
  readonly sequence: number;
}

interface EntryRow {
  readonly number: string;
  readonly sequence: string;
  readonly kind: string;
  readonly at: string;
  readonly booked_at: string;
  readonly key: string | null;
  readonly memo: string | null;
  readonly corrects: string | null;
}

/** The statement, for whoever wants to see its plan. */
export const entriesQuery = (
  schema: string,
  condition: RawBuilder<unknown>,
): RawBuilder<EntryRow> => sql<EntryRow>`
    select e.number::text, e.sequence::text, e.kind, ${millisecondsOf(sql`e.at`)} as at,
      ${millisecondsOf(sql`e.booked_at`)} as booked_at, e.key, e.memo, e.corrects::text
    from ${sql.table(`${schema}.entry`)} as e
    where ${condition} order by e.number`;

/** The entries that a condition on `e` is true of, by number. */
export const selectEntries = async <Database>(
  db: Kysely<Database>,
  schema: string,
  condition: RawBuilder<unknown>,
): Promise<StoredEntry[]> => {
  const { rows } = await entriesQuery(schema, condition).execute(db);
  if (rows.length === 0) return [];
  const numbers = numberArray(rows.map(({ number }) => Number(number)));
  const postings = await selectPostings(db, schema, numbers);
  const captures = await selectCaptures(db, schema, numbers);
  return rows.map((row) => ({
    sequence: Number(row.sequence),
    entry: entryOf(row, postings.get(row.number) ?? []),
    captures: captures.get(row.number) ?? [],
  }));
};

const entryOf = (row: EntryRow, postings: readonly Posting[]): Entry => ({
  number: Number(row.number),
  kind: row.kind,
  at: Number(row.at),
  bookedAt: Number(row.booked_at),
  key: row.key ?? "",
  memo: row.memo ?? "",
  corrects: Number(row.corrects ?? 0),
  postings,
});

const selectPostings = async <Database>(
  db: Kysely<Database>,
  schema: string,
  numbers: string,
): Promise<Map<string, Posting[]>> => {
  const { rows } = await sql<Record<"entry" | "account" | "amount" | "balance", string>>`
    select p.entry::text, p.account::text, p.amount::text, p.balance_after::text as balance
    from ${sql.table(`${schema}.posting`)} as p
    where p.entry = any(${numbers}::text::int8[]) order by p.entry, p.index`.execute(db);
  return byEntry(rows, ({ account, amount, balance }) => ({
    account: Number(account),
    amount: BigInt(amount),
    balanceAfter: BigInt(balance),
  }));
};

const selectCaptures = async <Database>(
  db: Kysely<Database>,
  schema: string,
  numbers: string,
): Promise<Map<string, Capture[]>> => {
  const { rows } = await sql<Record<"entry" | "hold" | "amount", string>>`
    select c.entry::text, c.hold::text, c.amount::text
    from ${sql.table(`${schema}.capture`)} as c
    where c.entry = any(${numbers}::text::int8[]) order by c.entry, c.index`.execute(db);
  return byEntry(rows, ({ hold, amount }) => ({ hold: Number(hold), amount: BigInt(amount) }));
};

const byEntry = <Row extends { readonly entry: string }, Part>(
  rows: readonly Row[],
  partOf: (row: Row) => Part,
): Map<string, Part[]> => {
  const parts = new Map<string, Part[]>();
  for (const row of rows) {
    const those = parts.get(row.entry);
    if (those === undefined) parts.set(row.entry, [partOf(row)]);
    else those.push(partOf(row));
  }
  return parts;
};

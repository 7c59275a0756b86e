import { type Kysely, sql } from "kysely";
import type { EntryRounding, EntryType } from "../entry-type.ts";
import { invariant } from "../invariant.ts";
import { StoreFailure } from "./store-failure.ts";
import type { LedgerNumbers, LedgerTurn } from "./store-rows.ts";

/** Where the truth about a ledger is: in its own tables, or in a journal that they are copied from. */
export type LedgerAuthority = "posted_to" | "projected";

const FAILURES = {
  posted_to: "ledger_is_posted_to",
  projected: "ledger_is_projected",
} as const;

/**
 * Makes a ledger that nobody has written to what the caller needs it to be. Throws a `StoreFailure` if it is the other.
 *
 * Two who come first at once take turns on the row.
 */
export const claimLedger = async <Database>(
  db: Kysely<Database>,
  schema: string,
  authority: LedgerAuthority,
): Promise<void> => {
  const table = sql.table(`${schema}.ledger_authority`);
  await sql`
    insert into ${table} (authority, account, entry, sequence)
    values (${authority}::text, 0, 0, 0) on conflict (single) do nothing`.execute(db);
  const { rows } = await sql<{ authority: LedgerAuthority }>`
    select authority from ${table}`.execute(db);
  const [row] = rows;
  if (row !== undefined && row.authority !== authority) {
    throw new StoreFailure(FAILURES[row.authority]);
  }
};

type AuthorityRow = Readonly<Record<keyof LedgerNumbers, string>> & {
  readonly authority: LedgerAuthority;
  /** Rows as JSON. */
  readonly types: string;
};

/** How far the numbers have come. They are the caller's until its transaction ends. */
export const takeNumbers = async <Database>(
  db: Kysely<Database>,
  schema: string,
): Promise<LedgerTurn> => {
  const { rows } = await sql<AuthorityRow>`
    select authority, account::text, entry::text, sequence::text,
      (select json_agg(t)::text from ${sql.table(`${schema}.entry_type`)} as t) as types
    from ${sql.table(`${schema}.ledger_authority`)} for update`.execute(db);
  const [row] = rows;
  invariant(row !== undefined, "a ledger that is posted to has been claimed");
  if (row.authority === "projected") throw new StoreFailure("ledger_is_projected");
  const { account, entry, sequence, types } = row;
  return {
    account: Number(account),
    entry: Number(entry),
    sequence: Number(sequence),
    entryTypes: entryTypesOf(types),
  };
};

const entryTypesOf = (rows: string): EntryType[] => {
  const types: ({ kind: string } & EntryRounding)[] = JSON.parse(rows);
  return types.map(({ kind, ...rounding }) => ({ kind, rounding }));
};

/** Writes how far they have come now. */
export const putNumbers = async <Database>(
  db: Kysely<Database>,
  schema: string,
  { account, entry, sequence }: LedgerNumbers,
): Promise<void> => {
  await sql`
    update ${sql.table(`${schema}.ledger_authority`)}
    set account = ${account}::int8, entry = ${entry}::int8, sequence = ${sequence}::int8`.execute(
    db,
  );
};

/** How far the numbers of a ledger that is posted to have come; undefined for any other. */
export const postedNumbers = async <Database>(
  db: Kysely<Database>,
  schema: string,
): Promise<Pick<LedgerNumbers, "account" | "entry"> | undefined> => {
  const { rows } = await sql<Record<"account" | "entry", string>>`
    select account::text, entry::text from ${sql.table(`${schema}.ledger_authority`)}
    where authority = 'posted_to'`.execute(db);
  const [row] = rows;
  return row && { account: Number(row.account), entry: Number(row.entry) };
};

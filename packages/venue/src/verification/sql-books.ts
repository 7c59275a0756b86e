import {
  LedgerProjection,
  readBalances,
  readTrialBalance,
  type SchemaOption,
  type SqlBalance,
  schemaName,
} from "@pincex/ledger/sql";
import { type Kysely, sql } from "kysely";
import { readWithdrawals, type SqlWithdrawal } from "../projection/read-history.ts";

/** The SQL copy of a venue's books. */
export interface SqlBooksOptions<Database> {
  readonly db: Kysely<Database>;
  /** As the projection was told; each has the projection's default. */
  readonly schema?: string;
  readonly name?: string;
  readonly orders?: boolean;
}

/** What SQL says, all of one instant. */
export interface SqlBooks {
  /** Sequence number of the last command whose events are written. */
  readonly position: number;
  readonly balances: readonly SqlBalance[];
  /** Sum of all balances, by asset. */
  readonly trialBalance: ReadonlyMap<number, bigint>;
  /** Orders, trades and withdrawals of commands after this one are there, too; undefined if only the books are. */
  readonly historySince: number | undefined;
  /** Empty where only the books are. */
  readonly withdrawals: readonly SqlWithdrawal[];
}

export const readSqlBooks = <Database>({
  db,
  ...options
}: SqlBooksOptions<Database>): Promise<SqlBooks> =>
  db
    .withoutPlugins()
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute(async (transaction) => {
      const historySince = await readHistorySince(transaction, schemaName(options));
      return {
        position: await new LedgerProjection(transaction, options).position(),
        balances: await readBalances(transaction, options),
        trialBalance: await readTrialBalance(transaction, options),
        historySince,
        withdrawals: historySince === undefined ? [] : await withdrawalsIn(transaction, options),
      };
    });

const PAGE = 1_000;

const withdrawalsIn = async <Database>(
  db: Kysely<Database>,
  options: SchemaOption,
): Promise<SqlWithdrawal[]> => {
  const all: SqlWithdrawal[] = [];
  for (;;) {
    const oldest = all.at(-1)?.withdrawal;
    const before = oldest === undefined ? {} : { before: oldest };
    const page = await readWithdrawals(db, undefined, { ...options, ...before, limit: PAGE });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
};

/** As `venueProjection` keeps them; `ledgerProjection` has the books alone. */
const readHistorySince = async <Database>(
  db: Kysely<Database>,
  schema: string,
): Promise<number | undefined> => {
  const table = `${schema}.history_since`;
  const { rows: found } = await sql<{ oid: string | null }>`
    select to_regclass(${table}::text)::text as oid`.execute(db);
  if (found[0]?.oid === null) return undefined;
  const { rows } = await sql<{ sequence: string }>`
    select sequence::text from ${sql.table(table)}`.execute(db);
  return Number(rows[0]?.sequence ?? 0);
};

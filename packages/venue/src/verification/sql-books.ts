import {
  LedgerProjection,
  readBalances,
  readTrialBalance,
  type SqlBalance,
  schemaName,
} from "@pincex/ledger/sql";
import { type Kysely, sql } from "kysely";

/** The SQL copy of a venue's books. */
export interface SqlBooksOptions<Database> {
  readonly db: Kysely<Database>;
  /** As the projection was told; each has the projection's default. */
  readonly schema?: string;
  readonly name?: string;
}

/** What SQL says, all of one instant. */
export interface SqlBooks {
  /** Sequence number of the last command whose events are written. */
  readonly position: number;
  readonly balances: readonly SqlBalance[];
  /** Sum of all balances, by asset. */
  readonly trialBalance: ReadonlyMap<number, bigint>;
  /** Trades of commands after this one are there, too; undefined if only the books are. */
  readonly tradesSince: number | undefined;
}

export const readSqlBooks = <Database>({
  db,
  ...options
}: SqlBooksOptions<Database>): Promise<SqlBooks> =>
  db
    .withoutPlugins()
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute(async (transaction) => ({
      position: await new LedgerProjection(transaction, options).position(),
      balances: await readBalances(transaction, options),
      trialBalance: await readTrialBalance(transaction, options),
      tradesSince: await readTradesSince(transaction, schemaName(options)),
    }));

/** As `venueProjection` keeps them; `ledgerProjection` has the books alone. */
const readTradesSince = async <Database>(
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

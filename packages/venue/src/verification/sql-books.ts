import {
  LedgerProjection,
  readBalances,
  readTrialBalance,
  type SqlBalance,
} from "@pincex/ledger/sql";
import type { Kysely } from "kysely";

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
    }));

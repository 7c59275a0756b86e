// The books' durable copy in SQL: PostgreSQL 15 and later, and PGlite, through the same code.

export type { StatementLine } from "../statement-line.ts";
export {
  type HistoryOptions,
  type HistoryOrder,
  readBalanceAt,
  readStatement,
  type StatementOptions,
  type StatementPage,
} from "./account-history.ts";
export { numberArray, textArray } from "./array-literal.ts";
export { readBalances, readTrialBalance, type SqlBalance } from "./balances.ts";
export { type Columns, type ColumnValues, columnsOf, TEXT_COLUMNS } from "./columns.ts";
export { millisecondsOf, timeOf } from "./command-time.ts";
export { readBlocks } from "./ledger-blocks.ts";
export { LedgerCalls } from "./ledger-calls.ts";
export type { AccountBalance } from "./ledger-lookup.ts";
export {
  type DuringBatch,
  LedgerProjection,
  type LedgerProjectionOptions,
  ProjectionConflict,
} from "./ledger-projection.ts";
export { LedgerStore } from "./ledger-store.ts";
export { migrate } from "./migrate.ts";
export type { Migration } from "./migration.ts";
export { type MigrationSqlOptions, migrationSql } from "./migration-sql.ts";
export { type PgliteDatabase, pgliteDialect } from "./pglite-dialect.ts";
export { postgresDialect } from "./postgres-dialect.ts";
export type { PreparedBatch } from "./prepared-batch.ts";
export type {
  ProjectedAccount,
  ProjectedAsset,
  ProjectedEntry,
  ProjectedHeld,
  ProjectedStatus,
  ProjectionBatch,
} from "./projection-batch.ts";
export { type ReadEntriesOptions, readEntries, type SqlEntry } from "./read-entries.ts";
export { type SchemaOption, schemaName } from "./schema-name.ts";
export { applySteps, stepsSql } from "./schema-steps.ts";
export { STORE_FAILURES, StoreFailure, type StoreFailureCode } from "./store-failure.ts";
export type { HoldState, SqlHold } from "./store-rows.ts";
export type { AccountFinding, AccountHeads, RowHead } from "./verify-accounts.ts";
export type { HoldFinding } from "./verify-holds.ts";
export {
  type LedgerFinding,
  type LedgerVerification,
  type VerifyLedgerOptions,
  verifyLedger,
} from "./verify-ledger.ts";

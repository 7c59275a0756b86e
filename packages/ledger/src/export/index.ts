// Books on paper: trial balances, statements, and the formats that others read.

export type { StatementLine } from "../statement-line.ts";
export type { Stream } from "../stream.ts";
export {
  type AccountStatement,
  accountStatement,
  type StatementPeriod,
} from "./account-statement.ts";
export { type CamtStatement, type CamtStatementOptions, camtStatement } from "./camt-statement.ts";
export { CSV_COLUMNS, type CsvOptions, ledgerCsv } from "./csv.ts";
export { type EntryLine, ledgerJsonLines } from "./json-lines.ts";
export type {
  EntryTime,
  LedgerNames,
  ShownAccount,
  ShownAsset,
  ShownEntry,
  ShownPosting,
} from "./ledger-names.ts";
export {
  beancountJournal,
  hledgerJournal,
  type JournalOptions,
  journalAccount,
  journalCommodity,
} from "./plain-text-accounting.ts";
export {
  type AccountTotal,
  type AssetTotal,
  type TrialBalance,
  type TrialBalanceOptions,
  trialBalance,
} from "./trial-balance.ts";

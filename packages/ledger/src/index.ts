// Double-entry books in memory: what a venue applies for each trade, or a host for anything that moves money.

export {
  type Account,
  type AccountBound,
  type AccountKind,
  type AccountOpening,
  type AccountStatus,
  CHART_OF_ACCOUNTS,
  type ChartRow,
} from "./account.ts";
export {
  AMOUNT_LIMIT,
  DECIMALS_LIMIT,
  formatAmount,
  type ParsedAmount,
  parseAmount,
} from "./amount.ts";
export { apportion, type RemainderRule } from "./apportion.ts";
export {
  type AccountOpened,
  type Applied,
  Books,
  type BooksOptions,
  type Done,
  type Posted,
  type PostedLinked,
} from "./books.ts";
export {
  CAPTURES_LIMIT,
  type Capture,
  type Entry,
  type EntryRequest,
  LINKED_LIMIT,
  POSTINGS_LIMIT,
  type Posting,
  type PostingRequest,
} from "./entry.ts";
export {
  type CarriedByParties,
  type EntryRounding,
  type EntryType,
  type RoundedMove,
  roundFee,
  roundMove,
  TRADE,
} from "./entry-type.ts";
export type { Hold, HoldKind, HoldRequest } from "./hold.ts";
export { InvariantViolation } from "./invariant.ts";
export type { AccountFigures, Ledger } from "./ledger.ts";
export {
  accountOpenedLength,
  decodeAccountOpened,
  writeAccountOpened,
} from "./record/account-record.ts";
export { decodeEntry, eachPosting, entryLength, writeEntry } from "./record/entry-record.ts";
export { LedgerRecordKind, type RecordViews } from "./record/record-views.ts";
export { LEDGER_REFUSALS, type LedgerRefusalCode, type Refusal } from "./refusal.ts";
export { type ReversalTerms, reversalOf } from "./reversal.ts";
export { type RoundedPart, type RoundingDirection, roundNext } from "./rounding.ts";

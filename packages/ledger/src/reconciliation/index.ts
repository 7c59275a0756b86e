// Our books beside what others say: banks, wallets, payment providers.

export type { AccountStatement } from "../export/account-statement.ts";
export type { EntryTime, ShownEntry, ShownPosting } from "../export/ledger-names.ts";
export type { Stream } from "../stream.ts";
export {
  type CamtOptions,
  type CamtRefusalCode,
  type ReadCamt,
  readCamt053,
} from "./camt-reader.ts";
export type { OutsideLine, OutsideStatement } from "./outside-statement.ts";
export {
  type AgeingBucket,
  custodyLines,
  type OurLine,
  type ReconciledLine,
  type ReconcileOptions,
  type Reconciliation,
  reconcile,
} from "./reconcile.ts";
export {
  type BalanceSnapshot,
  type ReconcileBalancesOptions,
  type ReconciledBalance,
  reconcileBalances,
  type WalletAccounts,
} from "./reconcile-balances.ts";

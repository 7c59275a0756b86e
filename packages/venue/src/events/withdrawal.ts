import type { RecordViews, RecordWriter } from "@pincex/engine";
import { VenueEventKind } from "./event-record.ts";
import { rowReader, writeRow } from "./event-row.ts";

/** What an account wants to send out is reserved. */
export interface WithdrawalHeld {
  readonly kind: "withdrawal_held";
  /** The sequence number of the command that reserved it names it. */
  readonly withdrawal: number;
  readonly account: number;
  readonly asset: number;
  /** What leaves the account, in smallest units, the fee included. */
  readonly amount: bigint;
  readonly fee: bigint;
  /** Where it goes. */
  readonly reference: string;
  /** The ledger's number of the account's balance in the asset. */
  readonly ledgerAccount: number;
  /** What orders and withdrawals of the account reserve of this asset now. */
  readonly total: bigint;
}

/** A withdrawal has left custody, or does not happen. The entry of one that has left stands before it. */
export interface WithdrawalEnded {
  readonly kind: "withdrawal_ended";
  readonly withdrawal: number;
  readonly account: number;
  readonly outcome: "settled" | "released";
  /** The transaction's id, or why it does not happen. */
  readonly reference: string;
  readonly ledgerAccount: number;
  readonly total: bigint;
}

export const writeWithdrawalHeld = (
  out: RecordWriter,
  event: Omit<WithdrawalHeld, "kind">,
): void => {
  const { withdrawal, account, asset, amount, fee, reference, ledgerAccount, total } = event;
  const fields = [withdrawal, account, asset, amount, fee, reference, ledgerAccount, total];
  writeRow(out, VenueEventKind.withdrawalHeld, fields);
};

export const readWithdrawalHeld = (views: RecordViews, offset: number): WithdrawalHeld => {
  const reader = rowReader(views, offset);
  return {
    kind: "withdrawal_held",
    withdrawal: reader.number(),
    account: reader.number(),
    asset: reader.number(),
    amount: reader.amount(),
    fee: reader.amount(),
    reference: reader.text(),
    ledgerAccount: reader.number(),
    total: reader.amount(),
  };
};

export const writeWithdrawalEnded = (
  out: RecordWriter,
  event: Omit<WithdrawalEnded, "kind">,
): void => {
  const { withdrawal, account, outcome, reference, ledgerAccount, total } = event;
  const isSettled = outcome === "settled" ? 1 : 0;
  const fields = [withdrawal, account, isSettled, reference, ledgerAccount, total];
  writeRow(out, VenueEventKind.withdrawalEnded, fields);
};

export const readWithdrawalEnded = (views: RecordViews, offset: number): WithdrawalEnded => {
  const reader = rowReader(views, offset);
  return {
    kind: "withdrawal_ended",
    withdrawal: reader.number(),
    account: reader.number(),
    outcome: reader.flag() ? "settled" : "released",
    reference: reader.text(),
    ledgerAccount: reader.number(),
    total: reader.amount(),
  };
};

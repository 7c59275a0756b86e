import { type RecordViews, type RecordWriter, writeHeader } from "@pincex/engine";
import { AMOUNT_BYTES, readAmount, writeAmount } from "../record/amount-field.ts";
import { EVENT_VERSION, VenueEventKind } from "./event-record.ts";

/**
 * What an order reserves has changed: at its entry, at each fill, when it needs more or less, at its end. Of a pair that
 * reserves once it is told of the first one, also when only the second one is left.
 */
export interface Held {
  readonly kind: "held";
  /** The ledger's number of the account's balance in the asset. */
  readonly ledgerAccount: number;
  readonly account: number;
  readonly asset: number;
  readonly orderId: number;
  /** What the order reserves now, in smallest units; 0 once it is done. */
  readonly amount: bigint;
  /** What orders and withdrawals of the account reserve of this asset now. */
  readonly total: bigint;
}

const LENGTH = 24 + 2 * AMOUNT_BYTES;

export const writeHeld = (
  out: RecordWriter,
  ledgerAccount: number,
  account: number,
  asset: number,
  orderId: number,
  amount: bigint,
  total: bigint,
): void => {
  const offset = out.reserve(LENGTH);
  const { views } = out;
  writeHeader(views, offset, VenueEventKind.held, EVENT_VERSION, LENGTH, account);
  views.i32[(offset + 8) >> 2] = ledgerAccount;
  views.i32[(offset + 12) >> 2] = asset;
  views.f64[(offset + 16) >> 3] = orderId;
  writeAmount(views, offset + 24, amount);
  writeAmount(views, offset + 24 + AMOUNT_BYTES, total);
};

export const readHeld = (views: RecordViews, offset: number): Held => ({
  kind: "held",
  ledgerAccount: views.i32[(offset + 8) >> 2] ?? 0,
  account: views.i32[(offset + 4) >> 2] ?? 0,
  asset: views.i32[(offset + 12) >> 2] ?? 0,
  orderId: views.f64[(offset + 16) >> 3] ?? 0,
  amount: readAmount(views, offset + 24),
  total: readAmount(views, offset + 24 + AMOUNT_BYTES),
});

import { type RecordViews, type RecordWriter, writeHeader } from "@pincex/engine";
import { AMOUNT_BYTES, readAmount, writeAmount } from "../record/amount-field.ts";
import { EVENT_VERSION, VenueEventKind } from "./event-record.ts";

/** A trade is in the books. It stands after the trade and its entry. */
export interface TradeSettled {
  readonly kind: "trade_settled";
  readonly market: number;
  readonly tradeId: number;
  /** The number of the ledger's entry. */
  readonly entry: number;
  /** What the maker paid of what it received, in smallest units. */
  readonly makerFee: bigint;
  readonly makerFeeAsset: number;
  readonly takerFee: bigint;
  readonly takerFeeAsset: number;
}

const LENGTH = 32 + 2 * AMOUNT_BYTES;

export const writeTradeSettled = (
  out: RecordWriter,
  market: number,
  tradeId: number,
  entry: number,
  makerFee: bigint,
  makerFeeAsset: number,
  takerFee: bigint,
  takerFeeAsset: number,
): void => {
  const offset = out.reserve(LENGTH);
  const { views } = out;
  writeHeader(views, offset, VenueEventKind.tradeSettled, EVENT_VERSION, LENGTH, market);
  views.f64[(offset + 8) >> 3] = tradeId;
  views.f64[(offset + 16) >> 3] = entry;
  views.i32[(offset + 24) >> 2] = makerFeeAsset;
  views.i32[(offset + 28) >> 2] = takerFeeAsset;
  writeAmount(views, offset + 32, makerFee);
  writeAmount(views, offset + 32 + AMOUNT_BYTES, takerFee);
};

export const readTradeSettled = (views: RecordViews, offset: number): TradeSettled => ({
  kind: "trade_settled",
  market: views.i32[(offset + 4) >> 2] ?? 0,
  tradeId: views.f64[(offset + 8) >> 3] ?? 0,
  entry: views.f64[(offset + 16) >> 3] ?? 0,
  makerFee: readAmount(views, offset + 32),
  makerFeeAsset: views.i32[(offset + 24) >> 2] ?? 0,
  takerFee: readAmount(views, offset + 32 + AMOUNT_BYTES),
  takerFeeAsset: views.i32[(offset + 28) >> 2] ?? 0,
});

import type { RecordViews, RecordWriter } from "@pincex/engine";
import { VenueEventKind } from "./event-record.ts";
import { rowReader, writeRow } from "./event-row.ts";

/** A trade was taken back. The entry that reverses its own stands before it. */
export interface TradeBusted {
  readonly kind: "trade_busted";
  readonly market: number;
  readonly tradeId: number;
  /** The account that bought. */
  readonly buyer: number;
  /** The account that sold. */
  readonly seller: number;
  /** Ticks. */
  readonly price: number;
  /** Lots. */
  readonly quantity: number;
  /** The number of the ledger's entry that reverses the trade's. */
  readonly entry: number;
}

export const writeTradeBusted = (out: RecordWriter, event: Omit<TradeBusted, "kind">): void => {
  const { market, tradeId, buyer, seller, price, quantity, entry } = event;
  const fields = [market, tradeId, buyer, seller, price, quantity, entry];
  writeRow(out, VenueEventKind.tradeBusted, fields);
};

export const readTradeBusted = (views: RecordViews, offset: number): TradeBusted => {
  const reader = rowReader(views, offset);
  return {
    kind: "trade_busted",
    market: reader.number(),
    tradeId: reader.number(),
    buyer: reader.number(),
    seller: reader.number(),
    price: reader.number(),
    quantity: reader.number(),
    entry: reader.number(),
  };
};

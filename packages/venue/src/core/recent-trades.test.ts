import { recordViews } from "@pincex/engine";
import { expect, test } from "vitest";
import { FieldWriter } from "../record/field-writer.ts";
import { FieldReader } from "../record/fields.ts";
import { RecentTrades, type SettledTrade, TRADES_RETAINED } from "./recent-trades.ts";

const trade = (tradeId: number): SettledTrade => ({
  tradeId,
  market: 1 + (tradeId % 7),
  price: 100 + (tradeId % 1_000),
  quantity: tradeId * 3,
  entry: tradeId * 2,
  buyerQuote: 11,
  sellerQuote: 12,
  buyerBase: 13,
  sellerBase: 14,
  buyerFee: BigInt(tradeId) << 60n,
  sellerFee: -BigInt(tradeId),
  buyerPaysInQuote: tradeId % 2 === 0,
});

const restored = (trades: RecentTrades): RecentTrades => {
  const writer = new FieldWriter();
  trades.write(writer);
  const bytes = writer.finished();
  return RecentTrades.read(new FieldReader(recordViews(bytes), 0, bytes.length));
};

test("the last 65,536 trades are known as they were, and none before them, also after a restart", () => {
  const trades = new RecentTrades();
  const last = TRADES_RETAINED + 5_000;
  for (let tradeId = 1; tradeId <= last; tradeId++) trades.add(trade(tradeId));
  const oldest = last - TRADES_RETAINED + 1;
  trades.markBusted(oldest + 1);
  for (const known of [trades, restored(trades)]) {
    expect(known.get(oldest - 1)).toBeUndefined();
    expect(known.get(last + 1)).toBeUndefined();
    for (let tradeId = oldest; tradeId <= last; tradeId += 501) {
      expect(known.get(tradeId)).toEqual(trade(tradeId));
      expect(known.isBusted(tradeId)).toBe(false);
    }
    expect(known.get(last)).toEqual(trade(last));
    expect(known.isBusted(oldest + 1)).toBe(true);
    expect(known.get(oldest + 1)).toEqual(trade(oldest + 1));
  }
});

test("a ring that has grown in the middle forgets nothing", () => {
  const trades = new RecentTrades();
  // Not a power of two, nor the first.
  for (let tradeId = 700; tradeId <= 3_000; tradeId++) {
    trades.add(trade(tradeId));
    if (tradeId % 97 === 0) expect(trades.get(700)).toEqual(trade(700));
  }
  const again = restored(trades);
  for (let tradeId = 3_001; tradeId <= 5_000; tradeId++) again.add(trade(tradeId));
  for (let tradeId = 700; tradeId <= 5_000; tradeId++) {
    expect(again.get(tradeId)).toEqual(trade(tradeId));
  }
});

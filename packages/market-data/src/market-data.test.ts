import type { VenueCommand } from "@pincex/venue";
import { describe, expect, test } from "vitest";
import { MarketData } from "./market-data.ts";
import { ALICE, BOB, MARKETS, SmallVenue } from "./testing/small-venue.ts";

const NOON = Date.UTC(2026, 10, 24, 12);
const MINUTE = 60_000;
const [FIRST, SECOND] = MARKETS;
const { order } = SmallVenue;

/** Market data of a small venue, and everything that its listeners hear. */
const listening = () => {
  const marketData = new MarketData();
  const heard: unknown[] = [];
  const venue = new SmallVenue(marketData, NOON);
  for (const event of ["trade", "book", "quotes", "ticker"] as const) {
    marketData.on(event, (...told: unknown[]) => heard.push([event, ...told]));
  }
  return { marketData, venue, heard };
};

describe("market data of a venue", () => {
  test("knows its markets from their listing on, and where the venue stands", () => {
    const { marketData } = listening();
    expect([marketData.markets(), marketData.sequence, marketData.time]).toEqual([
      [FIRST, SECOND],
      10,
      NOON,
    ]);
    expect(marketData.book(FIRST)).toEqual({ updateId: 0, bids: [], asks: [] });
    expect(() => marketData.book(9)).toThrow(new RangeError("expected a listed market, was 9"));
  });

  test("tells a batch as a whole: trades first, then each market's book, quotes and ticker", () => {
    const { marketData, venue, heard } = listening();
    venue.batch(NOON + 1, [
      order(ALICE, "sell", 101, 5),
      order(ALICE, "sell", 102, 5),
      order(BOB, "buy", 101, 2),
      order(BOB, "buy", 90, 1, SECOND),
    ]);
    const trade = {
      market: FIRST,
      tradeId: 1,
      price: 101,
      quantity: 2,
      takerSide: "buy",
      at: NOON + 1,
    };
    const nothing = { price: 0, quantity: 0 };
    expect(heard).toEqual([
      ["trade", trade],
      [
        "book",
        {
          market: FIRST,
          at: NOON + 1,
          previousUpdateId: 0,
          firstUpdateId: 1,
          lastUpdateId: 3,
          bids: [],
          asks: [
            [101, 3],
            [102, 5],
          ],
          checksum: marketData.checksum(FIRST),
        },
      ],
      [
        "quotes",
        {
          market: FIRST,
          updateId: 3,
          previousUpdateId: 0,
          bid: nothing,
          ask: { price: 101, quantity: 3 },
        },
      ],
      ["ticker", expect.objectContaining({ market: FIRST, last: 101, volume: 2 })],
      [
        "book",
        {
          market: SECOND,
          at: NOON + 1,
          previousUpdateId: 0,
          firstUpdateId: 1,
          lastUpdateId: 1,
          bids: [[90, 1]],
          asks: [],
          checksum: marketData.checksum(SECOND),
        },
      ],
      [
        "quotes",
        {
          market: SECOND,
          updateId: 1,
          previousUpdateId: 0,
          bid: { price: 90, quantity: 1 },
          ask: nothing,
        },
      ],
      ["ticker", expect.objectContaining({ market: SECOND, last: 0 })],
    ]);
  });

  test("does not tell quotes that did not move", () => {
    const { venue, heard } = listening();
    venue.batch(NOON, [order(ALICE, "sell", 101, 5)]);
    heard.length = 0;
    venue.batch(NOON, [order(ALICE, "sell", 102, 5)]);
    expect(heard.map((told) => (told as [string])[0])).toEqual(["book"]);
  });

  test("tells a candle as it stands, and once more when time has passed its end, whoever's command it was", () => {
    const { marketData, venue } = listening();
    const minutes: unknown[] = [];
    marketData.on("candle", ({ interval, candle, ended }) => {
      if (interval === "1m") minutes.push([candle.openTime, candle.close, candle.trades, ended]);
    });
    venue.batch(NOON + 1, [order(ALICE, "sell", 101, 5), order(BOB, "buy", 101, 2)]);
    venue.batch(NOON + 2, [order(BOB, "buy", 101, 1)]);
    venue.batch(NOON + MINUTE - 1, [order(BOB, "buy", 90, 1, SECOND)]);
    expect(minutes).toEqual([
      [NOON, 101, 1, false],
      [NOON, 101, 2, false],
    ]);
    venue.batch(NOON + MINUTE, [order(BOB, "buy", 90, 1, SECOND)]);
    venue.batch(NOON + 3 * MINUTE, [order(BOB, "buy", 90, 1, SECOND)]);
    expect(minutes.slice(2)).toEqual([[NOON, 101, 2, true]]);
    expect(marketData.candles(FIRST, "1m").map(({ close, volume }) => [close, volume])).toEqual([
      [101, 3],
      [101, 0],
      [101, 0],
      [101, 0],
    ]);
  });

  test("tells what an auction would do, and no more once it has opened", () => {
    const { marketData, venue } = listening();
    const told: unknown[] = [];
    marketData.on("indicative", ({ at: _, ...indicative }) => told.push(indicative));
    const phase = (name: "auction" | "open"): VenueCommand => ({
      kind: "market_command",
      request: { kind: "set_phase", market: FIRST, phase: name },
    });
    venue.batch(NOON + 1, [phase("auction"), order(ALICE, "sell", 100, 5)]);
    venue.batch(NOON + 2, [order(BOB, "buy", 102, 2), order(BOB, "buy", 101, 1)]);
    expect(told).toEqual([{ market: FIRST, price: 100, quantity: 3, surplus: -2 }]);
    expect(marketData.indicative(FIRST)).toMatchObject({ at: NOON + 2, quantity: 3 });
    venue.batch(NOON + 3, [phase("open")]);
    expect(marketData.indicative(FIRST)).toBeUndefined();
    expect(marketData.trades(FIRST).map(({ price, quantity }) => [price, quantity])).toEqual([
      [100, 2],
      [100, 1],
    ]);
    expect(marketData.calendarTicker(FIRST, "1d")).toMatchObject({ volume: 3, quoteVolume: 300n });
  });

  test("takes back what the venue takes back: tells it, then each candle that counted it", () => {
    const { marketData, venue, heard } = listening();
    marketData.on("bust", ({ trade, at }) => heard.push(["bust", trade.tradeId, at]));
    marketData.on("candle", ({ interval, candle, ended }) => {
      if (interval === "1m") heard.push(["candle", candle.volume, candle.high, ended]);
    });
    venue.batch(NOON + 1, [order(ALICE, "sell", 101, 5), order(BOB, "buy", 101, 2)]);
    venue.batch(NOON + 2, [order(ALICE, "sell", 999, 1), order(BOB, "buy", 999, 4)]);
    venue.batch(NOON + MINUTE, []);
    heard.length = 0;
    venue.batch(NOON + MINUTE, [
      { kind: "bust_trade", market: FIRST, tradeId: 3, reference: "a slip of the finger" },
    ]);
    expect(heard).toEqual([
      ["candle", 6, 999, true],
      ["bust", 3, NOON + MINUTE],
      ["candle", 5, 101, true],
      ["ticker", expect.objectContaining({ volume: 5, high: 101, last: 101, lastQuantity: 3 })],
    ]);
    expect(marketData.trades(FIRST).map(({ tradeId, busted }) => [tradeId, busted])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, true],
    ]);
    venue.batch(NOON + MINUTE, [
      { kind: "bust_trade", market: FIRST, tradeId: 3, reference: "again" },
    ]);
    expect(heard.length).toBe(4);
  });

  test("restored from its snapshot answers as before, and numbers updates on from there", () => {
    const { marketData, venue } = listening();
    venue.batch(NOON + 1, [order(ALICE, "sell", 101, 5), order(BOB, "buy", 101, 2)]);
    venue.batch(NOON + 2 * MINUTE, [
      order(ALICE, "sell", 99, 1),
      order(BOB, "buy", 100, 4, SECOND),
    ]);
    const restored = new MarketData();
    restored.restore(marketData.snapshot());
    expect(restored.snapshot()).toEqual(marketData.snapshot());
    expect([restored.sequence, restored.time]).toEqual([marketData.sequence, marketData.time]);
    for (const market of MARKETS) {
      expect(restored.trades(market)).toEqual(marketData.trades(market));
      expect(restored.book(market)).toEqual(marketData.book(market));
      expect(restored.candles(market, "1m")).toEqual(marketData.candles(market, "1m"));
      expect(restored.ticker(market)).toEqual(marketData.ticker(market));
    }
  });

  test("refuses what is not a whole snapshot of its own", () => {
    const { marketData, venue } = listening();
    venue.batch(NOON + 1, [order(ALICE, "sell", 101, 5), order(BOB, "buy", 101, 2)]);
    const snapshot = marketData.snapshot();
    const restored = new MarketData();
    expect(() => restored.restore(snapshot.subarray(0, snapshot.length - 8))).toThrow(RangeError);
    expect(() => restored.restore(snapshot.subarray(3))).toThrow(RangeError);
    expect(() => restored.restore(new Uint8Array([...snapshot, ...new Uint8Array(8)]))).toThrow(
      RangeError,
    );
    const otherVersion = new Uint8Array(snapshot);
    new DataView(otherVersion.buffer).setFloat64(0, 1, true);
    expect(() => restored.restore(otherVersion)).toThrow(
      new RangeError("expected market data version 3, was 1"),
    );
    expect(restored.markets()).toEqual([]);
  });
});

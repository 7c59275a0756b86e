import { describe, expect, test } from "vitest";
import { binanceMessages } from "./binance-messages.ts";
import { krakenMessages } from "./kraken-messages.ts";
import { bigUnitsOf, unitsOf } from "./source-units.ts";

describe("decimals become whole units exactly", () => {
  test.each([
    ["61837.63000000", 2, 6183763],
    ["0.00000001", 8, 1],
    [1e-8, 8, 1],
    [45283.5, 1, 452835],
    [0.1, 8, 10_000_000],
    [1e21, 0, undefined],
    ["90071992.54740992", 8, undefined],
    ["0.005", 2, undefined],
    ["-1", 2, undefined],
    ["1,5", 2, undefined],
    ["", 2, undefined],
    [Number.NaN, 2, undefined],
    [undefined, 2, undefined],
  ])("%s with %i decimals: %s", (value, decimals, units) => {
    expect(unitsOf(value, decimals)).toBe(units);
  });

  test("of any size, where a bigint counts them", () => {
    expect(bigUnitsOf(1e21, 2)).toBe(10n ** 23n);
    expect(bigUnitsOf("100000000.00000000", 8)).toBe(10n ** 16n);
  });
});

describe("Binance's messages", () => {
  const read = binanceMessages({ symbol: "BTCUSDT", priceDecimals: 2, quantityDecimals: 5 });

  test("of a trade, by either side", () => {
    const told = { e: "trade", s: "BTCUSDT", t: 7, p: "61837.63", q: "0.02", T: 1_723_161_255_342 };
    const trade = { kind: "trade", tradeId: 7, price: 6183763, quantity: 2000, at: told.T };
    expect(read({ ...told, m: true })).toEqual([{ ...trade, takerSide: "sell" }]);
    expect(read({ stream: "btcusdt@trade", data: { ...told, m: false } })).toEqual([
      { ...trade, takerSide: "buy" },
    ]);
  });

  test("of a kline", () => {
    const k = {
      ...{ t: 60_000, T: 119_999, i: "1m", f: 100, L: 101, n: 2, x: false },
      ...{ o: "10.00", h: "12.00", l: "9.50", c: "12.00", v: "3", q: "34.50", V: "1", Q: "12" },
    };
    const candle = {
      ...{ openTime: 60_000, closeTime: 119_999, open: 1000, high: 1200, low: 950, close: 1200 },
      ...{ volume: 300_000, quoteVolume: 345_000_000n, trades: 2, firstTradeId: 100 },
      ...{ takerBuyVolume: 100_000, takerBuyQuoteVolume: 120_000_000n, lastTradeId: 101 },
    };
    expect(read({ e: "kline", s: "BTCUSDT", k })).toEqual([
      { kind: "candle", interval: "1m", ended: false, candle },
    ]);
    expect(read({ e: "kline", s: "BTCUSDT", k: { ...k, i: "7m" } })).toEqual([]);
    expect(read({ e: "kline", s: "BTCUSDT", k: { ...k, f: -1, L: -1 } })).toMatchObject([
      { candle: { firstTradeId: 0, lastTradeId: 0 } },
    ]);
  });

  test("of others and of none are nothing", () => {
    const trade = { e: "trade", t: 7, p: "1", q: "1", T: 1, m: true };
    for (const message of [
      { ...trade, s: "ETHUSDT" },
      { e: "aggTrade", s: "BTCUSDT" },
      { result: null, id: 1 },
      null,
      "pong",
      [],
    ]) {
      expect(read(message)).toEqual([]);
    }
  });

  test("that make no sense are a fault, which names the field and its rule", () => {
    const update = { e: "depthUpdate", s: "BTCUSDT", U: 1, u: 2, b: [], a: [] };
    const units = "a decimal from 0 on with at most 5 decimal places";
    for (const [broken, field, rule] of [
      [{ U: "1" }, "U", "a whole number from 0 to 2^53 - 1"],
      [{ b: {} }, "b", "a list of price levels"],
      [{ b: [["1", "1"], 5] }, "b.1", "a price level"],
      [{ a: [["1.00", "0.0000001"]] }, "a.0.1", units],
    ] as const) {
      expect(read({ ...update, ...broken })).toEqual([
        { kind: "fault", code: "field_malformed", field, rule },
      ]);
    }
  });
});

describe("Kraken's messages", () => {
  const read = krakenMessages({ symbol: "MATIC/USD", priceDecimals: 4, quantityDecimals: 8 });

  test("of the second version: the book and its trades", () => {
    const data = [
      {
        symbol: "MATIC/USD",
        bids: [{ price: 0.5666, qty: 4831.75496356 }],
        asks: [{ price: 0.5668, qty: 4410.79769741 }],
        checksum: 2_439_117_997,
      },
      { symbol: "ALGO/USD" },
    ];
    const book = {
      bids: [[5666n, 483175496356n]],
      asks: [[5668n, 441079769741n]],
      checksum: 2_439_117_997,
    };
    expect(read({ channel: "book", type: "snapshot", data })).toEqual([
      { kind: "book_snapshot", lastUpdateId: 0, ...book },
    ]);
    expect(read({ channel: "book", type: "update", data })).toEqual([
      { kind: "book_update", firstUpdateId: 0, lastUpdateId: 0, ...book },
    ]);
    const trade = {
      ...{ symbol: "MATIC/USD", side: "sell", price: 0.5117, qty: 40, ord_type: "market" },
      ...{ trade_id: 4_665_906, timestamp: "2023-09-25T07:49:37.708706Z" },
    };
    expect(read({ channel: "trade", type: "update", data: [trade] })).toEqual([
      {
        kind: "trade",
        tradeId: 4_665_906,
        price: 5117,
        quantity: 4_000_000_000,
        takerSide: "sell",
        at: Date.UTC(2023, 8, 25, 7, 49, 37, 708),
      },
    ]);
  });

  test("of the first version: an update of both sides comes in two parts", () => {
    expect(
      read([
        1920,
        { a: [["0.0430", "1.00000000", "1618678145.920470"]] },
        { b: [["0.0429", "0.00000000", "1618678145.920708"]], c: "4105471083" },
        "book-1000",
        "MATIC/USD",
      ]),
    ).toEqual([
      {
        kind: "book_update",
        firstUpdateId: 0,
        lastUpdateId: 0,
        asks: [[430n, 100_000_000n]],
        bids: [[429n, 0n]],
        checksum: 4_105_471_083,
      },
    ]);
  });

  test("of no sense are a fault", () => {
    const trade = {
      symbol: "MATIC/USD",
      side: "up",
      price: 1,
      qty: 1,
      trade_id: 1,
      timestamp: "?",
    };
    const faultOf = (row: object) => read({ channel: "trade", type: "update", data: [row] });
    expect(faultOf(trade)).toMatchObject([{ field: "side", rule: "buy or sell" }]);
    expect(faultOf({ ...trade, side: "buy" })).toMatchObject([{ field: "timestamp" }]);
    expect(read([1, { b: [["1", "1"]] }, "book-1000", "MATIC/USD"])).toMatchObject([
      { kind: "fault", field: "c" },
    ]);
    expect(read({ channel: "heartbeat" })).toEqual([]);
  });
});

import { expect, test } from "vitest";
import { binanceMessages } from "./binance-messages.ts";
import { FollowedMarket } from "./followed-market.ts";
import { RecordedSource } from "./testing/recorded-source.ts";

const NOON = Date.UTC(2026, 10, 24, 12);

const following = () => {
  const source = new RecordedSource(
    "binance",
    { symbol: "BTCUSDT", priceDecimals: 2, quantityDecimals: 5 },
    { continuity: "contiguous" },
    binanceMessages,
  );
  const heard: unknown[] = [];
  const market = new FollowedMarket(source, {
    resync: (reason) => heard.push(reason),
    fault: ({ field }) => heard.push(field),
  });
  const tell = (at: number, message: object) => source.tell({ at, message });
  return { source, market, heard, tell };
};

const snapshot = { lastUpdateId: 5, bids: [["100.00", "1"]], asks: [["100.01", "2"]] };
const trade = (t: number, p: string, T: number) => ({
  ...{ e: "trade", s: "BTCUSDT", q: "1", m: false },
  ...{ t, p, T },
});

test("quotes the middle of a live book, in decimals as asked for, rounded down", () => {
  const { market, tell } = following();
  expect(market.quotation(3)).toBeUndefined();
  tell(NOON, snapshot);
  expect(market.quotation(3)).toEqual({ source: "binance", price: 100_005, at: NOON });
  expect(market.quotation(2)).toEqual({ source: "binance", price: 10_000, at: NOON });
  tell(NOON + 1, { e: "depthUpdate", s: "BTCUSDT", U: 6, u: 6, b: [], a: [["100.01", "0"]] });
  expect(market.quotation(2)).toBeUndefined();
});

test("counts candles from the trades, also where these are not quite in the order of time", () => {
  const { market, tell } = following();
  tell(NOON, trade(1, "100.00", NOON));
  tell(NOON, trade(2, "101.00", NOON + 60_000));
  tell(NOON, trade(3, "99.00", NOON + 59_999));
  expect(market.candles("1m").map(({ open, close, trades }) => [open, close, trades])).toEqual([
    [10_000, 10_000, 1],
    [10_100, 9_900, 2],
  ]);
  expect(market.lastTrade).toMatchObject({ tradeId: 3, price: 9_900 });
  const k = {
    ...{ t: NOON, T: NOON + 59_999, i: "1m", f: 1, L: 1, n: 1, x: true },
    ...{ o: "100", h: "100", l: "100", c: "100", v: "1", q: "100", V: "1", Q: "100" },
  };
  tell(NOON, { e: "kline", s: "BTCUSDT", k });
  expect(market.ownCandle("1m")).toEqual(market.candles("1m")[0]);
});

test("asks for a new snapshot when the connection broke, and passes over what makes no sense", () => {
  const { market, source, heard, tell } = following();
  tell(NOON, snapshot);
  tell(NOON, { e: "depthUpdate", s: "BTCUSDT", U: 6, u: "six", b: [], a: [] });
  expect([market.isLive, heard]).toEqual([true, ["u"]]);
  source.lose(NOON + 1);
  expect([market.isLive, heard, source.resyncs]).toEqual([false, ["u", "connection_lost"], 1]);
  tell(NOON + 2, snapshot);
  expect(market.isLive).toBe(true);
  market.close();
  tell(NOON + 3, trade(1, "100.00", NOON));
  expect(market.lastTrade).toBeUndefined();
});

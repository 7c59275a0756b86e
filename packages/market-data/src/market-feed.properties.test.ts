import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CANDLE_INTERVALS } from "./interval.ts";
import { MarketFeed } from "./market-feed.ts";
import type { PublicTrade } from "./public-trade.ts";
import {
  lengthOf,
  naiveCandle,
  naiveCandles,
  naiveTradedCandles,
} from "./testing/naive-candles.ts";
import { tradeEvent } from "./testing/trade-event.ts";
import { tradeLog } from "./testing/trade-log.ts";

const DAY = 24 * 60 * 60_000;
const timeAfter: fc.Arbitrary<number> = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 120_000 }),
  fc.integer({ min: 0, max: 2 * DAY }),
);

const followed = (log: readonly PublicTrade[]): MarketFeed => {
  const feed = new MarketFeed(1);
  for (const trade of log) feed.apply(tradeEvent(trade), trade.at);
  return feed;
};

describe("for any trades", () => {
  test("the candles served at every interval are those counted from the trade log", () => {
    fc.assert(
      fc.property(tradeLog, timeAfter, (log, after) => {
        const feed = followed(log);
        const now = feed.time + after;
        for (const interval of CANDLE_INTERVALS) {
          const newest = naiveCandles(log, interval, now, now - 50 * lengthOf(interval));
          const limit = Math.max(1, newest.length);
          expect(feed.candles(interval, { limit, now }), interval).toEqual(newest);
        }
      }),
    );
  });

  test("a range of candles is that range of all candles", () => {
    fc.assert(
      fc.property(
        tradeLog.filter((log) => log.length > 0),
        // Shorter ones would make the naive list of a log that spans years too long.
        fc.constantFrom(...(["1h", "4h", "1d", "3d", "1w", "1M"] as const)),
        fc.double({ min: -0.1, max: 1.1, noNaN: true }),
        fc.double({ min: -0.1, max: 1.1, noNaN: true }),
        fc.integer({ min: 1, max: 40 }),
        (log, interval, fromShare, toShare, limit) => {
          const feed = followed(log);
          const first = (log[0] as PublicTrade).at;
          const moment = (share: number) => Math.round(first + share * (feed.time - first));
          const [from, to] = [moment(fromShare), moment(toShare)];
          const all = naiveCandles(log, interval, feed.time);
          const between = all.filter(({ openTime }) => openTime >= from && openTime <= to);
          const until = all.filter(({ openTime }) => openTime <= to);
          expect(feed.candles(interval, { from, to, limit })).toEqual(between.slice(0, limit));
          expect(feed.candles(interval, { to, limit })).toEqual(until.slice(-limit));
        },
      ),
    );
  });

  test("the ticker is that of the trades in the 1,440 minutes up to now", () => {
    fc.assert(
      fc.property(tradeLog, timeAfter, (log, after) => {
        const feed = followed(log);
        const now = feed.time + after;
        const from = Math.floor(now / 60_000) * 60_000 - 1_439 * 60_000;
        const window = log.filter((trade) => trade.at >= from);
        const before = log.filter((trade) => trade.at < from).at(-1)?.price ?? 0;
        const { open, high, low, close, volume, quoteVolume, trades, firstTradeId, lastTradeId } =
          naiveCandle(from, now, window, before);
        expect(feed.ticker(now)).toEqual({
          market: 1,
          openTime: from,
          closeTime: now,
          open,
          high,
          low,
          last: close,
          lastQuantity: log.at(-1)?.quantity ?? 0,
          previousClose: before,
          volume,
          quoteVolume,
          trades,
          firstTradeId,
          lastTradeId,
          bid: { price: 0, quantity: 0 },
          ask: { price: 0, quantity: 0 },
        });
      }),
    );
  });

  test("every candle with a trade is told ended exactly once, as it is served", () => {
    fc.assert(
      fc.property(tradeLog, (log) => {
        const told = new Map<string, unknown[]>();
        const feed = new MarketFeed(1, {
          candleEnded: (interval, candle) => {
            told.set(interval, [...(told.get(interval) ?? []), candle]);
          },
        });
        for (const trade of log) feed.apply(tradeEvent(trade), trade.at);
        const now = feed.time + 40 * DAY;
        feed.advance(now);
        for (const interval of CANDLE_INTERVALS) {
          expect(told.get(interval) ?? [], interval).toEqual(naiveTradedCandles(log, interval));
        }
      }),
    );
  });

  test("a feed restored from its state answers as before, and follows what comes as before", () => {
    fc.assert(
      fc.property(tradeLog, fc.nat(120), (log, cut) => {
        const whole = followed(log);
        const early = followed(log.slice(0, cut));
        const restored = MarketFeed.restored(early.state());
        expect(restored.state()).toEqual(early.state());
        for (const trade of log.slice(cut)) restored.apply(tradeEvent(trade), trade.at);
        expect(restored.state()).toEqual(whole.state());
        expect(restored.ticker()).toEqual(whole.ticker());
      }),
    );
  });
});

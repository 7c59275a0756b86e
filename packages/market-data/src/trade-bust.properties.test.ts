import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Candle } from "./candle.ts";
import { CANDLE_INTERVALS, type CandleInterval } from "./interval.ts";
import { MarketFeed } from "./market-feed.ts";
import type { PublicTrade } from "./public-trade.ts";
import { type CandleCorrection, RecentCandles } from "./recent-candles.ts";
import { RecentTrades } from "./recent-trades.ts";
import { lengthOf, naiveCandles } from "./testing/naive-candles.ts";
import { tradeEvent } from "./testing/trade-event.ts";
import { tradeLogWithBusts } from "./testing/trade-log.ts";

type Steps = readonly { trade: PublicTrade; busts: readonly number[] }[];

const followed = (steps: Steps): MarketFeed => {
  const feed = new MarketFeed(1);
  for (const { trade, busts } of steps) {
    feed.apply(tradeEvent(trade), trade.at);
    for (const tradeId of busts) feed.bust(tradeId, trade.at);
  }
  return feed;
};

const standing = (steps: Steps): PublicTrade[] => {
  const busted = new Set(steps.flatMap(({ busts }) => busts));
  return steps.map(({ trade }) => trade).filter(({ tradeId }) => !busted.has(tradeId));
};

const expectCandlesOf = (
  log: readonly PublicTrade[],
  now: number,
  read: (interval: CandleInterval, limit: number) => Candle[],
): void => {
  for (const interval of CANDLE_INTERVALS) {
    const newest = naiveCandles(log, interval, now, now - 50 * lengthOf(interval));
    expect(read(interval, Math.max(1, newest.length)), interval).toEqual(newest);
  }
};

describe("for any trades of which some are taken back", () => {
  test("candles at every interval and the ticker are those of the trades that stand", () => {
    fc.assert(
      fc.property(tradeLogWithBusts, (steps) => {
        const feed = followed(steps);
        const log = standing(steps);
        const now = feed.time;
        expectCandlesOf(log, now, (interval, limit) => feed.candles(interval, { limit }));
        const never = followed(log.map((trade) => ({ trade, busts: [] })));
        expect(feed.ticker(now)).toEqual(never.ticker(now));
      }),
    );
  });

  test("the trades are all there, those taken back are marked", () => {
    fc.assert(
      fc.property(tradeLogWithBusts, (steps) => {
        const stand = new Set(standing(steps).map(({ tradeId }) => tradeId));
        expect(followed(steps).trades({ limit: 1_000 })).toEqual(
          steps.map(({ trade }) => (stand.has(trade.tradeId) ? trade : { ...trade, busted: true })),
        );
      }),
    );
  });

  test("each bust answers the candles that it corrected as they are served", () => {
    fc.assert(
      fc.property(tradeLogWithBusts, (steps) => {
        const feed = new MarketFeed(1);
        const expectServed = ({ interval, candle, ended }: CandleCorrection): void => {
          const { openTime } = candle;
          const [served] = feed.candles(interval, { from: openTime, to: openTime });
          // Before the first trade that stands there is no candle; it is told as one without trades and prices.
          expect(served ?? { ...candle, high: 0, trades: 0 }, interval).toEqual(candle);
          expect(ended).toBe(candle.closeTime < feed.time);
        };
        for (const { trade, busts } of steps) {
          feed.apply(tradeEvent(trade), trade.at);
          for (const tradeId of busts) feed.bust(tradeId, trade.at)?.candles.forEach(expectServed);
        }
      }),
    );
  });

  test("a feed restored from its state corrects what comes as before", () => {
    fc.assert(
      fc.property(tradeLogWithBusts, fc.nat(120), (steps, cut) => {
        const restored = MarketFeed.restored(followed(steps.slice(0, cut)).state());
        for (const { trade, busts } of steps.slice(cut)) {
          restored.apply(tradeEvent(trade), trade.at);
          for (const tradeId of busts) restored.bust(tradeId, trade.at);
        }
        expect(restored.state()).toEqual(followed(steps).state());
      }),
    );
  });

  test("it is the same where only the last eight are kept, and older ones are final", () => {
    fc.assert(
      fc.property(tradeLogWithBusts, (steps) => {
        const recent = new RecentTrades(1, 8);
        const candles = new RecentCandles();
        const busted = new Set<number>();
        const take = (tradeId: number, newest: number): void => {
          const bust = recent.bust(tradeId);
          expect(bust !== undefined).toBe(tradeId > newest - 8 && !busted.has(tradeId));
          if (bust === undefined) return;
          busted.add(tradeId);
          candles.correct(bust.at, (...bucket) => recent.recount(...bucket));
        };
        for (const { trade, busts } of steps) {
          candles.advance(trade.at, () => {});
          recent.append(trade);
          candles.record(trade);
          for (const tradeId of busts) take(tradeId, trade.tradeId);
        }
        const log = steps.map(({ trade }) => trade).filter(({ tradeId }) => !busted.has(tradeId));
        expectCandlesOf(log, candles.time, (interval, limit) => candles.read(interval, { limit }));
      }),
    );
  });
});

test("the last trade's price goes back to that of the trade before when it is taken back", () => {
  const feed = new MarketFeed(1);
  const noon = Date.UTC(2026, 10, 24, 12);
  const trade = (tradeId: number, price: number): PublicTrade => ({
    ...{ market: 1, tradeId, price, quantity: tradeId, takerSide: "buy", at: noon },
  });
  for (const one of [trade(1, 100), trade(2, 9_999)]) feed.apply(tradeEvent(one), noon);
  expect(feed.ticker()).toMatchObject({ last: 9_999, high: 9_999, lastQuantity: 2, volume: 3 });
  const bust = feed.bust(2, noon + 1);
  expect(bust?.trade).toEqual({ ...trade(2, 9_999), busted: true });
  expect(bust?.candles.map(({ interval }) => interval)).toEqual(CANDLE_INTERVALS);
  expect(feed.ticker()).toMatchObject({ last: 100, high: 100, lastQuantity: 1, volume: 1 });
  expect([feed.bust(2, noon + 1), feed.bust(3, noon + 1)]).toEqual([undefined, undefined]);
});

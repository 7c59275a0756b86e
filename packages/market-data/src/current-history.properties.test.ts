import fc from "fast-check";
import { expect, test } from "vitest";
import { CurrentHistory, type KeptHistory } from "./current-history.ts";
import { MarketData } from "./market-data.ts";
import type { PublicTrade } from "./public-trade.ts";
import { RecentCandles } from "./recent-candles.ts";
import { ALICE, BOB, MARKETS, SmallVenue } from "./testing/small-venue.ts";

const START = Date.UTC(2026, 10, 1);
const MINUTE = 60_000;
const [market] = MARKETS;

/** More minutes with a trade than memory keeps candles, and more trades than it keeps, with gaps now and then. */
const MINUTES = Array.from({ length: 2_100 }, (_, index) => index + 3 * Math.floor(index / 50));

/** Keeps everything, but has heard nothing of the last trades: it lags. */
const LAGGING = 40;

const played = () => {
  const marketData = new MarketData();
  const every: PublicTrade[] = [];
  marketData.on("trade", (trade) => every.push(trade));
  const venue = new SmallVenue(marketData, START);
  for (const minute of MINUTES) {
    const price = 100 + (minute % 7);
    venue.batch(START + minute * MINUTE, [
      SmallVenue.order(ALICE, "sell", price, 1),
      SmallVenue.order(BOB, "buy", price, 1),
    ]);
  }
  const all = candlesOf(every);
  const kept: KeptHistory = {
    candles: async (_, interval, { from, to, limit } = {}) =>
      candlesOf(every.slice(0, -LAGGING)).read(interval, {
        from,
        to,
        limit,
        ...(to && { now: to }),
      }),
    trades: async (_, { fromId, from = 0, to = Number.POSITIVE_INFINITY, limit = 500 } = {}) => {
      const known = every
        .slice(0, -LAGGING)
        .filter(({ tradeId, at }) => tradeId >= (fromId ?? 0) && at >= from && at <= to);
      return fromId === undefined && from === 0 ? known.slice(-limit) : known.slice(0, limit);
    },
  };
  return { marketData, every, all, history: new CurrentHistory(marketData, kept) };
};

const candlesOf = (trades: readonly PublicTrade[]): RecentCandles => {
  const candles = new RecentCandles(Number.MAX_SAFE_INTEGER);
  for (const trade of trades) {
    candles.advance(trade.at, () => {});
    candles.record(trade);
  }
  return candles;
};

const venue = played();
const present = venue.marketData.time;

const moment = fc.integer({ min: START - 100 * MINUTE, max: present + 10 * MINUTE });

test("for any range / the candles are those of one who forgets nothing", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("1m" as const, "5m" as const, "1d" as const),
      fc.option(moment, { nil: undefined }),
      fc.option(moment, { nil: undefined }),
      fc.integer({ min: 1, max: 2_500 }),
      fc.integer({ min: 0, max: 5 }),
      async (interval, from, to, limit, later) => {
        const range = { from, to, limit, now: present + later * MINUTE };
        expect(await venue.history.candles(market, interval, range)).toEqual(
          venue.all.read(interval, range),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test("for any range / the trades are those of one who forgets nothing", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.option(fc.integer({ min: 1, max: 2_200 }), { nil: undefined }),
      fc.integer({ min: 1, max: 1_000 }),
      async (fromId, limit) => {
        const from = venue.every.filter(({ tradeId }) => tradeId >= (fromId ?? 0));
        expect(await venue.history.trades(market, { fromId, limit })).toEqual(
          fromId === undefined ? from.slice(-limit) : from.slice(0, limit),
        );
      },
    ),
  );
});

test("for any times / the trades between them are those of one who forgets nothing", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.option(moment, { nil: undefined }),
      fc.option(moment, { nil: undefined }),
      fc.integer({ min: 1, max: 1_000 }),
      async (from, to, limit) => {
        const between = venue.every.filter(
          ({ at }) => at >= (from ?? 0) && at <= (to ?? Number.POSITIVE_INFINITY),
        );
        expect(await venue.history.tradesBetween(market, { from, to, limit })).toEqual(
          from === undefined ? between.slice(-limit) : between.slice(0, limit),
        );
      },
    ),
  );
});

test("without what was kept / there is what memory has", async () => {
  const alone = new CurrentHistory(venue.marketData);
  expect(await alone.candles(market, "1m", { from: START, limit: 1 })).toEqual(
    venue.marketData.candles(market, "1m", { from: START, limit: 1 }),
  );
  expect((await alone.trades(market, { fromId: 1, limit: 1 }))[0]?.tradeId).toBe(1_101);
});

import type { Projection, VenueCommand } from "@pincex/venue";
import fc from "fast-check";
import { type Dialect, Kysely } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CANDLE_INTERVALS } from "../../interval.ts";
import { MarketData } from "../../market-data.ts";
import { ALICE, BOB, MARKETS, SmallVenue } from "../../testing/small-venue.ts";
import {
  dropTradesBefore,
  marketDataProjection,
  migrateMarketData,
  sqlMarketHistory,
} from "../index.ts";

const START = Date.UTC(2026, 10, 29, 22);
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/** The events of one batch of commands. */
export interface RecordedBatch {
  readonly bytes: Uint8Array;
  readonly first: number;
  readonly last: number;
}

/** A venue, its market data in memory, and the events that it was told, batch by batch. */
export const recordedVenue = (at: number) => {
  const marketData = new MarketData();
  const batches: RecordedBatch[] = [];
  const venue = new SmallVenue(
    {
      apply: (events, from, to) => {
        const first = marketData.sequence + 1;
        marketData.apply(events, from, to);
        const last = marketData.sequence;
        if (last >= first) batches.push({ bytes: events.bytes.slice(from, to), first, last });
      },
    },
    at,
  );
  return { venue, marketData, batches };
};

const { order } = SmallVenue;
const step = fc.record({
  pause: fc.constantFrom(0, 1, 20_000, MINUTE, 7 * MINUTE, 70 * MINUTE, 90 * MINUTE, 2 * DAY),
  market: fc.constantFrom(...MARKETS),
  takerBuys: fc.boolean(),
  price: fc.integer({ min: 90, max: 110 }),
  quantity: fc.integer({ min: 1, max: 20 }),
  bust: fc.option(fc.integer({ min: 1, max: 80 })),
});

/** Trades in two markets over some months, of which some are taken back: the same each time. */
const traded = () => {
  const { venue, marketData, batches } = recordedVenue(START);
  let at = START;
  for (const one of fc.sample(step, { numRuns: 70, seed: 11 })) {
    at += one.pause;
    const [maker, taker] = one.takerBuys ? (["sell", "buy"] as const) : (["buy", "sell"] as const);
    const bust = (market: number): VenueCommand => {
      return { kind: "bust_trade", market, tradeId: one.bust ?? 0, reference: "wrong" };
    };
    venue.batch(at, [
      order(ALICE, maker, one.price, one.quantity, one.market),
      order(BOB, taker, one.price, one.quantity, one.market),
      ...(one.bust === null ? [] : MARKETS.map(bust)),
    ]);
  }
  return { marketData, batches };
};

const joined = (batches: readonly RecordedBatch[]): Uint8Array =>
  Uint8Array.from(batches.flatMap(({ bytes }) => [...bytes]));

/** Hands over the batches, so many at a time. */
const project = async (
  projection: Projection,
  batches: readonly RecordedBatch[],
  size: number,
): Promise<void> => {
  for (let from = 0; from < batches.length; from += size) {
    const some = batches.slice(from, from + size);
    await projection.apply(joined(some), some[0]?.first ?? 0, some.at(-1)?.last ?? 0);
  }
};

/** What must hold of market data in SQL, whichever database it is. */
export const describeMarketHistory = (
  database: string,
  open: () => Promise<Dialect>,
  sizes: readonly number[],
): void => {
  describe(`a venue's public trades and candles in ${database}`, () => {
    let db: Kysely<unknown>;
    let schemas = 0;
    const { marketData, batches } = traded();

    beforeAll(async () => {
      db = new Kysely<unknown>({ dialect: await open() });
    });
    afterAll(async () => {
      await db.destroy();
    });

    const fresh = async (): Promise<{ schema: string }> => {
      schemas += 1;
      const options = { schema: `market_data_${schemas}` };
      await migrateMarketData(db, options);
      return options;
    };

    const expectSameAsMemory = async (options: { schema: string }): Promise<void> => {
      const history = sqlMarketHistory(db, options);
      const to = marketData.time;
      for (const market of MARKETS) {
        expect(await history.trades(market)).toEqual(marketData.trades(market));
        for (const interval of CANDLE_INTERVALS) {
          const candles = await history.candles(market, interval, { to, limit: 60 });
          expect(candles, interval).toEqual(marketData.candles(market, interval, { limit: 60 }));
        }
      }
    };

    test("the flow has trades in both markets, and some were taken back", () => {
      for (const market of MARKETS) {
        const trades = marketData.trades(market);
        expect(trades.length).toBeGreaterThan(25);
        expect(trades.filter(({ busted }) => busted).length).toBeGreaterThan(2);
      }
    });

    test.each(sizes)("are those in memory, in batches of %i", async (size) => {
      const options = await fresh();
      const projection = marketDataProjection(db, options);
      expect(await projection.position()).toBe(0);
      await project(projection, batches, size);
      expect(await projection.position()).toBe(batches.at(-1)?.last);
      await expectSameAsMemory(options);
    });

    test("count each trade once, where batches are applied again and overlap", async () => {
      const options = await fresh();
      await project(marketDataProjection(db, options), batches.slice(0, 50), 30);
      await project(marketDataProjection(db, options), batches, 40);
      const again = marketDataProjection(db, options);
      await project(again, batches, 1_000);
      await expectSameAsMemory(options);
      await expect(again.apply(new Uint8Array(), 10_000, 10_001)).rejects.toThrow(RangeError);
    });

    test("are written by one: another finds that the position has moved, and nothing is written", async () => {
      const options = await fresh();
      const [one, other] = [marketDataProjection(db, options), marketDataProjection(db, options)];
      await Promise.all([one.position(), other.position()]);
      await project(one, batches.slice(0, 50), 50);
      await expect(project(other, batches.slice(0, 50), 50)).rejects.toThrow("position");
      await project(other, batches, 1_000);
      await expectSameAsMemory(options);
    });

    test("are read by range, and trades leave by the day", async () => {
      const options = await fresh();
      await project(marketDataProjection(db, options), batches, 1_000);
      const history = sqlMarketHistory(db, options);
      const [market] = MARKETS;
      const all = marketData.trades(market);
      const middle = all[12] as (typeof all)[number];
      const { tradeId: fromId, at } = middle;
      expect(await history.trades(market, { fromId, limit: 5 })).toEqual(all.slice(12, 17));
      const from = all.findIndex((trade) => trade.at >= at);
      expect(await history.trades(market, { from: at, limit: 5 })).toEqual(
        all.slice(from, from + 5),
      );
      const range = { from: at, to: marketData.time, limit: 40 };
      expect(await history.candles(market, "1d", range)).toEqual(
        marketData.candles(market, "1d", range),
      );
      expect(await history.candles(99, "1d")).toEqual([]);
      expect(await history.trades(99)).toEqual([]);

      const midnight = at - (at % DAY);
      expect(await dropTradesBefore(db, midnight, options)).toBeGreaterThan(0);
      expect(await history.trades(market)).toEqual(all.filter((trade) => trade.at >= midnight));
      expect(await history.candles(market, "1d", range)).toEqual(
        marketData.candles(market, "1d", range),
      );
    });
  });
};

import type { EngineEvent, PhaseName, SideName } from "@pincex/engine";
import { describe, expect, test } from "vitest";
import { bookChecksum } from "./book-checksum.ts";
import type { CandleInterval } from "./interval.ts";
import { MarketFeed, TRADES_RETAINED } from "./market-feed.ts";
import { tradeEvent } from "./testing/trade-event.ts";

const NOON = Date.UTC(2026, 10, 24, 12);
const MINUTE = 60_000;

const trade = (tradeId: number, price: number, quantity: number, at: number): EngineEvent =>
  tradeEvent({ market: 1, tradeId, price, quantity, takerSide: "buy", at });

const level = (side: SideName, price: number, quantity: number): EngineEvent => ({
  kind: "level_changed",
  market: 1,
  side,
  price,
  quantity,
  orders: quantity === 0 ? 0 : 1,
});

describe("the book", () => {
  test("counts one update for each level change, and lists both sides best first", () => {
    const feed = new MarketFeed(1);
    for (const event of [
      level("buy", 99, 5),
      level("buy", 100, 2),
      level("sell", 103, 1),
      level("sell", 102, 4),
      level("buy", 98, 7),
    ]) {
      feed.apply(event, NOON);
    }
    expect(feed.book()).toEqual({
      updateId: 5,
      bids: [
        [100, 2],
        [99, 5],
        [98, 7],
      ],
      asks: [
        [102, 4],
        [103, 1],
      ],
    });
    expect(feed.book(1)).toEqual({ updateId: 5, bids: [[100, 2]], asks: [[102, 4]] });
    expect(feed.bestQuotes()).toEqual({
      market: 1,
      updateId: 5,
      bid: { price: 100, quantity: 2 },
      ask: { price: 102, quantity: 4 },
    });
  });

  test("updates follow each other without a gap, each with the levels as they are now", () => {
    const feed = new MarketFeed(1);
    feed.apply(level("buy", 99, 5), NOON);
    feed.apply(level("buy", 99, 3), NOON);
    feed.apply(level("sell", 101, 1), NOON);
    expect(feed.takeBookUpdate()).toEqual({
      market: 1,
      at: NOON,
      previousUpdateId: 0,
      firstUpdateId: 1,
      lastUpdateId: 3,
      bids: [[99, 3]],
      asks: [[101, 1]],
      checksum: bookChecksum({ bids: [[99, 3]], asks: [[101, 1]] }),
    });
    expect(feed.takeBookUpdate()).toBeUndefined();
    feed.apply(level("buy", 99, 0), NOON + 5);
    expect(feed.takeBookUpdate()).toEqual({
      market: 1,
      at: NOON + 5,
      previousUpdateId: 3,
      firstUpdateId: 4,
      lastUpdateId: 4,
      bids: [[99, 0]],
      asks: [],
      checksum: bookChecksum({ bids: [], asks: [[101, 1]] }),
    });
    expect(feed.bestQuotes().bid).toEqual({ price: 0, quantity: 0 });
  });
});

test("best quotes are told when they move, with the number at which they moved before", () => {
  const feed = new MarketFeed(1);
  expect(feed.takeQuotes()).toBeUndefined();
  feed.apply(level("buy", 99, 5), NOON);
  expect(feed.takeQuotes()).toMatchObject({ updateId: 1, previousUpdateId: 0 });
  feed.apply(level("buy", 98, 5), NOON);
  expect(feed.takeQuotes()).toBeUndefined();
  feed.apply(level("buy", 99, 4), NOON);
  expect(feed.takeQuotes()).toEqual({
    market: 1,
    updateId: 3,
    previousUpdateId: 1,
    bid: { price: 99, quantity: 4 },
    ask: { price: 0, quantity: 0 },
  });
});

test("an indicative price stands as long as orders collect", () => {
  const told: unknown[] = [];
  const feed = new MarketFeed(1, { indicative: (indicative) => told.push(indicative) });
  const phase = (name: PhaseName): EngineEvent => ({
    ...{ kind: "phase_changed", market: 1, phase: name },
  });
  feed.apply(phase("pre_open"), NOON);
  expect(feed.indicative).toBeUndefined();
  feed.apply({ kind: "indicative", market: 1, price: 100, quantity: 5, surplus: -2 }, NOON + 1);
  const indicative = { market: 1, at: NOON + 1, price: 100, quantity: 5, surplus: -2 };
  expect([feed.indicative, told]).toEqual([indicative, [indicative]]);
  expect(MarketFeed.restored(feed.state()).indicative).toEqual(indicative);
  feed.apply(phase("auction"), NOON + 2);
  expect(feed.indicative).toEqual(indicative);
  feed.apply(phase("open"), NOON + 3);
  expect(feed.indicative).toBeUndefined();
});

describe("trades", () => {
  test("the newest are answered, oldest first, or those from an id on", () => {
    const feed = new MarketFeed(1);
    for (let id = 1; id <= 5; id += 1) feed.apply(trade(id, 100 + id, 1, NOON), NOON);
    const ids = (trades: { tradeId: number }[]) => trades.map(({ tradeId }) => tradeId);
    expect(ids(feed.trades({ limit: 2 }))).toEqual([4, 5]);
    expect(ids(feed.trades({ fromId: 2, limit: 2 }))).toEqual([2, 3]);
    expect(ids(feed.trades({ fromId: 6 }))).toEqual([]);
  });

  test("the last 1,000 are kept, however many there were", () => {
    const feed = new MarketFeed(1);
    for (let id = 1; id <= 5_500; id += 1) feed.apply(trade(id, 100, 1, NOON), NOON);
    const kept = feed.trades({ limit: 10_000 });
    expect([kept.length, kept[0]?.tradeId, kept.at(-1)?.tradeId]).toEqual([
      TRADES_RETAINED,
      4_501,
      5_500,
    ]);
    expect(feed.trades({ fromId: 1, limit: 1 })[0]?.tradeId).toBe(4_501);
  });
});

describe("candles", () => {
  test("a market that never traded has none", () => {
    const feed = new MarketFeed(1);
    feed.advance(NOON);
    expect(feed.candles("1m")).toEqual([]);
    expect(feed.latestCandle("1d")).toBeUndefined();
  });

  test("minutes without a trade stand flat at the close before them, up to the present one", () => {
    const feed = new MarketFeed(1);
    feed.apply(trade(1, 100, 2, NOON), NOON);
    feed.apply(trade(2, 104, 1, NOON + 1), NOON + 1);
    feed.apply(trade(3, 90, 1, NOON + 3 * MINUTE), NOON + 3 * MINUTE);
    const rows = feed
      .candles("1m", { now: NOON + 4 * MINUTE })
      .map(({ open, high, low, close, volume, trades }) => [
        open,
        high,
        low,
        close,
        volume,
        trades,
      ]);
    expect(rows).toEqual([
      [100, 104, 100, 104, 3, 2],
      [104, 104, 104, 104, 0, 0],
      [104, 104, 104, 104, 0, 0],
      [90, 90, 90, 90, 1, 1],
      [90, 90, 90, 90, 0, 0],
    ]);
  });

  test("a candle that was read stays as it was read, whatever happens after", () => {
    const feed = new MarketFeed(1);
    feed.apply(trade(1, 100, 2, NOON), NOON);
    feed.advance(NOON + MINUTE);
    const [read] = feed.candles("1h");
    const before = { ...read };
    feed.apply(trade(2, 120, 1, NOON + 2 * MINUTE), NOON + 2 * MINUTE);
    feed.advance(NOON + 3 * MINUTE);
    expect(read).toEqual(before);
    expect(feed.candles("1h")).toEqual([expect.objectContaining({ high: 120, trades: 2 })]);
  });

  test("there are none beyond the present, whatever range is asked for", () => {
    const feed = new MarketFeed(1);
    feed.apply(trade(1, 100, 2, NOON), NOON);
    expect(feed.candles("1m", { to: NOON + 1_000 * MINUTE }).length).toBe(1);
    expect(feed.candles("1m", { from: NOON + MINUTE })).toEqual([]);
    expect(feed.candles("1m", { to: NOON - 1 })).toEqual([]);
  });

  test("the last 1,500 candles with trades are kept at each interval", () => {
    const feed = new MarketFeed(1);
    for (let minute = 0; minute < 4_000; minute += 1) {
      const at = NOON + minute * MINUTE;
      feed.apply(trade(minute + 1, 100, 1, at), at);
    }
    const candles = feed.candles("1m", { from: 0, limit: 10_000 });
    // The present one comes on top of those that have passed.
    expect([candles.length, candles[0]?.firstTradeId]).toEqual([1_501, 2_500]);
    expect(feed.candles("1h")).toHaveLength(67);
    expect(feed.ticker().trades).toBe(1_440);
  });
});

test("the ticker counts the present minute and the 1,439 before it, and stands at the last price without them", () => {
  const feed = new MarketFeed(1);
  feed.apply(trade(1, 100, 2, NOON), NOON);
  feed.apply(trade(2, 110, 3, NOON + MINUTE), NOON + MINUTE);
  const seen = (now: number) => {
    const { open, last, volume, trades, firstTradeId, previousClose } = feed.ticker(now);
    return [open, last, volume, trades, firstTradeId, previousClose];
  };
  expect(seen(NOON + 1_440 * MINUTE - 1)).toEqual([100, 110, 5, 2, 1, 0]);
  expect(seen(NOON + 1_440 * MINUTE)).toEqual([110, 110, 3, 1, 2, 100]);
  expect(seen(NOON + 1_441 * MINUTE)).toEqual([110, 110, 0, 0, 0, 110]);
});

test("the calendar's ticker begins with the day, week or month, and knows the price before", () => {
  const feed = new MarketFeed(1);
  const midnight = Date.UTC(2026, 10, 25);
  feed.apply(trade(1, 100, 2, NOON), NOON);
  feed.apply(trade(2, 110, 3, midnight), midnight);
  const seen = (interval: CandleInterval, now: number) => {
    const { openTime, open, last, volume, quoteVolume, previousClose } = feed.calendarTicker(
      interval,
      now,
    );
    return [openTime, open, last, volume, quoteVolume, previousClose];
  };
  const monday = Date.UTC(2026, 10, 23);
  expect(seen("1d", midnight)).toEqual([midnight, 110, 110, 3, 330n, 100]);
  expect(seen("1w", midnight)).toEqual([monday, 100, 110, 5, 530n, 0]);
  const december = Date.UTC(2026, 11, 1);
  expect(seen("1M", december)).toEqual([december, 110, 110, 0, 0n, 110]);
});

test("time never goes back", () => {
  const feed = new MarketFeed(1);
  feed.advance(NOON);
  expect(() => feed.apply(level("buy", 99, 5), NOON - 1)).toThrow(
    new RangeError(`expected a time from ${NOON} on, was ${NOON - 1}`),
  );
  expect(feed.updateId).toBe(0);
});

test("another market's event is a mistake", () => {
  expect(() => new MarketFeed(2).apply(level("buy", 99, 5), NOON)).toThrow(RangeError);
});

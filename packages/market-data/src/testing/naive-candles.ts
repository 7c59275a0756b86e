import type { Candle } from "../candle.ts";
import type { CandleInterval } from "../interval.ts";
import type { PublicTrade } from "../public-trade.ts";

const MINUTES: Partial<Record<CandleInterval, number>> = {
  "1m": 1,
  "3m": 3,
  "5m": 5,
  "15m": 15,
  "30m": 30,
  "1h": 60,
  "2h": 120,
  "4h": 240,
  "6h": 360,
  "8h": 480,
  "12h": 720,
  "1d": 1_440,
  "3d": 4_320,
};

/** The start of a bucket, by asking the calendar instead of dividing. */
const startOf = (interval: CandleInterval, at: number): number => {
  const date = new Date(at);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (interval === "1M") return Date.UTC(year, month);
  if (interval === "1w") return Date.UTC(year, month, day - ((date.getUTCDay() + 6) % 7));
  const length = (MINUTES[interval] as number) * 60_000;
  return at - (at % length);
};

const startAfter = (interval: CandleInterval, start: number): number => {
  const date = new Date(start);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (interval === "1M") return Date.UTC(year, month + 1);
  if (interval === "1w") return Date.UTC(year, month, day + 7);
  return start + (MINUTES[interval] as number) * 60_000;
};

const sum = (values: readonly number[]): number => values.reduce((one, other) => one + other, 0);
const bigSum = (values: readonly bigint[]): bigint =>
  values.reduce((one, other) => one + other, 0n);

/** What a candle says of the trades of one bucket, counted from scratch. */
export const naiveCandle = (
  openTime: number,
  endTime: number,
  trades: readonly PublicTrade[],
  close: number,
): Candle => {
  const prices = trades.length === 0 ? [close] : trades.map((trade) => trade.price);
  const takerBuys = trades.filter((trade) => trade.takerSide === "buy");
  const notionals = (of: readonly PublicTrade[]): bigint =>
    bigSum(of.map((trade) => BigInt(trade.price) * BigInt(trade.quantity)));
  return {
    openTime,
    closeTime: endTime - 1,
    open: prices[0] as number,
    high: Math.max(...prices),
    low: Math.min(...prices),
    close: prices.at(-1) as number,
    volume: sum(trades.map((trade) => trade.quantity)),
    quoteVolume: notionals(trades),
    trades: trades.length,
    takerBuyVolume: sum(takerBuys.map((trade) => trade.quantity)),
    takerBuyQuoteVolume: notionals(takerBuys),
    firstTradeId: trades[0]?.tradeId ?? 0,
    lastTradeId: trades.at(-1)?.tradeId ?? 0,
  };
};

const byBucket = (
  log: readonly PublicTrade[],
  interval: CandleInterval,
): Map<number, PublicTrade[]> => {
  const buckets = new Map<number, PublicTrade[]>();
  for (const trade of log) {
    const start = startOf(interval, trade.at);
    buckets.set(start, [...(buckets.get(start) ?? []), trade]);
  }
  return buckets;
};

/** The candles of the buckets that have a trade. */
export const naiveTradedCandles = (
  log: readonly PublicTrade[],
  interval: CandleInterval,
): Candle[] =>
  Array.from(byBucket(log, interval), ([start, trades]) =>
    naiveCandle(start, startAfter(interval, start), trades, 0),
  );

/** All candles from the first trade's bucket, or a later moment's, to that of `now`: each counted from the whole log. */
export const naiveCandles = (
  log: readonly PublicTrade[],
  interval: CandleInterval,
  now: number,
  from = 0,
): Candle[] => {
  const candles: Candle[] = [];
  const [first] = log;
  if (first === undefined) return candles;
  const buckets = byBucket(log, interval);
  let start = startOf(interval, Math.max(first.at, from));
  let close = log.filter((trade) => trade.at < start).at(-1)?.price ?? first.price;
  for (; start <= now; start = startAfter(interval, start)) {
    const end = startAfter(interval, start);
    const candle = naiveCandle(start, end, buckets.get(start) ?? [], close);
    candles.push(candle);
    close = candle.close;
  }
  return candles;
};

/** An interval's length, a month's for the longest. */
export const lengthOf = (interval: CandleInterval): number =>
  (MINUTES[interval] ?? (interval === "1w" ? 7 : 30) * 1_440) * 60_000;

/** Milliseconds of the intervals that have a fixed length. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The time that one candle covers. Minutes, hours and days are those of UTC. */
export type CandleInterval = FixedInterval | "1M";

/** Intervals of one length; months have several. */
export type FixedInterval =
  | "1m"
  | "3m"
  | "5m"
  | "15m"
  | "30m"
  | "1h"
  | "2h"
  | "4h"
  | "6h"
  | "8h"
  | "12h"
  | "1d"
  | "3d"
  | "1w";

const FIXED_LENGTH: Readonly<Record<FixedInterval, number>> = {
  "1m": MINUTE,
  "3m": 3 * MINUTE,
  "5m": 5 * MINUTE,
  "15m": 15 * MINUTE,
  "30m": 30 * MINUTE,
  "1h": HOUR,
  "2h": 2 * HOUR,
  "4h": 4 * HOUR,
  "6h": 6 * HOUR,
  "8h": 8 * HOUR,
  "12h": 12 * HOUR,
  "1d": DAY,
  "3d": 3 * DAY,
  "1w": 7 * DAY,
};

/** Every interval that candles are kept at, from the shortest to the longest. */
export const CANDLE_INTERVALS: readonly CandleInterval[] = [
  ...(Object.keys(FIXED_LENGTH) as FixedInterval[]),
  "1M",
];

// 1970-01-01 was a Thursday; weeks start on Monday, as ISO 8601 has it.
const FIRST_MONDAY = 4 * DAY;

/**
 * The start of the bucket that a moment falls into, in milliseconds since 1970-01-01 UTC.
 *
 * Intervals up to a day are aligned to the day, `3d` to 1970-01-01, `1w` to Mondays, `1M` to the calendar's months.
 *
 * @example
 * bucketStart("1w", Date.UTC(2026, 10, 22)); // => Date.UTC(2026, 10, 16)
 */
export const bucketStart = (interval: CandleInterval, at: number): number => {
  if (interval === "1M") {
    const date = new Date(at);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  }
  const length = FIXED_LENGTH[interval];
  const origin = interval === "1w" ? FIRST_MONDAY : 0;
  return Math.floor((at - origin) / length) * length + origin;
};

/** The start of the bucket after the one that starts at `start`. */
export const nextBucket = (interval: CandleInterval, start: number): number => {
  if (interval !== "1M") return start + FIXED_LENGTH[interval];
  const date = new Date(start);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
};

/** The start of the bucket that comes `count` buckets before the one that starts at `start`. */
export const bucketBefore = (interval: CandleInterval, start: number, count: number): number => {
  if (interval !== "1M") return start - count * FIXED_LENGTH[interval];
  const date = new Date(start);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - count, 1);
};

/** The start of the first bucket that starts at a moment or later. */
export const firstBucketFrom = (interval: CandleInterval, from: number): number => {
  const start = bucketStart(interval, from);
  return start === from ? start : nextBucket(interval, start);
};

import { type Candle, flatCandle } from "./candle.ts";
import { type CandleInterval, nextBucket } from "./interval.ts";

/** Which buckets of an interval to fill. */
export interface BucketRange {
  readonly interval: CandleInterval;
  /** Starts of the first and the last bucket. */
  readonly from: number;
  readonly to: number;
  /** At most so many, from the first on. */
  readonly limit: number;
}

/**
 * A candle for every bucket of a range: the one that was traded, or a flat one at the close before it. `traded` are those from
 * `from` on, oldest first; `before` is the last one earlier than them.
 */
export const filledCandles = (
  { interval, from, to, limit }: BucketRange,
  traded: readonly Candle[],
  before: Candle | undefined,
): Candle[] => {
  const candles: Candle[] = [];
  let close = before?.close ?? 0;
  let next = 0;
  for (
    let start = from;
    start <= to && candles.length < limit;
    start = nextBucket(interval, start)
  ) {
    const candle = traded[next];
    if (candle?.openTime === start) {
      next += 1;
      close = candle.close;
      candles.push(candle);
    } else {
      candles.push(flatCandle(interval, start, close));
    }
  }
  return candles;
};

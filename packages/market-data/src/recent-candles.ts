import {
  type Candle,
  copied,
  count,
  extend,
  flatCandle,
  joined,
  type OpenCandle,
  openedBy,
} from "./candle.ts";
import { filledCandles } from "./filled-candles.ts";
import {
  bucketBefore,
  bucketStart,
  CANDLE_INTERVALS,
  type CandleInterval,
  firstBucketFrom,
  nextBucket,
} from "./interval.ts";
import type { PublicTrade } from "./public-trade.ts";
import { RetainedList } from "./retained-list.ts";

/** How many candles with trades are kept at each interval. Empty ones between them are made up on reading. */
export const CANDLES_RETAINED = 1_500;

/** Which candles to read. Times are in milliseconds since 1970-01-01 UTC and compared with a candle's `openTime`. */
export interface CandleRange {
  /** The earliest `openTime`. Given, the range is counted from here; otherwise the newest candles are answered. */
  readonly from?: number | undefined;
  /** The latest `openTime`. */
  readonly to?: number | undefined;
  /** At most so many candles, 500 unless told otherwise. */
  readonly limit?: number | undefined;
  /** The present: there is no candle beyond it. Unless told, the latest time that the feed has heard of. */
  readonly now?: number | undefined;
}

const openTimeOf = (candle: Candle): number => candle.openTime;

/**
 * A market's candles at every interval.
 *
 * A trade touches one candle, that of the current minute; a minute that has passed is joined into the candles of all
 * intervals. Every interval is made of whole minutes, so the result is the same as counting each trade everywhere,
 * and a trade costs one fifteenth.
 */
export class RecentCandles {
  /** Of each interval, what the minutes that have passed add up to. */
  readonly #passed: Map<CandleInterval, RetainedList<Candle>>;
  #minute: OpenCandle | undefined;
  #time = 0;
  /** No candle ends before this moment, so `advance` has nothing to look for. */
  #nextClose = Number.POSITIVE_INFINITY;

  /** Keeps so many candles with trades at each interval, beside the open minute. */
  constructor(retained: number = CANDLES_RETAINED) {
    this.#passed = new Map(
      CANDLE_INTERVALS.map((interval) => [interval, new RetainedList<Candle>(retained)]),
    );
  }

  /** The latest time that the history has heard of. */
  get time(): number {
    return this.#time;
  }

  /** Lets time pass, and tells which candles ended by it, each exactly once. */
  advance(at: number, ended: (interval: CandleInterval, candle: Candle) => void): void {
    const before = this.#time;
    this.#time = at;
    if (at <= this.#nextClose) return;
    this.#nextClose = Number.POSITIVE_INFINITY;
    for (const interval of CANDLE_INTERVALS) {
      const candle = this.latest(interval);
      if (candle === undefined) continue;
      if (candle.closeTime >= at) this.#nextClose = Math.min(this.#nextClose, candle.closeTime);
      else if (candle.closeTime >= before) ended(interval, candle);
    }
    if (this.#minute !== undefined && this.#minute.closeTime < at) this.#passMinute(this.#minute);
  }

  /** Counts a trade, at the time that `advance` was told last. */
  record(trade: PublicTrade): void {
    this.#minute ??= openedBy("1m", trade);
    count(this.#minute, trade);
    this.#nextClose = Math.min(this.#nextClose, this.#minute.closeTime);
  }

  /**
   * Counts the buckets of a moment again, after one of their trades was taken back, and answers the candles that are still kept as they are
   * now. `recount` counts the trades of a bucket that stand, until before a moment; undefined if there are none.
   */
  correct(at: number, recount: Recount): CandleCorrection[] {
    return this.#recount(at, recount).map((interval) => {
      const start = bucketStart(interval, at);
      const range = { from: start, to: start, limit: 1 };
      const [candle = flatCandle(interval, start, 0)] = this.read(interval, range);
      return { interval, candle, ended: candle.closeTime < this.#time };
    });
  }

  /** Answers the intervals whose candle is still kept. */
  #recount(at: number, recount: Recount): readonly CandleInterval[] {
    const minute = this.#minute;
    if (minute === undefined || at < minute.openTime) {
      return CANDLE_INTERVALS.filter((interval) => this.#recountPassed(interval, at, recount));
    }
    this.#minute = recount("1m", minute.openTime, Number.POSITIVE_INFINITY);
    return CANDLE_INTERVALS;
  }

  /** Of the minutes that have passed: the open one is counted apart. */
  #recountPassed(interval: CandleInterval, at: number, recount: Recount): boolean {
    const series = this.#seriesOf(interval);
    const start = bucketStart(interval, at);
    const index = series.firstAtLeast(start, openTimeOf);
    if (series.at(index)?.openTime !== start) return false;
    const open = this.#minute?.openTime ?? Number.POSITIVE_INFINITY;
    series.replace(index, recount(interval, start, Math.min(nextBucket(interval, start), open)));
    return true;
  }

  /** The newest candle that has a trade, which may still be open; undefined before the first trade. */
  latest(interval: CandleInterval): Candle | undefined {
    const passed = this.#seriesOf(interval).last;
    const minute = this.#minute;
    if (minute === undefined) return passed;
    return passed?.openTime === bucketStart(interval, minute.openTime)
      ? joined(interval, passed, minute)
      : copied(interval, minute);
  }

  /** The oldest candle with a trade that is still kept; undefined before the first trade. */
  first(interval: CandleInterval): Candle | undefined {
    return this.#seriesOf(interval).at(0) ?? this.latest(interval);
  }

  /** The candles of a range, oldest first, buckets without a trade included from the first retained candle on. */
  read(interval: CandleInterval, range: CandleRange = {}): Candle[] {
    const latest = this.latest(interval);
    if (latest === undefined) return [];
    const first = this.first(interval) ?? latest;

    const { from, limit = 500, now = this.#time } = range;
    const present = Math.max(now, this.#time);
    const lastStart = bucketStart(interval, Math.min(range.to ?? present, present));
    const earliest =
      from === undefined
        ? bucketBefore(interval, lastStart, limit - 1)
        : firstBucketFrom(interval, from);

    return this.#fill(interval, Math.max(earliest, first.openTime), lastStart, limit);
  }

  /** Every bucket from one to another, at most `limit` of them. The first is none before the first trade's. */
  #fill(interval: CandleInterval, from: number, to: number, limit: number): Candle[] {
    const passed = this.#seriesOf(interval);
    const latest = this.latest(interval) as Candle;
    const index = passed.firstAtLeast(from, openTimeOf);
    const traded = passed.retained().slice(index);
    // What the open minute adds to is newer than what has passed.
    if (traded.at(-1)?.openTime === latest.openTime) traded.pop();
    if (latest.openTime >= from) traded.push(latest);
    const before = latest.openTime < from ? latest : passed.at(index - 1);
    return filledCandles({ interval, from, to, limit }, traded, before);
  }

  /**
   * One candle over the `minutes` up to and including that of `now`; undefined if it has no trade.
   *
   * Only the minutes at both ends are read one by one, whole hours between: 142 candles at most for a day.
   */
  rolling(minutes: number, now: number): Candle | undefined {
    const from = bucketStart("1m", now) - (minutes - 1) * 60_000;
    const firstHour = Math.min(bucketStart("1h", from + 3_599_999), now + 1);
    const lastHour = Math.max(bucketStart("1h", now), firstHour);
    const window = flatCandle("1d", from, 0);
    this.#count(window, "1m", from, firstHour);
    this.#count(window, "1h", firstHour, lastHour);
    this.#count(window, "1m", lastHour, now + 1);
    if (this.#minute !== undefined && this.#minute.openTime >= from) join(window, this.#minute);
    return window.trades === 0 ? undefined : window;
  }

  /** The price of the last trade in a minute before that of `at`, 0 if there was none. Exact for the last 24 hours. */
  closeBefore(at: number): number {
    return this.closeBeforeBucket("1m", bucketStart("1m", at));
  }

  /** The price of the last trade before an interval's bucket that starts at `start`; 0 if no candle before it is kept. */
  closeBeforeBucket(interval: CandleInterval, start: number): number {
    if (this.#minute !== undefined && this.#minute.openTime < start) return this.#minute.close;
    const series = this.#seriesOf(interval);
    return series.at(series.firstAtLeast(start, openTimeOf) - 1)?.close ?? 0;
  }

  /** What a snapshot must keep. */
  state(): RecentCandlesState {
    return {
      time: this.#time,
      minute: this.#minute && { ...this.#minute },
      passed: CANDLE_INTERVALS.map((interval) => this.#seriesOf(interval).retained()),
    };
  }

  static restored(state: RecentCandlesState, retained?: number): RecentCandles {
    const history = new RecentCandles(retained);
    CANDLE_INTERVALS.forEach((interval, index) => {
      for (const candle of state.passed[index] ?? []) history.#seriesOf(interval).append(candle);
    });
    history.#minute = state.minute && { ...state.minute };
    history.#time = state.time;
    // Looks once, at the next step of time, for what ends next.
    history.#nextClose = state.time;
    return history;
  }

  #passMinute(minute: Candle): void {
    for (const interval of CANDLE_INTERVALS) {
      const series = this.#seriesOf(interval);
      const last = series.last;
      // A new candle each time: whoever read the old one keeps what he read.
      if (last?.openTime === bucketStart(interval, minute.openTime)) {
        series.replaceLast(joined(interval, last, minute));
      } else {
        series.append(copied(interval, minute));
      }
    }
    this.#minute = undefined;
  }

  /** Counts the candles from one moment until before another. */
  #count(window: OpenCandle, interval: CandleInterval, from: number, before: number): void {
    const series = this.#seriesOf(interval);
    for (let index = series.firstAtLeast(from, openTimeOf); index < series.length; index += 1) {
      const candle = series.at(index) as Candle;
      if (candle.openTime >= before) return;
      join(window, candle);
    }
  }

  #seriesOf(interval: CandleInterval): RetainedList<Candle> {
    return this.#passed.get(interval) as RetainedList<Candle>;
  }
}

/** Counts the trades that stand of an interval's bucket, which starts at `start`, until before a moment. */
export type Recount = (
  interval: CandleInterval,
  start: number,
  until: number,
) => OpenCandle | undefined;

/** A candle that was counted again because one of its trades was taken back. Without one that stands it is flat. */
export interface CandleCorrection {
  readonly interval: CandleInterval;
  readonly candle: Candle;
  /** Whether time has passed its end. */
  readonly ended: boolean;
}

/** What a snapshot keeps of a candle history. */
export interface RecentCandlesState {
  readonly time: number;
  readonly minute: Candle | undefined;
  /** In the order of `CANDLE_INTERVALS`. */
  readonly passed: readonly (readonly Candle[])[];
}

/** Extends a candle that may not have had a trade yet. */
const join = (window: OpenCandle, later: Candle): void => {
  if (window.trades === 0) {
    window.open = window.high = window.low = later.open;
    window.firstTradeId = later.firstTradeId;
  }
  extend(window, later);
};

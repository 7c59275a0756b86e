import type { Candle } from "./candle.ts";
import type { CandleInterval } from "./interval.ts";
import type { PublicTrade } from "./public-trade.ts";

/** Which candles of the past to read. Times are in milliseconds since 1970-01-01 UTC and compared with a candle's `openTime`. */
export interface CandleHistoryRange {
  /** The earliest `openTime`. Given, the range is counted from here; otherwise the newest candles up to `to` are answered. */
  readonly from?: number | undefined;
  /** The latest `openTime`, such as the present; the newest candle with a trade unless told otherwise. */
  readonly to?: number | undefined;
  /** At most so many, 500 unless told otherwise. */
  readonly limit?: number | undefined;
}

/** Candles from a market's first trade on: the port that whoever keeps them implements. Buckets without a trade stand flat. */
export interface CandleHistory {
  candles(market: number, interval: CandleInterval, range?: CandleHistoryRange): Promise<Candle[]>;
}

/** Which trades of the past to read. */
export interface TradeHistoryRange {
  /** From this trade on; otherwise the newest are answered. */
  readonly fromId?: number | undefined;
  /** The earliest and the latest time, in milliseconds since 1970-01-01 UTC. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** At most so many, 500 unless told otherwise. */
  readonly limit?: number | undefined;
}

/** A market's trades, oldest first, those that were taken back marked: the port that whoever keeps them implements. */
export interface TradeHistory {
  trades(market: number, range?: TradeHistoryRange): Promise<PublicTrade[]>;
}

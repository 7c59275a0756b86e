import type { Candle } from "./candle.ts";
import { bucketBefore, bucketStart, type CandleInterval } from "./interval.ts";
import type { MarketData } from "./market-data.ts";
import { TRADES_RETAINED, type TradeRange } from "./market-feed.ts";
import type { CandleHistory, TradeHistory } from "./market-history.ts";
import type { PublicTrade } from "./public-trade.ts";
import type { CandleRange } from "./recent-candles.ts";

/** What is kept of the past. */
export type KeptHistory = CandleHistory & TradeHistory;

const DEFAULT_LIMIT = 500;

/**
 * Candles and trades as far back as they are kept, and as new as the venue: from memory what is there, and what came before from a history, which
 * may lag behind by all that is in memory.
 *
 * @example
 * ```ts
 * const history = new CurrentHistory(marketData, sqlMarketHistory(db));
 * await history.candles(1, "1m", { from: Date.UTC(2025, 0, 1), limit: 1_440 });
 * ```
 */
export class CurrentHistory {
  readonly #marketData: MarketData;
  readonly #kept: KeptHistory | undefined;

  /** Without a history there is no more than memory has. */
  constructor(marketData: MarketData, kept?: KeptHistory) {
    this.#marketData = marketData;
    this.#kept = kept;
  }

  /** As `MarketData.candles`, from the market's first trade on. */
  async candles(
    market: number,
    interval: CandleInterval,
    range: CandleRange = {},
  ): Promise<Candle[]> {
    const recent = this.#marketData.candles(market, interval, range);
    const first = this.#marketData.firstCandle(market, interval)?.openTime;
    if (this.#kept === undefined || first === undefined) return recent;
    const { from, limit = DEFAULT_LIMIT } = range;
    const lastStart = this.#lastStart(interval, range);
    const earliest = from ?? bucketBefore(interval, lastStart, limit - 1);
    if (earliest >= first) return recent;
    const before = Math.min(lastStart, first - 1);
    if (from === undefined) {
      const lacking = limit - recent.length;
      if (lacking <= 0) return recent;
      return [
        ...(await this.#kept.candles(market, interval, { to: before, limit: lacking })),
        ...recent,
      ];
    }
    const past = await this.#kept.candles(market, interval, { from, to: before, limit });
    return [...past, ...recent].slice(0, limit);
  }

  /** As `MarketData.trades`, from the market's first one on. */
  async trades(market: number, range: TradeRange = {}): Promise<PublicTrade[]> {
    const recent = this.#marketData.trades(market, range);
    const { fromId, limit = DEFAULT_LIMIT } = range;
    if (this.#kept === undefined || fromId === undefined) return recent;
    const [first] = this.#marketData.trades(market, { fromId: 0, limit: 1 });
    if (first === undefined || fromId >= first.tradeId) return recent;
    const past = await this.#kept.trades(market, { fromId, limit });
    return [...past.filter(({ tradeId }) => tradeId < first.tradeId), ...recent].slice(0, limit);
  }

  /** As `trades`, by time; of the last 1,000 trades alone if nothing older is kept. */
  async tradesBetween(
    market: number,
    { from, to, limit = DEFAULT_LIMIT }: TradeTimes,
  ): Promise<PublicTrade[]> {
    const isWithin = ({ at }: PublicTrade): boolean =>
      at >= (from ?? 0) && at <= (to ?? Number.POSITIVE_INFINITY);
    const recent = this.#marketData.trades(market, { limit: TRADES_RETAINED });
    const within = recent.filter(isWithin);
    const [first] = recent;
    const isAllThere = first !== undefined && from !== undefined && from > first.at;
    const past =
      this.#kept === undefined || first === undefined || isAllThere
        ? []
        : await this.#kept.trades(market, { from, to, limit });
    const all = [...past.filter(({ tradeId }) => tradeId < (first?.tradeId ?? 0)), ...within];
    return from === undefined ? all.slice(-limit) : all.slice(0, limit);
  }

  #lastStart(interval: CandleInterval, { to, now = 0 }: CandleRange): number {
    const present = Math.max(now, this.#marketData.time);
    return bucketStart(interval, Math.min(to ?? present, present));
  }
}

/** Which trades to read by time, in milliseconds since 1970-01-01 UTC: from the first on if `from` is given, else the newest. */
export interface TradeTimes {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** At most so many, 500 unless told otherwise. */
  readonly limit?: number | undefined;
}

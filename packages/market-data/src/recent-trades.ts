import { copied, count, type OpenCandle, openedBy } from "./candle.ts";
import type { CandleInterval } from "./interval.ts";
import type { PublicTrade } from "./public-trade.ts";
import { type CandleCorrection, RecentCandles, type RecentCandlesState } from "./recent-candles.ts";
import { TradeTape } from "./trade-tape.ts";

/** What a snapshot keeps of them. */
export interface RecentTradesState {
  readonly trades: readonly PublicTrade[];
  readonly settled: RecentCandlesState;
}

/**
 * A market's trades as long as they can be taken back, so that a candle can be counted again without one of them.
 *
 * A trade that is too old for that leaves, and is final. Of each interval, what the final trades of the newest bucket add up to is
 * kept: with it and the trades that are still here, every bucket that a bust can touch can be counted, however long.
 */
export class RecentTrades {
  readonly #tape: TradeTape;
  #settled: RecentCandles = new RecentCandles(1);

  constructor(market: number, limit: number) {
    this.#tape = new TradeTape(market, limit);
  }

  append(trade: PublicTrade): void {
    const left = this.#tape.append(trade);
    if (left !== undefined) this.#settle(left);
  }

  /** Makes trades below an id final, but keeps so many to be read. */
  settleBefore(tradeId: number, kept: number): void {
    while (this.#tape.length > kept && this.#tape.idAt(0) < tradeId) {
      this.#settle(this.#tape.dropOldest());
    }
  }

  /** Takes a trade back and answers it; undefined if it is not here, or was taken back before. */
  bust(tradeId: number): PublicTrade | undefined {
    const index = this.#tape.firstOfId(tradeId);
    if (index === this.#tape.length || this.#tape.idAt(index) !== tradeId) return undefined;
    if (this.#tape.isBusted(index)) return undefined;
    this.#tape.markBusted(index);
    return this.#tape.at(index);
  }

  /** The last trade that stands. */
  get last(): PublicTrade | undefined {
    for (let index = this.#tape.length - 1; index >= 0; index -= 1) {
      if (!this.#tape.isBusted(index)) return this.#tape.at(index);
    }
    return undefined;
  }

  /** Of the last `among` trades, the first `limit` from an id on; without an id, the last. */
  read(among: number, limit: number, fromId?: number): PublicTrade[] {
    const { length } = this.#tape;
    const oldest = Math.max(0, length - among);
    const from =
      fromId === undefined
        ? Math.max(oldest, length - limit)
        : Math.max(oldest, this.#tape.firstOfId(fromId));
    return this.#tape.slice(from, Math.min(length, from + limit));
  }

  /** Counts the trades that stand, from the start of an interval's bucket until before a moment. */
  recount(interval: CandleInterval, start: number, until: number): OpenCandle | undefined {
    const settled = this.#settled.latest(interval);
    let candle = settled?.openTime === start ? copied(interval, settled) : undefined;
    for (let index = this.#tape.firstFrom(start); index < this.#tape.length; index += 1) {
      const trade = this.#tape.at(index);
      if (trade.at >= until) break;
      if (trade.busted === true) continue;
      candle ??= openedBy(interval, trade);
      count(candle, trade);
    }
    return candle;
  }

  state(): RecentTradesState {
    return { trades: this.#tape.slice(0, this.#tape.length), settled: this.#settled.state() };
  }

  static restored(market: number, limit: number, state: RecentTradesState): RecentTrades {
    const recent = new RecentTrades(market, limit);
    for (const trade of state.trades) recent.#tape.append(trade);
    recent.#settled = RecentCandles.restored(state.settled, 1);
    return recent;
  }

  #settle(trade: PublicTrade): void {
    if (trade.busted === true) return;
    this.#settled.advance(trade.at, () => {});
    this.#settled.record(trade);
  }
}

/** A trade that was taken back, and all candles that had counted it and are still kept. */
export interface TradeBust {
  readonly trade: PublicTrade;
  /** When it was taken back, in milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  readonly candles: readonly CandleCorrection[];
}

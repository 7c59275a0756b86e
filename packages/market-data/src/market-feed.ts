import {
  decodeEvent,
  type EngineEvent,
  EventKind,
  type RecordViews,
  recordKind,
} from "@pincex/engine";
import type { Candle } from "./candle.ts";
import { CandleHistory, type CandleRange } from "./candle-history.ts";
import type { CandleInterval } from "./interval.ts";
import { L2Book, type PriceLevel } from "./l2-book.ts";
import type { MarketFeedState } from "./market-feed-snapshot.ts";
import type { PublicTrade } from "./public-trade.ts";
import { RecentTrades, type TradeBust } from "./recent-trades.ts";
import {
  type Quote,
  quoteOf,
  TICKER_MINUTES,
  type Ticker,
  tickerOf,
  tickerWindowStart,
} from "./ticker.ts";
import { TRADES_BUSTABLE } from "./trade-tape.ts";

/** How many of a market's trades can be read back. */
export const TRADES_RETAINED = 1_000;

/** Price and quantity of one level, in ticks and lots. */
export type BookRow = readonly [price: number, quantity: number];

/** The book by price level, best first, as it stood after level change number `updateId`. */
export interface BookSnapshot {
  readonly updateId: number;
  readonly bids: readonly BookRow[];
  readonly asks: readonly BookRow[];
}

/**
 * The levels that changed since the last update, with their quantities now; 0 means that the level is gone.
 *
 * Level changes are counted, one by one: this update covers numbers `firstUpdateId` to `lastUpdateId`, and the next one
 * starts at `lastUpdateId + 1`. Apply it to a `BookSnapshot` if `lastUpdateId` is above the snapshot's `updateId`.
 */
export interface BookUpdate {
  readonly market: number;
  readonly at: number;
  readonly firstUpdateId: number;
  readonly lastUpdateId: number;
  readonly bids: readonly BookRow[];
  readonly asks: readonly BookRow[];
}

/** The best of both sides after level change number `updateId`. */
export interface BestQuotes {
  readonly market: number;
  readonly updateId: number;
  readonly bid: Quote;
  readonly ask: Quote;
}

/** Which trades to read. */
export interface TradeRange {
  /** At most so many, 500 unless told otherwise. */
  readonly limit?: number | undefined;
  /** Count from this trade on; otherwise the newest are answered. */
  readonly fromId?: number | undefined;
}

/** Told what happens while a feed follows a market. It must not throw: the feed has counted the event already. */
export interface FeedListener {
  trade?(trade: PublicTrade): void;
  /** The candle will not change any more. Buckets without a trade are not told. */
  candleEnded?(interval: CandleInterval, candle: Candle): void;
}

/**
 * What the public sees of one market, from the engine's events alone: trades, the book by price level, candles at every
 * interval, a rolling 24-hour ticker.
 *
 * It has no clock: time comes with the events, and never goes back. The same events give the same answers.
 */
export class MarketFeed {
  readonly market: number;
  readonly #listener: FeedListener;
  #book: L2Book = new L2Book();
  #trades: RecentTrades;
  #candles: CandleHistory = new CandleHistory();
  #told: { updateId: number; bids: Set<number>; asks: Set<number> } = {
    updateId: 0,
    bids: new Set(),
    asks: new Set(),
  };

  constructor(market: number, listener: FeedListener = {}) {
    this.market = market;
    this.#listener = listener;
    this.#trades = new RecentTrades(market, TRADES_BUSTABLE);
  }

  /** Counts the level changes so far. */
  get updateId(): number {
    return this.#book.updateId;
  }

  /** The latest time that the feed has heard of, in milliseconds since 1970-01-01 UTC. */
  get time(): number {
    return this.#candles.time;
  }

  /** Follows one event of this market, at the time of the command that caused it. Other kinds than trades and level changes are passed over. */
  apply(event: EngineEvent, at: number): void {
    if (event.kind !== "trade" && event.kind !== "level_changed") return;
    if (event.market !== this.market) {
      throw new RangeError(`expected an event of market ${this.market}, was of ${event.market}`);
    }
    this.advance(at);
    if (event.kind === "trade") {
      const { tradeId, price, quantity, takerSide } = event;
      this.#trade({ market: this.market, tradeId, price, quantity, takerSide, at });
    } else {
      const { price, quantity, orders } = event;
      this.#level(event.side, { price, quantity, orders });
    }
  }

  /** As `apply`, for an event in its encoded form. */
  applyRecord(views: RecordViews, offset: number, at: number): void {
    const kind = recordKind(views, offset);
    if (kind === EventKind.trade || kind === EventKind.levelChanged) {
      this.apply(decodeEvent(views, offset), at);
    }
  }

  /** Lets time pass without an event: candles end by it. */
  advance(at: number): void {
    if (at < this.time) throw new RangeError(`expected a time from ${this.time} on, was ${at}`);
    this.#candles.advance(at, (interval, candle) => this.#listener.candleEnded?.(interval, candle));
  }

  /** Up to the last 1,000 trades, oldest first. */
  trades({ limit = 500, fromId }: TradeRange = {}): PublicTrade[] {
    return this.#trades.read(TRADES_RETAINED, limit, fromId);
  }

  /**
   * Takes a trade back: it is marked, and counts in no candle and no ticker from now on, as if it had never been. Answers what was
   * corrected; undefined, and nothing changes, if the trade was taken back before or is none of the last 65,536.
   */
  bust(tradeId: number, at: number): TradeBust | undefined {
    this.advance(at);
    const trade = this.#trades.bust(tradeId);
    if (trade === undefined) return undefined;
    const candles = this.#candles.correct(trade.at, (...bucket) => this.#trades.recount(...bucket));
    return { trade, at, candles };
  }

  /** Trades with lower ids will not be taken back: what is kept for that can go. */
  settleTradesBefore(tradeId: number): void {
    this.#trades.settleBefore(tradeId, TRADES_RETAINED);
  }

  /** The last one that stands. */
  get lastTrade(): PublicTrade | undefined {
    return this.#trades.last;
  }

  /** The best `depth` levels of each side. */
  book(depth = 1_000): BookSnapshot {
    return {
      updateId: this.updateId,
      bids: this.#book.levels("buy", depth).map(rowOf),
      asks: this.#book.levels("sell", depth).map(rowOf),
    };
  }

  bestQuotes(): BestQuotes {
    return {
      market: this.market,
      updateId: this.updateId,
      bid: quoteOf(this.#book.best("buy")),
      ask: quoteOf(this.#book.best("sell")),
    };
  }

  /** The book's changes since the last call, or undefined if there were none. */
  takeBookUpdate(): BookUpdate | undefined {
    const told = this.#told;
    if (told.updateId === this.updateId) return undefined;
    const rows = (side: "buy" | "sell", prices: Set<number>): BookRow[] =>
      Array.from(prices, (price) => [price, this.#book.at(side, price).quantity]);
    const update: BookUpdate = {
      market: this.market,
      at: this.time,
      firstUpdateId: told.updateId + 1,
      lastUpdateId: this.updateId,
      bids: rows("buy", told.bids),
      asks: rows("sell", told.asks),
    };
    this.#told = { updateId: this.updateId, bids: new Set(), asks: new Set() };
    return update;
  }

  /** Candles of one interval, oldest first; buckets without a trade stand flat at the close before them. */
  candles(interval: CandleInterval, range: CandleRange = {}): Candle[] {
    return this.#candles.read(interval, range);
  }

  /** The newest candle with a trade, which may still be open; undefined before the first trade. */
  latestCandle(interval: CandleInterval): Candle | undefined {
    return this.#candles.latest(interval);
  }

  /** The 24 hours up to `now`, or to the latest time that the feed has heard of if that is later. */
  ticker(now: number = this.time): Ticker {
    const until = Math.max(now, this.time);
    return tickerOf({
      market: this.market,
      now: until,
      window: this.#candles.rolling(TICKER_MINUTES, until),
      previousClose: this.#candles.closeBefore(tickerWindowStart(until)),
      lastQuantity: this.lastTrade?.quantity ?? 0,
      bid: this.#book.best("buy"),
      ask: this.#book.best("sell"),
    });
  }

  /** All that the feed knows, except what it has told its listener. */
  state(): MarketFeedState {
    return {
      market: this.market,
      updateId: this.updateId,
      bids: this.#book.all("buy"),
      asks: this.#book.all("sell"),
      trades: this.#trades.state(),
      candles: this.#candles.state(),
    };
  }

  static restored(state: MarketFeedState, listener: FeedListener = {}): MarketFeed {
    const feed = new MarketFeed(state.market, listener);
    feed.#book = L2Book.restored(state.updateId, state.bids, state.asks);
    feed.#told.updateId = state.updateId;
    feed.#trades = RecentTrades.restored(state.market, TRADES_BUSTABLE, state.trades);
    feed.#candles = CandleHistory.restored(state.candles);
    return feed;
  }

  #trade(trade: PublicTrade): void {
    this.#trades.append(trade);
    this.#candles.record(trade);
    this.#listener.trade?.(trade);
  }

  #level(side: "buy" | "sell", level: PriceLevel): void {
    this.#book.change(side, level);
    (side === "buy" ? this.#told.bids : this.#told.asks).add(level.price);
  }
}

const rowOf = ({ price, quantity }: PriceLevel): BookRow => [price, quantity];

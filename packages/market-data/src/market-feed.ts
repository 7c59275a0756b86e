import {
  decodeEvent,
  type EngineEvent,
  EventKind,
  type PhaseName,
  type RecordViews,
  recordKind,
  type SideName,
} from "@pincex/engine";
import { TRADES_RETAINED as TRADES_BUSTABLE } from "@pincex/venue";
import type { AuctionState } from "./auction-state.ts";
import { bookChecksum, CHECKSUM_LEVELS } from "./book-checksum.ts";
import type { Candle } from "./candle.ts";
import type { IndicativePrice } from "./indicative-price.ts";
import { bucketStart, type CandleInterval } from "./interval.ts";
import { L2Book, type PriceLevel } from "./l2-book.ts";
import type { MarketFeedState } from "./market-feed-snapshot.ts";
import type { PublicTrade } from "./public-trade.ts";
import { type CandleRange, RecentCandles } from "./recent-candles.ts";
import { RecentTrades, type TradeBust } from "./recent-trades.ts";
import {
  type Quote,
  quoteOf,
  TICKER_MINUTES,
  type Ticker,
  tickerOf,
  tickerWindowStart,
} from "./ticker.ts";

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

/**
 * A book update as it is told: with the number before it, so that a gap shows from one message to the next, and with what
 * `bookChecksum` must give of the client's copy once the update is applied, in ticks and lots.
 */
export interface BookMessage extends BookUpdate {
  /** The last level change of the message before: `firstUpdateId - 1`. */
  readonly previousUpdateId: number;
  readonly checksum: number;
}

/** The best of both sides after level change number `updateId`. */
export interface BestQuotes {
  readonly market: number;
  readonly updateId: number;
  readonly bid: Quote;
  readonly ask: Quote;
}

/** Best quotes that moved, with the number at which they moved before. */
export interface QuotesMessage extends BestQuotes {
  /** The `updateId` of the message before. */
  readonly previousUpdateId: number;
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
  indicative?(indicative: IndicativePrice): void;
  /** The level that changed, and what was there before. */
  level?(change: LevelChange): void;
  /** The market is in another phase, or what its auction would do has changed. */
  auction?(state: AuctionState): void;
  /** The candle will not change any more. Buckets without a trade are not told. */
  candleEnded?(interval: CandleInterval, candle: Candle): void;
}

/** One change of one price level. */
export interface LevelChange {
  readonly side: SideName;
  /** Ticks. */
  readonly price: number;
  /** Lots that rest there now; 0 where the level is gone. */
  readonly quantity: number;
  /** Lots that rested there before it. */
  readonly before: number;
}

const FOLLOWED: ReadonlySet<number> = new Set([
  EventKind.trade,
  EventKind.levelChanged,
  EventKind.indicative,
  EventKind.phaseChanged,
]);

/** The phases in which orders collect, and an auction's price is told beforehand. */
const COLLECTING: ReadonlySet<PhaseName> = new Set(["pre_open", "auction", "closing_auction"]);

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
  #candles: RecentCandles = new RecentCandles();
  #told: { updateId: number; bids: Set<number>; asks: Set<number> } = {
    updateId: 0,
    bids: new Set(),
    asks: new Set(),
  };

  #quoted: BestQuotes;
  #indicative: IndicativePrice | undefined;
  #phase: PhaseName = "open";
  #auctionChanges = 0;
  #tradeChanges = 0;

  constructor(market: number, listener: FeedListener = {}) {
    this.market = market;
    this.#listener = listener;
    this.#trades = new RecentTrades(market, TRADES_BUSTABLE);
    this.#quoted = this.bestQuotes();
  }

  /** Counts the level changes so far. */
  get updateId(): number {
    return this.#book.updateId;
  }

  /** The latest time that the feed has heard of, in milliseconds since 1970-01-01 UTC. */
  get time(): number {
    return this.#candles.time;
  }

  /**
   * Follows one event of this market, at the time of the command that caused it. Other kinds than trades, level changes, indicative prices
   * and phases are passed over.
   */
  apply(event: EngineEvent, at: number): void {
    switch (event.kind) {
      case "trade": {
        this.#begin(event.market, at);
        const { tradeId, price, quantity, takerSide } = event;
        this.#trade({ market: this.market, tradeId, price, quantity, takerSide, at });
        return;
      }
      case "level_changed": {
        this.#begin(event.market, at);
        const { price, quantity, orders } = event;
        this.#level(event.side, { price, quantity, orders });
        return;
      }
      case "indicative": {
        this.#begin(event.market, at);
        const { price, quantity, surplus } = event;
        this.#indicative = { market: this.market, at, price, quantity, surplus };
        this.#listener.indicative?.(this.#indicative);
        this.#changeAuction();
        return;
      }
      case "phase_changed":
        this.#begin(event.market, at);
        this.#phase = event.phase;
        if (!COLLECTING.has(event.phase)) this.#indicative = undefined;
        this.#changeAuction();
    }
  }

  #changeAuction(): void {
    this.#auctionChanges += 1;
    this.#listener.auction?.(this.auction());
  }

  /** As `apply`, for an event in its encoded form. */
  applyRecord(views: RecordViews, offset: number, at: number): void {
    if (FOLLOWED.has(recordKind(views, offset))) this.apply(decodeEvent(views, offset), at);
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
    this.#tradeChanges += 1;
    const candles = this.#candles.correct(trade.at, (...bucket) => this.#trades.recount(...bucket));
    return { trade, at, candles };
  }

  /** Trades with lower ids will not be taken back: what is kept for that can go. */
  settleTradesBefore(tradeId: number): void {
    this.#trades.settleBefore(tradeId, TRADES_RETAINED);
  }

  /** Counts the trades so far, and once more those that were taken back. */
  get tradeChanges(): number {
    return this.#tradeChanges;
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

  /** What `bookChecksum` gives of the book, in ticks and lots. */
  checksum(): number {
    return bookChecksum(this.book(CHECKSUM_LEVELS));
  }

  /** What an auction would do, while the market collects orders for one and something was told of it. */
  get indicative(): IndicativePrice | undefined {
    return this.#indicative;
  }

  /** The phase, and what an auction would do in it. */
  auction(): AuctionState {
    return {
      market: this.market,
      number: this.#auctionChanges,
      phase: this.#phase,
      indicative: this.#indicative,
    };
  }

  /** The book's changes since the last call, or undefined if there were none. */
  takeBookUpdate(): BookMessage | undefined {
    const told = this.#told;
    if (told.updateId === this.updateId) return undefined;
    const rows = (side: "buy" | "sell", prices: Set<number>): BookRow[] =>
      Array.from(prices, (price) => [price, this.#book.at(side, price).quantity]);
    const update: BookMessage = {
      market: this.market,
      at: this.time,
      previousUpdateId: told.updateId,
      firstUpdateId: told.updateId + 1,
      lastUpdateId: this.updateId,
      bids: rows("buy", told.bids),
      asks: rows("sell", told.asks),
      checksum: this.checksum(),
    };
    this.#told = { updateId: this.updateId, bids: new Set(), asks: new Set() };
    return update;
  }

  /** The best quotes, if they are not those of the last call. */
  takeQuotes(): QuotesMessage | undefined {
    const quotes = this.bestQuotes();
    const before = this.#quoted;
    if (sameQuote(before.bid, quotes.bid) && sameQuote(before.ask, quotes.ask)) return undefined;
    this.#quoted = quotes;
    return { ...quotes, previousUpdateId: before.updateId };
  }

  /** Candles of one interval, oldest first; buckets without a trade stand flat at the close before them. */
  candles(interval: CandleInterval, range: CandleRange = {}): Candle[] {
    return this.#candles.read(interval, range);
  }

  /** The oldest candle with a trade that is still kept; undefined before the first trade. */
  firstCandle(interval: CandleInterval): Candle | undefined {
    return this.#candles.first(interval);
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
      openTime: tickerWindowStart(until),
      now: until,
      window: this.#candles.rolling(TICKER_MINUTES, until),
      previousClose: this.#candles.closeBefore(tickerWindowStart(until)),
      lastQuantity: this.lastTrade?.quantity ?? 0,
      bid: this.#book.best("buy"),
      ask: this.#book.best("sell"),
    });
  }

  /**
   * The present day, week or month up to `now`, as the calendar has it in UTC, or any other interval's present bucket; `ticker` is the
   * one that moves on minute by minute. Its previous price is that of the last trade before the bucket, as far back as candles of the
   * interval are kept.
   */
  calendarTicker(interval: CandleInterval, now: number = this.time): Ticker {
    const until = Math.max(now, this.time);
    const openTime = bucketStart(interval, until);
    const latest = this.#candles.latest(interval);
    return tickerOf({
      market: this.market,
      openTime,
      now: until,
      window: latest?.openTime === openTime ? latest : undefined,
      previousClose: this.#candles.closeBeforeBucket(interval, openTime),
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
      indicative: this.#indicative,
      phase: this.#phase,
      auctionChanges: this.#auctionChanges,
      tradeChanges: this.#tradeChanges,
    };
  }

  static restored(state: MarketFeedState, listener: FeedListener = {}): MarketFeed {
    const feed = new MarketFeed(state.market, listener);
    feed.#book = L2Book.restored(state.updateId, state.bids, state.asks);
    feed.#told.updateId = state.updateId;
    feed.#quoted = feed.bestQuotes();
    feed.#indicative = state.indicative;
    feed.#phase = state.phase;
    feed.#auctionChanges = state.auctionChanges;
    feed.#tradeChanges = state.tradeChanges;
    feed.#trades = RecentTrades.restored(state.market, TRADES_BUSTABLE, state.trades);
    feed.#candles = RecentCandles.restored(state.candles);
    return feed;
  }

  #begin(market: number, at: number): void {
    if (market !== this.market) {
      throw new RangeError(`expected an event of market ${this.market}, was of ${market}`);
    }
    this.advance(at);
  }

  #trade(trade: PublicTrade): void {
    this.#tradeChanges += 1;
    this.#trades.append(trade);
    this.#candles.record(trade);
    this.#listener.trade?.(trade);
  }

  #level(side: "buy" | "sell", level: PriceLevel): void {
    const { price, quantity } = level;
    const { level: hears } = this.#listener;
    const before = hears === undefined ? 0 : this.#book.at(side, price).quantity;
    this.#book.change(side, level);
    hears?.({ side, price, quantity, before });
    (side === "buy" ? this.#told.bids : this.#told.asks).add(level.price);
  }
}

const rowOf = ({ price, quantity }: PriceLevel): BookRow => [price, quantity];

const sameQuote = (one: Quote, other: Quote): boolean =>
  one.price === other.price && one.quantity === other.quantity;

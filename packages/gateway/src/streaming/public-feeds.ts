import type {
  AuctionState,
  BestQuotes,
  BookUpdate,
  CandleInterval,
  CandleUpdate,
  DepthChange,
  MarketData,
  MarketDataEvents,
  MarketDataNotices,
  PublicTrade,
  TapeChange,
  Ticker,
} from "@pincex/market-data";
import { ConflatedBook } from "./conflated-book.ts";

/** Stops listening. Calling it again does nothing. */
export type Unsubscribe = () => void;

/** How often a book is told, in milliseconds. */
export type BookPace = 100 | 1_000;

type Followed = MarketDataEvents & Pick<MarketDataNotices, "tape" | "depth" | "auction">;

const TICK_MS = 100;
const CANDLE_TICKS = 2;
const TICKER_TICKS = 10;

/**
 * Market data at the pace that a network can bear: trades and best quotes as they happen, books every 100 ms or second,
 * open candles every 200 ms, tickers every second, each at its newest state. Shared by all dialects and all clients.
 *
 * Nothing is computed for what nobody listens to.
 */
export class PublicFeeds {
  readonly #marketData: MarketData;
  readonly #trades = new Listeners<number, PublicTrade>();
  readonly #tape = new Listeners<number, TapeChange>();
  readonly #depth = new Listeners<number, DepthChange>();
  readonly #auctions = new Listeners<number, AuctionState>();
  readonly #quotes = new Listeners<number, BestQuotes>();
  readonly #candles = new Listeners<string, CandleUpdate>();
  readonly #tickers = new Listeners<number, Ticker>();
  readonly #books = new Map<
    string,
    { book: ConflatedBook; listeners: Set<(u: BookUpdate) => void> }
  >();
  readonly #openCandles = new Map<string, CandleUpdate>();
  readonly #newTickers = new Map<number, Ticker>();
  readonly #attached = new Map<keyof Followed, () => void>();
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;

  constructor(marketData: MarketData) {
    this.#marketData = marketData;
  }

  onTrade(market: number, listener: (trade: PublicTrade) => void): Unsubscribe {
    this.#attach("trade", (trade: PublicTrade) => this.#trades.tell(trade.market, trade));
    return this.#subscribed(this.#trades.add(market, listener));
  }

  /** Trades and busts, numbered. */
  onTape(market: number, listener: (change: TapeChange) => void): Unsubscribe {
    this.#attach("tape", (change) => this.#tape.tell(change.trade.market, change));
    return this.#subscribed(this.#tape.add(market, listener));
  }

  /** What each command did to a book. */
  onDepth(market: number, listener: (change: DepthChange) => void): Unsubscribe {
    this.#attach("depth", (change) => this.#depth.tell(change.market, change));
    return this.#subscribed(this.#depth.add(market, listener));
  }

  onAuction(market: number, listener: (state: AuctionState) => void): Unsubscribe {
    this.#attach("auction", (state) => this.#auctions.tell(state.market, state));
    return this.#subscribed(this.#auctions.add(market, listener));
  }

  onQuotes(market: number, listener: (quotes: BestQuotes) => void): Unsubscribe {
    this.#attach("quotes", (quotes: BestQuotes) => this.#quotes.tell(quotes.market, quotes));
    return this.#subscribed(this.#quotes.add(market, listener));
  }

  onCandle(
    market: number,
    interval: CandleInterval,
    listener: (update: CandleUpdate) => void,
  ): Unsubscribe {
    this.#attach("candle", (update: CandleUpdate) => this.#followCandle(update));
    return this.#subscribed(this.#candles.add(candleKey(market, interval), listener));
  }

  onTicker(market: number, listener: (ticker: Ticker) => void): Unsubscribe {
    this.#attach("ticker", (ticker: Ticker) => {
      if (this.#tickers.hears(ticker.market)) this.#newTickers.set(ticker.market, ticker);
    });
    return this.#subscribed(this.#tickers.add(market, listener));
  }

  onBook(market: number, pace: BookPace, listener: (update: BookUpdate) => void): Unsubscribe {
    this.#attach("book", (update: BookUpdate) => this.#followBook(update));
    const key = bookKey(market, pace);
    const entry = this.#books.get(key) ?? { book: new ConflatedBook(), listeners: new Set() };
    this.#books.set(key, entry);
    entry.listeners.add(listener);
    return this.#subscribed(() => {
      entry.listeners.delete(listener);
      if (entry.listeners.size === 0) this.#books.delete(key);
    });
  }

  /**
   * Tells what is pending of a book now. A snapshot taken right after stands exactly between two updates, so that it can
   * be the first message of a stream without a gap.
   */
  flushBook(market: number, pace: BookPace): void {
    this.#tellBook(bookKey(market, pace));
  }

  /** Tells what is pending of an open candle now. */
  flushCandle(market: number, interval: CandleInterval): void {
    this.#tellOpenCandle(candleKey(market, interval));
  }

  close(): void {
    for (const [event, listener] of this.#attached) this.#marketData.off(event, listener);
    this.#attached.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #subscribed(unsubscribe: () => void): Unsubscribe {
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref();
    let listening = true;
    return () => {
      if (!listening) return;
      listening = false;
      unsubscribe();
      this.#detachUnheard();
    };
  }

  #attach<E extends keyof Followed>(event: E, listener: Followed[E]): void {
    if (this.#attached.has(event)) return;
    this.#attached.set(event, listener as () => void);
    this.#marketData.on(event, listener as () => void);
  }

  #detachUnheard(): void {
    const unheard: Record<keyof Followed, boolean> = {
      trade: this.#trades.size === 0,
      tape: this.#tape.size === 0,
      depth: this.#depth.size === 0,
      auction: this.#auctions.size === 0,
      quotes: this.#quotes.size === 0,
      candle: this.#candles.size === 0,
      ticker: this.#tickers.size === 0,
      book: this.#books.size === 0,
    };
    for (const [event, listener] of this.#attached) {
      if (!unheard[event]) continue;
      this.#marketData.off(event, listener);
      this.#attached.delete(event);
    }
    if (this.#attached.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #followBook(update: BookUpdate): void {
    for (const pace of [100, 1_000] as const) {
      this.#books.get(bookKey(update.market, pace))?.book.add(update);
    }
  }

  #followCandle(update: CandleUpdate): void {
    const key = candleKey(update.market, update.interval);
    if (!this.#candles.hears(key)) return;
    if (!update.ended) {
      this.#openCandles.set(key, update);
      return;
    }
    // Its last state is in the ended candle; telling the open one after it would take it back. Another is told first: numbers go up.
    const open = this.#openCandles.get(key);
    if (open?.candle.openTime === update.candle.openTime) this.#openCandles.delete(key);
    else this.#tellOpenCandle(key);
    this.#candles.tell(key, update);
  }

  #tick(): void {
    this.#ticks += 1;
    for (const key of this.#books.keys()) {
      if (key.endsWith("@100") || this.#ticks % 10 === 0) this.#tellBook(key);
    }
    if (this.#ticks % CANDLE_TICKS === 0) tellAll(this.#openCandles, this.#candles);
    if (this.#ticks % TICKER_TICKS === 0) tellAll(this.#newTickers, this.#tickers);
  }

  #tellOpenCandle(key: string): void {
    const open = this.#openCandles.get(key);
    this.#openCandles.delete(key);
    if (open !== undefined) this.#candles.tell(key, open);
  }

  #tellBook(key: string): void {
    const entry = this.#books.get(key);
    const update = entry?.book.take();
    if (entry === undefined || update === undefined) return;
    for (const listener of [...entry.listeners]) listener(update);
  }
}

const bookKey = (market: number, pace: BookPace): string => `${market}@${pace}`;

const candleKey = (market: number, interval: CandleInterval): string => `${market}@${interval}`;

const tellAll = <K, V>(pending: Map<K, V>, listeners: Listeners<K, V>): void => {
  for (const [key, value] of pending) listeners.tell(key, value);
  pending.clear();
};

/** Who listens to what. */
class Listeners<K, V> {
  readonly #byKey = new Map<K, Set<(value: V) => void>>();

  get size(): number {
    return this.#byKey.size;
  }

  hears(key: K): boolean {
    return this.#byKey.has(key);
  }

  add(key: K, listener: (value: V) => void): () => void {
    const listeners = this.#byKey.get(key) ?? new Set();
    this.#byKey.set(key, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#byKey.delete(key);
    };
  }

  tell(key: K, value: V): void {
    const listeners = this.#byKey.get(key);
    if (listeners === undefined) return;
    for (const listener of [...listeners]) listener(value);
  }
}

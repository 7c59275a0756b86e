import type { Candle } from "../candle.ts";
import type { CandleInterval } from "../interval.ts";
import { type CandleRange, RecentCandles } from "../recent-candles.ts";
import type { MarketDataSource, SourceConnection } from "./market-data-source.ts";
import { type ResyncReason, SourceBook } from "./source-book.ts";
import type {
  SourceBookRow,
  SourceFault,
  SourceMessage,
  SourceQuote,
  SourceTrade,
} from "./source-message.ts";

/** What can be wrong with a source. A listener must not throw. */
export interface FollowedMarketListener {
  /** The book was lost and a snapshot was asked for. */
  resync?(reason: ResyncReason | "connection_lost"): void;
  /** A message made no sense and was passed over; if it was of the book, a gap follows by itself. */
  fault?(fault: SourceFault): void;
}

/** A source's price at a moment, as `referencePrice` takes it. */
export interface SourceQuotation {
  readonly source: string;
  /** A whole number of units that all sources share. */
  readonly price: number;
  /** When the source last said something of its book, in milliseconds since 1970-01-01 UTC. */
  readonly at: number;
}

/**
 * An outside market as one source tells it: its last trade, a book that is right or empty, candles counted from its trades.
 *
 * It has no clock: times come with the messages.
 *
 * @example
 * ```ts
 * const market = new FollowedMarket(source, { resync: (reason) => log.warn(reason) });
 * market.quotation(2); // the middle of its best quotes in cents, or undefined
 * market.close();
 * ```
 */
export class FollowedMarket {
  readonly #source: MarketDataSource;
  readonly #listener: FollowedMarketListener;
  readonly #book: SourceBook;
  readonly #candles: RecentCandles = new RecentCandles();
  readonly #ownCandles: Map<CandleInterval, Candle> = new Map();
  readonly #connection: SourceConnection;
  #lastTrade: SourceTrade | undefined;
  #bookAt = 0;

  constructor(source: MarketDataSource, listener: FollowedMarketListener = {}) {
    this.#source = source;
    this.#listener = listener;
    this.#book = new SourceBook(source.book);
    this.#connection = source.open({
      message: (message, at) => this.#hear(message, at),
      lost: () => this.#lost(),
    });
  }

  /** Whether the book stands as the exchange has it. While it does not, it is empty. */
  get isLive(): boolean {
    return this.#book.isLive;
  }

  /** The exchange's number of the last change in the book; 0 where they are not numbered, or the book is lost. */
  get lastUpdateId(): number {
    return this.#book.lastUpdateId;
  }

  get lastTrade(): SourceTrade | undefined {
    return this.#lastTrade;
  }

  /** The best `depth` levels of each side, in units of the source's last decimals. */
  book(depth = 1_000): {
    readonly bids: readonly SourceBookRow[];
    readonly asks: readonly SourceBookRow[];
  } {
    return { bids: this.#book.levels("buy", depth), asks: this.#book.levels("sell", depth) };
  }

  bestQuotes(): { readonly bid: SourceQuote; readonly ask: SourceQuote } {
    return { bid: this.#book.best("buy"), ask: this.#book.best("sell") };
  }

  /** Candles of the trades that were heard, by the same rules as those of our own markets. */
  candles(interval: CandleInterval, range: CandleRange = {}): Candle[] {
    return this.#candles.read(interval, range);
  }

  /** The exchange's own newest candle of an interval, where it tells candles. */
  ownCandle(interval: CandleInterval): Candle | undefined {
    return this.#ownCandles.get(interval);
  }

  /**
   * The middle of the best quotes in units of `decimals` decimal places, rounded down; undefined while the book is lost or one of its
   * sides is empty.
   */
  quotation(decimals: number): SourceQuotation | undefined {
    const { bid, ask } = this.bestQuotes();
    if (bid.price === 0n || ask.price === 0n) return undefined;
    const scale = 10n ** BigInt(decimals);
    const divisor = 2n * 10n ** BigInt(this.#source.market.priceDecimals);
    const price = Number(((bid.price + ask.price) * scale) / divisor);
    return { source: this.#source.name, price, at: this.#bookAt };
  }

  /** Ends listening. What was heard can still be read. */
  close(): void {
    this.#connection.close();
  }

  #hear(message: SourceMessage, at: number): void {
    switch (message.kind) {
      case "trade":
        this.#count(message);
        return;
      case "candle":
        this.#ownCandles.set(message.interval, message.candle);
        return;
      case "fault":
        this.#listener.fault?.(message);
        return;
      case "book_snapshot":
      case "book_update": {
        const outcome = this.#book.hear(message);
        if (outcome.kind === "resync") this.#resync(outcome.reason);
        else this.#bookAt = at;
      }
    }
  }

  #count(trade: SourceTrade): void {
    this.#lastTrade = trade;
    // Exchanges send trades of several of their machines, which are not quite in the order of time: ours never goes back.
    const at = Math.max(trade.at, this.#candles.time);
    this.#candles.advance(at, () => {});
    const { tradeId, price, quantity, takerSide } = trade;
    this.#candles.record({ market: 0, tradeId, price, quantity, takerSide, at });
  }

  #lost(): void {
    this.#book.forget();
    this.#resync("connection_lost");
  }

  #resync(reason: ResyncReason | "connection_lost"): void {
    this.#listener.resync?.(reason);
    this.#connection.resync();
  }
}

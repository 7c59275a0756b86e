import type { SourceBookOptions } from "./source-book.ts";
import type { SourceMessage } from "./source-message.ts";
import type { SourceMarket } from "./source-units.ts";

/**
 * An outside feed of one market: the port that a host implements, with an adapter such as `binanceMessages` or
 * `krakenMessages` and a connection of its own.
 *
 * It tells messages in the order in which the exchange sent them. It does not judge them: `FollowedMarket` does, and asks for a
 * new snapshot where the book was lost.
 */
export interface MarketDataSource {
  /** Names the source: "binance". */
  readonly name: string;
  readonly market: SourceMarket;
  /** How its book is followed. */
  readonly book: SourceBookOptions;
  /** Begins to listen. Never called twice. */
  open(listener: SourceListener): SourceConnection;
}

export interface SourceListener {
  /** `at`: when it came, in milliseconds since 1970-01-01 UTC. */
  message(message: SourceMessage, at: number): void;
  /** The connection broke: what comes after the next snapshot is a new beginning. */
  lost(at: number): void;
}

export interface SourceConnection {
  /** Asks for a snapshot of the book: by another request, or by subscribing anew, as the exchange has it. */
  resync(): void;
  /** Nothing is told any more. */
  close(): void;
}

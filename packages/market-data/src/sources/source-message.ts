import type { SideName } from "@pincex/engine";
import type { Candle } from "../candle.ts";
import type { CandleInterval } from "../interval.ts";

// What all exchanges say, in one language. Prices and quantities are whole units of the market's last decimals, times are in
// milliseconds since 1970-01-01 UTC.

/** Price and quantity of a level. Deep levels have prices and quantities that no number could count in units so small. */
export type SourceBookRow = readonly [price: bigint, quantity: bigint];

/** The best price of one side and what rests there; both are 0 where nothing rests. */
export interface SourceQuote {
  readonly price: bigint;
  readonly quantity: bigint;
}

/** A trade on the outside market. */
export interface SourceTrade {
  readonly kind: "trade";
  /** The exchange's number, counted up; 0 where it gives none. */
  readonly tradeId: number;
  /** Below 2^53, as the quantity: one beyond is a fault. */
  readonly price: number;
  readonly quantity: number;
  readonly takerSide: SideName;
  readonly at: number;
}

/** The whole book, or its best levels, at one moment. */
export interface SourceBookSnapshot {
  readonly kind: "book_snapshot";
  /** The last change that is in it; 0 where changes are not numbered. */
  readonly lastUpdateId: number;
  readonly bids: readonly SourceBookRow[];
  readonly asks: readonly SourceBookRow[];
  /** What `bookChecksum` must give afterwards, where the exchange says it. */
  readonly checksum?: number;
}

/** Levels that changed, with their quantities now, in the order in which they must be applied; 0 means that the level is gone. */
export interface SourceBookUpdate {
  readonly kind: "book_update";
  /** The changes that it covers; 0 where they are not numbered. */
  readonly firstUpdateId: number;
  readonly lastUpdateId: number;
  /** The last change of the update before, where the exchange says it. */
  readonly previousUpdateId?: number;
  readonly bids: readonly SourceBookRow[];
  readonly asks: readonly SourceBookRow[];
  readonly checksum?: number;
}

/** The exchange's own best quotes. */
export interface SourceQuotes {
  readonly kind: "quotes";
  /** The change after which they stood. */
  readonly updateId: number;
  readonly bid: SourceQuote;
  readonly ask: SourceQuote;
}

/** The exchange's own candle. */
export interface SourceCandle {
  readonly kind: "candle";
  readonly interval: CandleInterval;
  readonly candle: Candle;
  readonly ended: boolean;
}

/** A message that was meant for us and makes no sense. */
export interface SourceFault {
  readonly kind: "fault";
  readonly code: "field_malformed";
  /** Where it stands in the message. */
  readonly field: string;
  /** What should have stood there. */
  readonly rule: string;
}

export type SourceMessage =
  | SourceTrade
  | SourceBookSnapshot
  | SourceBookUpdate
  | SourceQuotes
  | SourceCandle
  | SourceFault;

/** Reads one parsed message of an exchange. What is about other markets, or of no interest, is nothing. */
export type SourceAdapter = (message: unknown) => readonly SourceMessage[];

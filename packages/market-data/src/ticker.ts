import { type Candle, flatCandle } from "./candle.ts";
import { bucketStart } from "./interval.ts";
import type { PriceLevel } from "./l2-book.ts";

/** The minutes that a rolling ticker looks back on, the present one included. */
export const TICKER_MINUTES: number = 24 * 60;

/** The best price of one side and what rests there; both are 0 where nothing rests. */
export interface Quote {
  /** In ticks. */
  readonly price: number;
  /** In lots. */
  readonly quantity: number;
}

/**
 * A stretch of a market's time up to now: the last 24 hours, moved on minute by minute (the present minute and the 1,439 before it), or
 * the present day, week or month of the calendar.
 *
 * Prices are in ticks, 0 before the first trade ever. If the window has no trade, its prices stand at the last one
 * before it. The average price, weighted by volume, is `quoteVolume / volume`.
 */
export interface Ticker {
  readonly market: number;
  /** Start of the oldest minute counted. */
  readonly openTime: number;
  /** The moment asked for. */
  readonly closeTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly last: number;
  /** Of the last trade, in lots. */
  readonly lastQuantity: number;
  /** The last price before the window; 0 if there was none. */
  readonly previousClose: number;
  /** In lots; exact below 2^53. */
  readonly volume: number;
  /** In ticks × lots. */
  readonly quoteVolume: bigint;
  /** How many trades there were. */
  readonly trades: number;
  /** 0 if there was none in the window, as `lastTradeId`. */
  readonly firstTradeId: number;
  readonly lastTradeId: number;
  readonly bid: Quote;
  readonly ask: Quote;
}

export interface TickerInputs {
  readonly market: number;
  readonly openTime: number;
  readonly now: number;
  /** The window's trades as one candle; undefined if there was none. */
  readonly window: Candle | undefined;
  readonly previousClose: number;
  readonly lastQuantity: number;
  readonly bid: PriceLevel;
  readonly ask: PriceLevel;
}

/** When the window that ends at `now` begins. */
export const tickerWindowStart = (now: number): number =>
  bucketStart("1m", now) - (TICKER_MINUTES - 1) * 60_000;

export const quoteOf = ({ price, quantity }: PriceLevel): Quote => ({ price, quantity });

export const tickerOf = (inputs: TickerInputs): Ticker => {
  const { market, openTime, now, previousClose, lastQuantity } = inputs;
  const { open, high, low, close, volume, quoteVolume, trades, firstTradeId, lastTradeId } =
    inputs.window ?? flatCandle("1d", openTime, previousClose);
  return {
    market,
    openTime,
    closeTime: now,
    open,
    high,
    low,
    last: close,
    lastQuantity,
    previousClose,
    volume,
    quoteVolume,
    trades,
    firstTradeId,
    lastTradeId,
    bid: quoteOf(inputs.bid),
    ask: quoteOf(inputs.ask),
  };
};

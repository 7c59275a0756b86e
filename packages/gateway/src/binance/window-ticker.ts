import type { Candle, MarketData, Ticker } from "@pincex/market-data";

const MINUTE = 60_000;

/** The window of which market data keeps the sums anyway. */
const TICKER_MINUTES = 24 * 60;

/** A span of time with what was traded in it. */
export type Span = Pick<
  Ticker,
  | "open"
  | "high"
  | "low"
  | "last"
  | "volume"
  | "quoteVolume"
  | "openTime"
  | "closeTime"
  | "trades"
  | "firstTradeId"
  | "lastTradeId"
>;

/** The windows that minutes in memory reach back to: "1m" to "59m", "1h" to "23h" and "1d". */
const WINDOW = /^(?:([1-9]|[1-5][0-9])m|([1-9]|1[0-9]|2[0-3])h|1d)$/;

/** How many minutes a window has; undefined if there is no such window. */
export const windowMinutes = (name: string): number | undefined => {
  const match = WINDOW.exec(name);
  if (match === null) return undefined;
  const [, minutes, hours = "24"] = match;
  return minutes === undefined ? 60 * Number(hours) : Number(minutes);
};

/** What was traded in the last so many minutes: from the beginning of a minute on, so up to a minute more, as Binance has it. */
export const windowSpan = (
  marketData: MarketData,
  market: number,
  minutes: number,
  now: number,
): Span => {
  if (minutes === TICKER_MINUTES) return marketData.ticker(market, now);
  const from = Math.floor(now / MINUTE - minutes) * MINUTE;
  const candles = marketData.candles(market, "1m", { from, limit: minutes + 1, now });
  return {
    ...joined(candles, marketData.ticker(market, now).last),
    openTime: from,
    closeTime: now,
  };
};

/** Candles that follow one another as one; before a market's first trade there is none. */
const joined = (candles: readonly Candle[], last: number): Omit<Span, "openTime" | "closeTime"> => {
  const first = candles[0];
  const traded = candles.filter(({ trades }) => trades > 0);
  return {
    open: first?.open ?? last,
    high: candles.reduce((high, candle) => Math.max(high, candle.high), first?.high ?? last),
    low: candles.reduce((low, candle) => Math.min(low, candle.low), first?.low ?? last),
    last: candles.at(-1)?.close ?? last,
    volume: traded.reduce((sum, { volume }) => sum + volume, 0),
    quoteVolume: traded.reduce((sum, { quoteVolume }) => sum + quoteVolume, 0n),
    trades: traded.reduce((sum, { trades }) => sum + trades, 0),
    firstTradeId: traded[0]?.firstTradeId ?? 0,
    lastTradeId: traded.at(-1)?.lastTradeId ?? 0,
  };
};

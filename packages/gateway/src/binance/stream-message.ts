import type {
  BestQuotes,
  BookUpdate,
  CandleUpdate,
  PublicTrade,
  Ticker,
} from "@pincex/market-data";
import type { MarketNumbers } from "../market-numbers.ts";
import { levelRows } from "./methods/market-data.ts";
import { binanceSymbol } from "./symbol.ts";
import { priceChange } from "./ticker-message.ts";
import type { Span } from "./window-ticker.ts";

/** The messages of the market streams. `E` is the time of the command that caused them, in milliseconds. */
export const tradeMessage = (numbers: MarketNumbers, trade: PublicTrade): object => ({
  e: "trade",
  E: trade.at,
  s: binanceSymbol(numbers.market),
  t: trade.tradeId,
  p: numbers.price(trade.price),
  q: numbers.quantity(trade.quantity),
  T: trade.at,
  m: trade.takerSide === "sell",
  M: true,
});

export const aggregateTradeMessage = (numbers: MarketNumbers, trade: PublicTrade): object => ({
  e: "aggTrade",
  E: trade.at,
  s: binanceSymbol(numbers.market),
  a: trade.tradeId,
  p: numbers.price(trade.price),
  q: numbers.quantity(trade.quantity),
  f: trade.tradeId,
  l: trade.tradeId,
  T: trade.at,
  m: trade.takerSide === "sell",
  M: true,
});

export const depthUpdateMessage = (numbers: MarketNumbers, update: BookUpdate): object => ({
  e: "depthUpdate",
  E: update.at,
  s: binanceSymbol(numbers.market),
  U: update.firstUpdateId,
  u: update.lastUpdateId,
  b: levelRows(numbers, update.bids),
  a: levelRows(numbers, update.asks),
});

export const bookTickerMessage = (numbers: MarketNumbers, quotes: BestQuotes): object => ({
  u: quotes.updateId,
  s: binanceSymbol(numbers.market),
  b: numbers.price(quotes.bid.price),
  B: numbers.quantity(quotes.bid.quantity),
  a: numbers.price(quotes.ask.price),
  A: numbers.quantity(quotes.ask.quantity),
});

export const klineMessage = (
  numbers: MarketNumbers,
  { interval, candle, ended }: CandleUpdate,
  at: number,
): object => ({
  e: "kline",
  E: at,
  s: binanceSymbol(numbers.market),
  k: {
    t: candle.openTime,
    T: candle.closeTime,
    s: binanceSymbol(numbers.market),
    i: interval,
    f: candle.firstTradeId || -1,
    L: candle.lastTradeId || -1,
    o: numbers.price(candle.open),
    c: numbers.price(candle.close),
    h: numbers.price(candle.high),
    l: numbers.price(candle.low),
    v: numbers.quantity(candle.volume),
    n: candle.trades,
    x: ended,
    q: numbers.notional(candle.quoteVolume),
    V: numbers.quantity(candle.takerBuyVolume),
    Q: numbers.notional(candle.takerBuyQuoteVolume),
    B: "0",
  },
});

export const tickerMessage = (numbers: MarketNumbers, ticker: Ticker): object => {
  const { change, percent } = priceChange(numbers, ticker);
  return {
    e: "24hrTicker",
    E: ticker.closeTime,
    s: binanceSymbol(numbers.market),
    p: change,
    P: percent,
    w: numbers.averagePrice(ticker.quoteVolume, ticker.volume),
    x: numbers.price(ticker.previousClose),
    c: numbers.price(ticker.last),
    Q: numbers.quantity(ticker.lastQuantity),
    b: numbers.price(ticker.bid.price),
    B: numbers.quantity(ticker.bid.quantity),
    a: numbers.price(ticker.ask.price),
    A: numbers.quantity(ticker.ask.quantity),
    o: numbers.price(ticker.open),
    h: numbers.price(ticker.high),
    l: numbers.price(ticker.low),
    v: numbers.quantity(ticker.volume),
    q: numbers.notional(ticker.quoteVolume),
    O: ticker.openTime,
    C: ticker.closeTime,
    F: ticker.firstTradeId || -1,
    L: ticker.lastTradeId || -1,
    n: ticker.trades,
  };
};

export const windowTickerMessage = (numbers: MarketNumbers, window: string, span: Span): object => {
  const { change, percent } = priceChange(numbers, span);
  return {
    e: `${window}Ticker`,
    E: span.closeTime,
    s: binanceSymbol(numbers.market),
    p: change,
    P: percent,
    o: numbers.price(span.open),
    h: numbers.price(span.high),
    l: numbers.price(span.low),
    c: numbers.price(span.last),
    w: numbers.averagePrice(span.quoteVolume, span.volume),
    v: numbers.quantity(span.volume),
    q: numbers.notional(span.quoteVolume),
    O: span.openTime,
    C: span.closeTime,
    F: span.firstTradeId || -1,
    L: span.lastTradeId || -1,
    n: span.trades,
  };
};

/** `T` is when the last trade was, 0 before the first. */
export const averagePriceMessage = (
  numbers: MarketNumbers,
  average: string,
  lastTradeAt: number,
  at: number,
): object => ({
  e: "avgPrice",
  E: at,
  s: binanceSymbol(numbers.market),
  i: "5m",
  w: average,
  T: lastTradeAt,
});

export const miniTickerMessage = (numbers: MarketNumbers, ticker: Ticker): object => ({
  e: "24hrMiniTicker",
  E: ticker.closeTime,
  s: binanceSymbol(numbers.market),
  c: numbers.price(ticker.last),
  o: numbers.price(ticker.open),
  h: numbers.price(ticker.high),
  l: numbers.price(ticker.low),
  v: numbers.quantity(ticker.volume),
  q: numbers.notional(ticker.quoteVolume),
});

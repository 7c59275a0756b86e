import { CANDLE_INTERVALS, type CandleInterval } from "@pincex/market-data";
import type { MarketDirectory, MarketNumbers } from "../market-numbers.ts";
import type { BookPace } from "../streaming/public-feeds.ts";
import { binanceSymbol } from "./symbol.ts";

/** What a stream's name asks for. */
export type StreamRequest =
  | {
      readonly kind: "trade" | "aggTrade" | "ticker" | "miniTicker" | "bookTicker" | "avgPrice";
      readonly numbers: MarketNumbers;
    }
  | {
      readonly kind: "windowTicker";
      readonly numbers: MarketNumbers;
      readonly window: TickerWindow;
    }
  | { readonly kind: "kline"; readonly numbers: MarketNumbers; readonly interval: CandleInterval }
  | { readonly kind: "depth"; readonly numbers: MarketNumbers; readonly pace: BookPace }
  | {
      readonly kind: "partialDepth";
      readonly numbers: MarketNumbers;
      readonly levels: number;
      readonly pace: BookPace;
    }
  | { readonly kind: "allTickers" | "allMiniTickers" | "allBookTickers" }
  | { readonly kind: "allWindowTickers"; readonly window: TickerWindow };

const FOR_ALL = new Map<string, "allTickers" | "allMiniTickers" | "allBookTickers">([
  ["!ticker@arr", "allTickers"],
  ["!miniTicker@arr", "allMiniTickers"],
  ["!bookTicker", "allBookTickers"],
  ["!bookTicker@arr", "allBookTickers"],
]);

/** Tickers of these windows are streamed. */
export type TickerWindow = "1h" | "4h" | "1d";

const WINDOW = /^ticker_(1h|4h|1d)$/;
const WINDOW_FOR_ALL = /^!ticker_(1h|4h|1d)@arr$/;
const DEPTH = /^depth(5|10|20)?(?:@(100|1000)ms)?$/;

/** Reads a name such as "btcusdt@depth@100ms"; undefined if the venue has no such stream. */
export const parseStreamName = (
  name: string,
  markets: MarketDirectory,
): StreamRequest | undefined => {
  const forAll = FOR_ALL.get(name);
  if (forAll !== undefined) return { kind: forAll };
  const window = WINDOW_FOR_ALL.exec(name)?.[1];
  if (window !== undefined) return { kind: "allWindowTickers", window: window as TickerWindow };
  const at = name.indexOf("@");
  if (at <= 0) return undefined;
  const numbers = markets.findBy(name.slice(0, at).toUpperCase(), binanceSymbol);
  return numbers === undefined ? undefined : requestOf(name.slice(at + 1), numbers);
};

const requestOf = (feed: string, numbers: MarketNumbers): StreamRequest | undefined => {
  switch (feed) {
    case "trade":
    case "aggTrade":
    case "ticker":
    case "miniTicker":
    case "bookTicker":
    case "avgPrice":
      return { kind: feed, numbers };
  }
  const window = WINDOW.exec(feed)?.[1];
  if (window !== undefined)
    return { kind: "windowTicker", numbers, window: window as TickerWindow };
  const interval = feed.startsWith("kline_") ? feed.slice("kline_".length) : undefined;
  if (isInterval(interval)) return { kind: "kline", numbers, interval };
  const depth = DEPTH.exec(feed);
  if (depth === null) return undefined;
  const pace: BookPace = depth[2] === "100" ? 100 : 1_000;
  if (depth[1] === undefined) return { kind: "depth", numbers, pace };
  return { kind: "partialDepth", numbers, pace, levels: Number(depth[1]) };
};

const isInterval = (text: string | undefined): text is CandleInterval =>
  (CANDLE_INTERVALS as readonly (string | undefined)[]).includes(text);

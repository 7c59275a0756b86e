import type { MarketData, Ticker } from "@pincex/market-data";
import type { MarketDirectory, MarketNumbers } from "../market-numbers.ts";
import type { PublicFeeds, Unsubscribe } from "../streaming/public-feeds.ts";
import { averageOf } from "./methods/klines.ts";
import { depthMessage } from "./methods/market-data.ts";
import {
  aggregateTradeMessage,
  averagePriceMessage,
  bookTickerMessage,
  depthUpdateMessage,
  klineMessage,
  miniTickerMessage,
  tickerMessage,
  tradeMessage,
  windowTickerMessage,
} from "./stream-message.ts";
import type { StreamRequest, TickerWindow } from "./stream-name.ts";
import { windowMinutes, windowSpan } from "./window-ticker.ts";

/** What streams are made from. */
export interface StreamInputs {
  readonly feeds: PublicFeeds;
  readonly marketData: MarketData;
  readonly markets: MarketDirectory;
}

type Publish = (message: object) => void;

/** Starts what a stream's name asks for: from now on, each message is published once, for all who listen. */
export const startStream = (
  request: StreamRequest,
  inputs: StreamInputs,
  publish: Publish,
): Unsubscribe => {
  switch (request.kind) {
    case "allTickers":
      return forAllMarkets(inputs, tickerMessage, publish);
    case "allMiniTickers":
      return forAllMarkets(inputs, miniTickerMessage, publish);
    case "allWindowTickers":
      return forAllMarkets(inputs, windowTickers(request.window, inputs), publish);
    case "allBookTickers":
      return together(inputs.markets.all().map((numbers) => bookTickers(numbers, inputs, publish)));
    default:
      return startMarketStream(request, inputs, publish);
  }
};

const startMarketStream = (
  request: Extract<StreamRequest, { numbers: MarketNumbers }>,
  inputs: StreamInputs,
  publish: Publish,
): Unsubscribe => {
  const { feeds, marketData } = inputs;
  const { numbers } = request;
  const { market } = numbers.market;
  switch (request.kind) {
    case "trade":
      return feeds.onTrade(market, (trade) => publish(tradeMessage(numbers, trade)));
    case "aggTrade":
      return feeds.onTrade(market, (trade) => publish(aggregateTradeMessage(numbers, trade)));
    case "bookTicker":
      return bookTickers(numbers, inputs, publish);
    case "ticker":
      return feeds.onTicker(market, (ticker) => publish(tickerMessage(numbers, ticker)));
    case "miniTicker":
      return feeds.onTicker(market, (ticker) => publish(miniTickerMessage(numbers, ticker)));
    case "windowTicker": {
      const messageOf = windowTickers(request.window, inputs);
      return feeds.onTicker(market, (ticker) => publish(messageOf(numbers, ticker)));
    }
    case "avgPrice":
      return feeds.onTicker(market, ({ closeTime }) => {
        const average = averageOf(numbers, marketData, closeTime);
        const lastTradeAt = marketData.trades(market, { limit: 1 })[0]?.at ?? 0;
        publish(averagePriceMessage(numbers, average, lastTradeAt, closeTime));
      });
    case "kline":
      return feeds.onCandle(market, request.interval, (update) =>
        publish(klineMessage(numbers, update, marketData.time)),
      );
    case "depth":
      return feeds.onBook(market, request.pace, (update) =>
        publish(depthUpdateMessage(numbers, update)),
      );
    case "partialDepth":
      return feeds.onBook(market, request.pace, () =>
        publish(depthMessage(numbers, marketData.book(market, request.levels))),
      );
  }
};

const bookTickers = (
  numbers: MarketNumbers,
  { feeds }: StreamInputs,
  publish: Publish,
): Unsubscribe =>
  feeds.onQuotes(numbers.market.market, (quotes) => publish(bookTickerMessage(numbers, quotes)));

const windowTickers = (window: TickerWindow, { marketData }: StreamInputs) => {
  const minutes = windowMinutes(window) ?? 0;
  return (numbers: MarketNumbers, { closeTime }: Ticker): object =>
    windowTickerMessage(
      numbers,
      window,
      windowSpan(marketData, numbers.market.market, minutes, closeTime),
    );
};

/** One array for all markets whose ticker changed in the same second. */
const forAllMarkets = (
  { feeds, markets }: StreamInputs,
  messageOf: (numbers: MarketNumbers, ticker: Ticker) => object,
  publish: Publish,
): Unsubscribe => {
  let changed: object[] = [];
  const follow = (numbers: MarketNumbers) => (ticker: Ticker) => {
    // Feeds tell the tickers of one second in one turn: the first of them sends all when the turn is over.
    if (changed.length === 0) {
      queueMicrotask(() => {
        publish(changed);
        changed = [];
      });
    }
    changed.push(messageOf(numbers, ticker));
  };
  return together(
    markets.all().map((numbers) => feeds.onTicker(numbers.market.market, follow(numbers))),
  );
};

const together =
  (unsubscribes: readonly Unsubscribe[]): Unsubscribe =>
  () => {
    for (const unsubscribe of unsubscribes) unsubscribe();
  };

import type { CandleInterval } from "@pincex/market-data";
import {
  candleMessage,
  marketMessage,
  rowsMessage,
  tickerMessage,
  timeText,
  tradeMessage,
} from "./messages.ts";
import { marketNamed, type NativeRoute } from "./native-services.ts";
import { bookQuerySchema, candlesQuerySchema, tradesQuerySchema, validated } from "./schemas.ts";

/** What anybody may ask. */
export const MARKET_ROUTES: readonly NativeRoute[] = [
  {
    method: "GET",
    path: "/v1/time",
    summary: "The time of the gateway.",
    access: "public",
    run: ({ clock }) => {
      const now = clock();
      return { json: { time: timeText(now), epochMs: now } };
    },
  },
  {
    method: "GET",
    path: "/v1/status",
    summary: "Whether the venue is open, and the number of its last command.",
    access: "public",
    run: ({ clock, views }) => {
      return { json: { status: "open", time: timeText(clock()), sequence: views.sequence } };
    },
  },
  {
    method: "GET",
    path: "/v1/markets",
    summary: "All markets with their rules.",
    access: "public",
    run: ({ markets }) => {
      return { json: { markets: markets.all().map(marketMessage) } };
    },
  },
  {
    method: "GET",
    path: "/v1/markets/{market}",
    summary: "A market with its rules.",
    access: "public",
    run: (call) => {
      return { json: marketMessage(marketNamed(call, call.path["market"] ?? "")) };
    },
  },
  {
    method: "GET",
    path: "/v1/markets/{market}/book",
    summary: "The book by price level.",
    query: bookQuerySchema,
    access: "public",
    run: (call) => {
      const numbers = marketNamed(call, call.path["market"] ?? "");
      const { depth = 100 } = validated(bookQuerySchema, call.query);
      const book = call.marketData.book(numbers.market.market, depth);
      return {
        json: {
          market: numbers.market.symbol,
          seq: book.updateId,
          bids: rowsMessage(numbers, book.bids),
          asks: rowsMessage(numbers, book.asks),
        },
      };
    },
  },
  {
    method: "GET",
    path: "/v1/markets/{market}/trades",
    summary: "Trades, oldest first.",
    query: tradesQuerySchema,
    access: "public",
    run: async (call) => {
      const numbers = marketNamed(call, call.path["market"] ?? "");
      const range = validated(tradesQuerySchema, call.query);
      const trades = await call.history.trades(numbers.market.market, range);
      return {
        json: {
          market: numbers.market.symbol,
          trades: trades.map((trade) => tradeMessage(numbers, trade)),
        },
      };
    },
  },
  {
    method: "GET",
    path: "/v1/markets/{market}/candles",
    summary: "Candles, oldest first.",
    query: candlesQuerySchema,
    access: "public",
    run: async (call) => {
      const numbers = marketNamed(call, call.path["market"] ?? "");
      const { interval, ...range } = validated(candlesQuerySchema, call.query);
      const candles = await call.history.candles(
        numbers.market.market,
        interval as CandleInterval,
        {
          ...range,
          now: call.clock(),
        },
      );
      return {
        json: {
          market: numbers.market.symbol,
          interval,
          candles: candles.map((candle) => candleMessage(numbers, candle)),
        },
      };
    },
  },
  {
    method: "GET",
    path: "/v1/markets/{market}/ticker",
    summary: "The last 24 hours of a market.",
    access: "public",
    run: (call) => {
      const numbers = marketNamed(call, call.path["market"] ?? "");
      const ticker = call.marketData.ticker(numbers.market.market, call.clock());
      return { json: tickerMessage(numbers, ticker) };
    },
  },
  {
    method: "GET",
    path: "/v1/tickers",
    summary: "The last 24 hours of all markets.",
    access: "public",
    run: ({ markets, marketData, clock }) => {
      const tickers = markets
        .all()
        .map((numbers) =>
          tickerMessage(numbers, marketData.ticker(numbers.market.market, clock())),
        );
      return { json: { tickers } };
    },
  },
];

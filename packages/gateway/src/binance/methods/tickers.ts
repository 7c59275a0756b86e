import type { Ticker } from "@pincex/market-data";
import type { MarketNumbers } from "../../market-numbers.ts";
import { BinanceError } from "../error.ts";
import type { Call, PublicMethod } from "../method.ts";
import { binanceSymbol } from "../symbol.ts";
import { priceChange } from "../ticker-message.ts";

/** One answer for a `symbol`, a list for `symbols` or for all. */
const perMarket = (call: Call, rowOf: (numbers: MarketNumbers) => object): object | object[] => {
  const { markets, single } = call.parameters.marketChoice();
  const rows = markets.map(rowOf);
  return single ? (rows[0] as object) : rows;
};

export const ticker24h: PublicMethod = {
  routes: ["GET /api/v3/ticker/24hr", "GET /api/v1/ticker/24hr"],
  name: "ticker.24hr",
  weight: 2,
  security: "public",
  run: (call) => perMarket(call, tickerRow(call)),
};

/** The rolling-window ticker, for the one window that is kept. */
export const rollingTicker: PublicMethod = {
  routes: ["GET /api/v3/ticker"],
  name: "ticker",
  weight: 4,
  security: "public",
  run: (call) => {
    call.parameters.optionalOneOf(
      "windowSize",
      ["1d"],
      () =>
        new BinanceError(
          400,
          -1100,
          "Only the window of one day is kept.",
          "windowSize",
          "window_unknown",
        ),
    );
    return perMarket(call, tickerRow(call));
  },
};

const tickerRow = ({
  parameters,
  marketData,
  clock,
}: Call): ((numbers: MarketNumbers) => object) => {
  const type = parameters.optionalOneOf(
    "type",
    ["FULL", "MINI"],
    () => new BinanceError(400, -1139, "Invalid ticker type.", "type", "parameter_invalid"),
  );
  const now = clock();
  return (numbers) => {
    const ticker = marketData.ticker(numbers.market.market, now);
    return type === "MINI" ? miniRow(numbers, ticker) : fullRow(numbers, ticker);
  };
};

const fullRow = (numbers: MarketNumbers, ticker: Ticker): object => {
  const { change, percent } = priceChange(numbers, ticker);
  return {
    symbol: binanceSymbol(numbers.market),
    priceChange: change,
    priceChangePercent: percent,
    weightedAvgPrice: numbers.averagePrice(ticker.quoteVolume, ticker.volume),
    prevClosePrice: numbers.price(ticker.previousClose),
    lastPrice: numbers.price(ticker.last),
    lastQty: numbers.quantity(ticker.lastQuantity),
    bidPrice: numbers.price(ticker.bid.price),
    bidQty: numbers.quantity(ticker.bid.quantity),
    askPrice: numbers.price(ticker.ask.price),
    askQty: numbers.quantity(ticker.ask.quantity),
    openPrice: numbers.price(ticker.open),
    highPrice: numbers.price(ticker.high),
    lowPrice: numbers.price(ticker.low),
    volume: numbers.quantity(ticker.volume),
    quoteVolume: numbers.notional(ticker.quoteVolume),
    openTime: ticker.openTime,
    closeTime: ticker.closeTime,
    ...tradeIds(ticker),
    count: ticker.trades,
  };
};

const miniRow = (numbers: MarketNumbers, ticker: Ticker): object => ({
  symbol: binanceSymbol(numbers.market),
  openPrice: numbers.price(ticker.open),
  highPrice: numbers.price(ticker.high),
  lowPrice: numbers.price(ticker.low),
  lastPrice: numbers.price(ticker.last),
  volume: numbers.quantity(ticker.volume),
  quoteVolume: numbers.notional(ticker.quoteVolume),
  openTime: ticker.openTime,
  closeTime: ticker.closeTime,
  ...tradeIds(ticker),
  count: ticker.trades,
});

/** Binance writes -1 where there was no trade. */
const tradeIds = ({ trades, firstTradeId, lastTradeId }: Ticker): object =>
  trades === 0 ? { firstId: -1, lastId: -1 } : { firstId: firstTradeId, lastId: lastTradeId };

export const tickerPrice: PublicMethod = {
  routes: ["GET /api/v3/ticker/price", "GET /api/v1/ticker/price"],
  name: "ticker.price",
  weight: 2,
  security: "public",
  run: (call) =>
    perMarket(call, (numbers) => ({
      symbol: binanceSymbol(numbers.market),
      price: numbers.price(call.marketData.ticker(numbers.market.market, call.clock()).last),
    })),
};

export const tickerBook: PublicMethod = {
  routes: ["GET /api/v3/ticker/bookTicker", "GET /api/v1/ticker/bookTicker"],
  name: "ticker.book",
  weight: 2,
  security: "public",
  run: (call) =>
    perMarket(call, (numbers) => {
      const { bid, ask } = call.marketData.bestQuotes(numbers.market.market);
      return {
        symbol: binanceSymbol(numbers.market),
        bidPrice: numbers.price(bid.price),
        bidQty: numbers.quantity(bid.quantity),
        askPrice: numbers.price(ask.price),
        askQty: numbers.quantity(ask.quantity),
      };
    }),
};

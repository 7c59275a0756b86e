import { bucketStart, type Candle, nextBucket, type Ticker } from "@pincex/market-data";
import type { MarketNumbers } from "../../market-numbers.ts";
import { BinanceError, parameterInvalid } from "../error.ts";
import type { Call, PublicMethod } from "../method.ts";
import { binanceSymbol } from "../symbol.ts";
import { priceChange } from "../ticker-message.ts";
import { type Span, windowMinutes, windowSpan } from "../window-ticker.ts";

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

/** The rolling-window ticker. */
export const rollingTicker: PublicMethod = {
  routes: ["GET /api/v3/ticker"],
  name: "ticker",
  weight: 4,
  security: "public",
  run: (call) => {
    const { parameters, marketData, clock } = call;
    const minutes = windowMinutes(parameters.optionalText("windowSize") ?? "1d");
    if (minutes === undefined) {
      const rule = "Windows are of 1m to 59m, 1h to 23h, and 1d.";
      throw new BinanceError(400, -1100, rule, "windowSize", "window_unknown");
    }
    const type = readType(call);
    const now = clock();
    return perMarket(call, (numbers) => {
      const span = windowSpan(marketData, numbers.market.market, minutes, now);
      return type === "MINI" ? miniRow(numbers, span) : spanRow(numbers, span);
    });
  },
};

/** The day so far, from midnight UTC on. */
export const tickerTradingDay: PublicMethod = {
  routes: ["GET /api/v3/ticker/tradingDay"],
  name: "ticker.tradingDay",
  weight: 4,
  security: "public",
  run: (call) => {
    const { parameters, marketData, clock } = call;
    parameters.optionalOneOf("timeZone", ["0", "00:00", "+00:00"], () =>
      parameterInvalid("timeZone"),
    );
    const type = readType(call);
    const now = clock();
    return perMarket(call, (numbers) => {
      const { market } = numbers.market;
      const [candle] = marketData.candles(market, "1d", { limit: 1, now });
      const day = dayOf(candle, now);
      return type === "MINI" ? miniRow(numbers, day) : spanRow(numbers, day);
    });
  },
};

/** Before anybody has ever traded there is no candle, but the day has begun all the same. */
const dayOf = (candle: Candle | undefined, now: number): Span => {
  if (candle !== undefined) return { ...candle, last: candle.close };
  const openTime = bucketStart("1d", now);
  const closeTime = nextBucket("1d", openTime) - 1;
  const prices = { open: 0, high: 0, low: 0, last: 0 };
  const nothing = { volume: 0, quoteVolume: 0n, trades: 0, firstTradeId: 0, lastTradeId: 0 };
  return { ...prices, ...nothing, openTime, closeTime };
};

const changeRow = (numbers: MarketNumbers, span: Span): object => {
  const { change, percent } = priceChange(numbers, span);
  return {
    priceChange: change,
    priceChangePercent: percent,
    weightedAvgPrice: numbers.averagePrice(span.quoteVolume, span.volume),
  };
};

const spanRow = (numbers: MarketNumbers, span: Span): object => ({
  ...changeRow(numbers, span),
  ...miniRow(numbers, span),
});

const readType = ({ parameters }: Call): "FULL" | "MINI" | undefined =>
  parameters.optionalOneOf(
    "type",
    ["FULL", "MINI"],
    () => new BinanceError(400, -1139, "Invalid ticker type.", "type", "parameter_invalid"),
  );

const tickerRow = (call: Call): ((numbers: MarketNumbers) => object) => {
  const { marketData, clock } = call;
  const type = readType(call);
  const now = clock();
  return (numbers) => {
    const ticker = marketData.ticker(numbers.market.market, now);
    return type === "MINI" ? miniRow(numbers, ticker) : fullRow(numbers, ticker);
  };
};

const fullRow = (numbers: MarketNumbers, ticker: Ticker): object => {
  return {
    symbol: binanceSymbol(numbers.market),
    ...changeRow(numbers, ticker),
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

const miniRow = (numbers: MarketNumbers, ticker: Span): object => ({
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
const tradeIds = ({ trades, firstTradeId, lastTradeId }: Span): object =>
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

import type { BookRow, BookSnapshot, PublicTrade } from "@pincex/market-data";
import type { MarketNumbers } from "../../market-numbers.ts";
import type { Call, PublicMethod } from "../method.ts";

export const depth: PublicMethod = {
  routes: ["GET /api/v3/depth", "GET /api/v1/depth"],
  name: "depth",
  weight: 5,
  security: "public",
  run: ({ parameters, marketData }) => {
    const numbers = parameters.market();
    const limit = parameters.limit(100, 5_000);
    return depthMessage(numbers, marketData.book(numbers.market.market, limit));
  },
};

/** A book as the dialect writes it. `lastUpdateId` counts as `U` and `u` of the depth stream do. */
export const depthMessage = (
  numbers: MarketNumbers,
  { updateId, bids, asks }: BookSnapshot,
): object => ({
  lastUpdateId: updateId,
  bids: levelRows(numbers, bids),
  asks: levelRows(numbers, asks),
});

export const levelRows = (
  numbers: MarketNumbers,
  rows: readonly BookRow[],
): [price: string, quantity: string][] =>
  rows.map(([price, quantity]) => [numbers.price(price), numbers.quantity(quantity)]);

export const recentTrades: PublicMethod = {
  routes: ["GET /api/v3/trades", "GET /api/v1/trades"],
  name: "trades.recent",
  weight: 25,
  security: "public",
  run: ({ parameters, marketData }) => {
    const numbers = parameters.market();
    const limit = parameters.limit(500, 1_000);
    return marketData
      .trades(numbers.market.market, { limit })
      .map((trade) => tradeRow(numbers, trade));
  },
};

export const historicalTrades: PublicMethod = {
  routes: ["GET /api/v3/historicalTrades", "GET /api/v1/historicalTrades"],
  name: "trades.historical",
  weight: 25,
  security: "public",
  run: async ({ parameters, history }) => {
    const numbers = parameters.market();
    const limit = parameters.limit(500, 1_000);
    const fromId = parameters.optionalInteger("fromId");
    const trades = await history.trades(numbers.market.market, { limit, fromId });
    return trades.map((trade) => tradeRow(numbers, trade));
  },
};

const tradeRow = (numbers: MarketNumbers, trade: PublicTrade): object => ({
  id: trade.tradeId,
  price: numbers.price(trade.price),
  qty: numbers.quantity(trade.quantity),
  quoteQty: numbers.notional(trade.price * trade.quantity),
  time: trade.at,
  isBuyerMaker: trade.takerSide === "sell",
  isBestMatch: true,
});

/** Each trade is an aggregate of its own, with its own id: the public feed does not tell which order took part. */
export const aggregateTrades: PublicMethod = {
  routes: ["GET /api/v3/aggTrades", "GET /api/v1/aggTrades"],
  name: "trades.aggregate",
  weight: 4,
  security: "public",
  run: async (call) => {
    const numbers = call.parameters.market();
    return (await chosenTrades(call, numbers)).map((trade) => aggregateRow(numbers, trade));
  },
};

const chosenTrades = async (
  { parameters, history }: Call,
  numbers: MarketNumbers,
): Promise<PublicTrade[]> => {
  const limit = parameters.limit(500, 1_000);
  const fromId = parameters.optionalInteger("fromId");
  const startTime = parameters.optionalInteger("startTime");
  const endTime = parameters.optionalInteger("endTime");
  const market = numbers.market.market;
  if (fromId !== undefined) return history.trades(market, { limit, fromId });
  if (startTime === undefined && endTime === undefined) return history.trades(market, { limit });
  return history.tradesBetween(market, { from: startTime, to: endTime, limit });
};

const aggregateRow = (numbers: MarketNumbers, trade: PublicTrade): object => ({
  a: trade.tradeId,
  p: numbers.price(trade.price),
  q: numbers.quantity(trade.quantity),
  f: trade.tradeId,
  l: trade.tradeId,
  T: trade.at,
  m: trade.takerSide === "sell",
  M: true,
});

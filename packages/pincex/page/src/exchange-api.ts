import { exchangeAddress } from "./exchange-address.ts";
import { type ListedMarket, type Market, marketsOf } from "./market.ts";

/** A level as the API sends it: price and quantity, decimal strings. */
export type Level = readonly [price: string, quantity: string];

export interface DepthSnapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** What changed in the book between two update ids. */
export interface DepthChange {
  /** First and last update id in it. */
  readonly U: number;
  readonly u: number;
  readonly b: readonly Level[];
  readonly a: readonly Level[];
}

export interface PublicTrade {
  readonly id: number;
  readonly price: string;
  readonly quantity: string;
  readonly at: number;
  /** The side of the order that arrived. */
  readonly side: "buy" | "sell";
}

export interface Candle {
  /** Start of the interval, in milliseconds. */
  readonly at: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  /** In the base asset. */
  readonly volume: string;
}

export interface Ticker {
  readonly symbol: string;
  readonly last: string;
  readonly changePercent: string;
  readonly high: string;
  readonly low: string;
  readonly baseVolume: string;
  readonly quoteVolume: string;
}

const get = async <Answer>(path: string, query: Record<string, string> = {}): Promise<Answer> => {
  const url = exchangeAddress(path);
  url.search = new URLSearchParams(query).toString();
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return (await response.json()) as Answer;
};

export const fetchMarkets = async (): Promise<Market[]> =>
  marketsOf(await get<{ markets: ListedMarket[] }>("v1/markets"));

export const fetchDepth = (market: Market): Promise<DepthSnapshot> =>
  get("api/v3/depth", { symbol: market.symbol, limit: "1000" });

export const fetchTrades = async (market: Market): Promise<PublicTrade[]> => {
  const trades = await get<
    { id: number; price: string; qty: string; time: number; isBuyerMaker: boolean }[]
  >("api/v3/trades", { symbol: market.symbol, limit: "1000" });
  return trades.map(({ id, price, qty, time, isBuyerMaker }) => ({
    id,
    price,
    quantity: qty,
    at: time,
    side: isBuyerMaker ? "sell" : "buy",
  }));
};

type CandleRow = [
  at: number,
  open: string,
  high: string,
  low: string,
  close: string,
  volume: string,
];

/** The newest candles, or those that start before `before`. */
export const fetchCandles = async (
  market: Market,
  interval: string,
  before?: number,
): Promise<Candle[]> => {
  const rows = await get<CandleRow[]>("api/v3/klines", {
    symbol: market.symbol,
    interval,
    limit: "500",
    ...(before === undefined ? {} : { endTime: String(before - 1) }),
  });
  return rows.map(([at, open, high, low, close, volume]) => ({
    at,
    open,
    high,
    low,
    close,
    volume,
  }));
};

export const fetchTicker = async (market: Market): Promise<Ticker> => {
  const ticker = await get<Record<string, string>>("api/v3/ticker/24hr", { symbol: market.symbol });
  return {
    symbol: market.symbol,
    last: ticker["lastPrice"] ?? "0",
    changePercent: ticker["priceChangePercent"] ?? "0",
    high: ticker["highPrice"] ?? "0",
    low: ticker["lowPrice"] ?? "0",
    baseVolume: ticker["volume"] ?? "0",
    quoteVolume: ticker["quoteVolume"] ?? "0",
  };
};

/** A message of a `@trade`, `@kline_…` or `@ticker` stream as the types above. */
export const tradeOf = (data: Record<string, unknown>): PublicTrade => ({
  id: data["t"] as number,
  price: data["p"] as string,
  quantity: data["q"] as string,
  at: data["T"] as number,
  side: data["m"] === true ? "sell" : "buy",
});

export const candleOf = (data: Record<string, unknown>): Candle => {
  const kline = data["k"] as Record<string, unknown>;
  return {
    at: kline["t"] as number,
    open: kline["o"] as string,
    high: kline["h"] as string,
    low: kline["l"] as string,
    close: kline["c"] as string,
    volume: kline["v"] as string,
  };
};

export const tickerOf = (data: Record<string, unknown>): Ticker => ({
  symbol: data["s"] as string,
  last: data["c"] as string,
  changePercent: data["P"] as string,
  high: data["h"] as string,
  low: data["l"] as string,
  baseVolume: data["v"] as string,
  quoteVolume: data["q"] as string,
});

import { CANDLE_INTERVALS, type CandleInterval } from "../interval.ts";
import { FieldReader, type Fields, isFields, orFault } from "./message-fields.ts";
import type { SourceAdapter, SourceMessage } from "./source-message.ts";
import type { SourceMarket } from "./source-units.ts";

/**
 * Reads Binance: depth diffs, trades, best quotes and klines of its streams, spot and USD-M, alone or wrapped as
 * `{ stream, data }`, and depth snapshots of its REST API. Nothing in a snapshot tells its market: hand over those of this one.
 *
 * Give the precisions of the assets, 8 for most: levels that are older than the present step size have more decimals than it.
 *
 * @example
 * ```ts
 * import { binanceMessages } from "@pincex/market-data";
 *
 * const read = binanceMessages({ symbol: "BTCUSDT", priceDecimals: 2, quantityDecimals: 8 });
 * const [quotes] = read({ u: 7, s: "BTCUSDT", b: "61837.63", B: "3.78826", a: "61837.64", A: "1.5" });
 * quotes?.kind === "quotes" && quotes.bid; // => { price: 6183763n, quantity: 378826000n }
 * ```
 */
export const binanceMessages = (market: SourceMarket): SourceAdapter => {
  const reader = new FieldReader(market);
  return (message) => {
    const data = isFields(message) && isFields(message["data"]) ? message["data"] : message;
    if (!isFields(data)) return [];
    if ("lastUpdateId" in data) return orFault(() => [snapshotOf(reader, data)]);
    if (data["s"] !== market.symbol) return [];
    return orFault(() => streamMessages(reader, data));
  };
};

const streamMessages = (reader: FieldReader, data: Fields): SourceMessage[] => {
  switch (data["e"]) {
    case "depthUpdate":
      return [updateOf(reader, data)];
    case "trade":
      return [tradeOf(reader, data)];
    case "kline":
      return candlesOf(reader, data["k"]);
    case "bookTicker":
      return [quotesOf(reader, data)];
    case undefined:
      // Spot's best quotes are the one message without a name.
      return "B" in data && "A" in data ? [quotesOf(reader, data)] : [];
    default:
      return [];
  }
};

const snapshotOf = (reader: FieldReader, data: Fields): SourceMessage => ({
  kind: "book_snapshot",
  lastUpdateId: reader.id(data, "lastUpdateId"),
  bids: reader.levels(data, "bids"),
  asks: reader.levels(data, "asks"),
});

const updateOf = (reader: FieldReader, data: Fields): SourceMessage => ({
  kind: "book_update",
  firstUpdateId: reader.id(data, "U"),
  lastUpdateId: reader.id(data, "u"),
  ...("pu" in data ? { previousUpdateId: reader.id(data, "pu") } : {}),
  bids: reader.levels(data, "b"),
  asks: reader.levels(data, "a"),
});

const tradeOf = (reader: FieldReader, data: Fields): SourceMessage => ({
  kind: "trade",
  tradeId: reader.id(data, "t"),
  price: reader.price(data, "p"),
  quantity: reader.quantity(data, "q"),
  // "m": the buyer was the maker.
  takerSide: reader.flag(data, "m") ? "sell" : "buy",
  at: reader.id(data, "T"),
});

const quotesOf = (reader: FieldReader, data: Fields): SourceMessage => ({
  kind: "quotes",
  updateId: reader.id(data, "u"),
  bid: reader.quote(data, "b", "B"),
  ask: reader.quote(data, "a", "A"),
});

const candlesOf = (reader: FieldReader, kline: unknown): SourceMessage[] => {
  if (!isFields(kline)) return [];
  const interval = CANDLE_INTERVALS.find((known) => known === kline["i"]);
  return interval === undefined ? [] : [candleOf(reader, interval, kline)];
};

const candleOf = (reader: FieldReader, interval: CandleInterval, kline: Fields): SourceMessage => ({
  kind: "candle",
  interval,
  candle: {
    openTime: reader.id(kline, "t"),
    closeTime: reader.id(kline, "T"),
    open: reader.price(kline, "o"),
    high: reader.price(kline, "h"),
    low: reader.price(kline, "l"),
    close: reader.price(kline, "c"),
    volume: reader.quantity(kline, "v"),
    quoteVolume: reader.turnover(kline, "q"),
    trades: reader.id(kline, "n"),
    takerBuyVolume: reader.quantity(kline, "V"),
    takerBuyQuoteVolume: reader.turnover(kline, "Q"),
    // -1 in a kline without a trade.
    firstTradeId: kline["f"] === -1 ? 0 : reader.id(kline, "f"),
    lastTradeId: kline["L"] === -1 ? 0 : reader.id(kline, "L"),
  },
  ended: reader.flag(kline, "x"),
});

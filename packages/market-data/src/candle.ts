import { bucketStart, type CandleInterval, nextBucket } from "./interval.ts";
import { notionalOf, type PublicTrade } from "./public-trade.ts";

/** What happened to a market's price within one bucket of time. */
export interface Candle {
  /** First millisecond of the bucket. */
  readonly openTime: number;
  /** Last millisecond of the bucket. */
  readonly closeTime: number;
  /** Prices are in ticks. */
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** In lots; exact below 2^53. */
  readonly volume: number;
  /** In ticks × lots. */
  readonly quoteVolume: bigint;
  /** How many trades there were. */
  readonly trades: number;
  /** The part of `volume` in which the buyer was the taker. */
  readonly takerBuyVolume: number;
  /** The part of `quoteVolume` in which the buyer was the taker. */
  readonly takerBuyQuoteVolume: bigint;
  /** 0 if the bucket has no trade. */
  readonly firstTradeId: number;
  /** 0 if the bucket has no trade. */
  readonly lastTradeId: number;
}

/** The candle of the present minute, which a trade changes in place: copies of it would be most of a trade's cost. */
export type OpenCandle = { -readonly [Field in keyof Candle]: Candle[Field] };

/** The candle of a bucket without a trade: the price stands where it was. */
export const flatCandle = (
  interval: CandleInterval,
  openTime: number,
  price: number,
): OpenCandle => ({
  openTime,
  closeTime: nextBucket(interval, openTime) - 1,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: 0,
  quoteVolume: 0n,
  trades: 0,
  takerBuyVolume: 0,
  takerBuyQuoteVolume: 0n,
  firstTradeId: 0,
  lastTradeId: 0,
});

/** The candle of the bucket that a trade opens; the trade is yet to be counted. */
export const openedBy = (interval: CandleInterval, trade: PublicTrade): OpenCandle => {
  const candle = flatCandle(interval, bucketStart(interval, trade.at), trade.price);
  candle.firstTradeId = trade.tradeId;
  return candle;
};

/** Counts a trade that falls into the candle's bucket, after all that came before it. */
export const count = (candle: OpenCandle, trade: PublicTrade): void => {
  const notional = BigInt(notionalOf(trade));
  candle.high = Math.max(candle.high, trade.price);
  candle.low = Math.min(candle.low, trade.price);
  candle.close = trade.price;
  candle.volume += trade.quantity;
  candle.quoteVolume += notional;
  candle.trades += 1;
  candle.lastTradeId = trade.tradeId;
  if (trade.takerSide === "buy") {
    candle.takerBuyVolume += trade.quantity;
    candle.takerBuyQuoteVolume += notional;
  }
};

/** Counts what happened in a later candle, too. */
export const extend = (candle: OpenCandle, later: Candle): void => {
  candle.high = Math.max(candle.high, later.high);
  candle.low = Math.min(candle.low, later.low);
  candle.close = later.close;
  candle.volume += later.volume;
  candle.quoteVolume += later.quoteVolume;
  candle.trades += later.trades;
  candle.takerBuyVolume += later.takerBuyVolume;
  candle.takerBuyQuoteVolume += later.takerBuyQuoteVolume;
  candle.lastTradeId = later.lastTradeId;
};

/** A copy, over the bucket of an interval into which the candle falls. Field by field: spreading took 9 µs here. */
export const copied = (interval: CandleInterval, candle: Candle): OpenCandle => {
  const copy = flatCandle(interval, bucketStart(interval, candle.openTime), candle.open);
  copy.firstTradeId = candle.firstTradeId;
  extend(copy, candle);
  return copy;
};

/** Two candles that follow each other, as one over the earlier one's bucket of an interval. */
export const joined = (interval: CandleInterval, earlier: Candle, later: Candle): Candle => {
  const candle = copied(interval, earlier);
  extend(candle, later);
  return candle;
};

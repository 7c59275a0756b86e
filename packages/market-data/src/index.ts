// What the public sees of a market, from the engine's events.

export type { Candle } from "./candle.ts";
export { CANDLES_RETAINED, type CandleHistoryState, type CandleRange } from "./candle-history.ts";
export {
  bucketStart,
  CANDLE_INTERVALS,
  type CandleInterval,
  type FixedInterval,
  nextBucket,
} from "./interval.ts";
export type { PriceLevel } from "./l2-book.ts";
export { type CandleUpdate, MarketData, type MarketDataEvents } from "./market-data.ts";
export {
  type BestQuotes,
  type BookRow,
  type BookSnapshot,
  type BookUpdate,
  type FeedListener,
  MarketFeed,
  TRADES_RETAINED,
  type TradeRange,
} from "./market-feed.ts";
export type { MarketFeedState } from "./market-feed-snapshot.ts";
export type { PublicTrade } from "./public-trade.ts";
export type { Quote, Ticker } from "./ticker.ts";

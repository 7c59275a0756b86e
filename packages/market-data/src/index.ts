// What the public sees of a market, from the engine's events.

export { archivedHistory } from "./archived-history.ts";
export type { AuctionState } from "./auction-state.ts";
export {
  bookChecksum,
  CHECKSUM_LEVELS,
  type ChecksummedBook,
  type ChecksummedLevel,
  type PrintedUnits,
} from "./book-checksum.ts";
export type { Candle } from "./candle.ts";
export { CurrentHistory, type KeptHistory, type TradeTimes } from "./current-history.ts";
export { type DepthChart, type DepthPoint, depthChart } from "./depth-chart.ts";
export type { IndicativePrice } from "./indicative-price.ts";
export {
  bucketStart,
  CANDLE_INTERVALS,
  type CandleInterval,
  type FixedInterval,
  nextBucket,
} from "./interval.ts";
export { L2Book, type PriceLevel } from "./l2-book.ts";
export {
  type CandleUpdate,
  type DepthChange,
  MarketData,
  type MarketDataEvents,
  type MarketDataNotices,
  type TapeChange,
} from "./market-data.ts";
export {
  type BestQuotes,
  type BookMessage,
  type BookRow,
  type BookSnapshot,
  type BookUpdate,
  type FeedListener,
  type LevelChange,
  MarketFeed,
  type QuotesMessage,
  TRADES_RETAINED,
  type TradeRange,
} from "./market-feed.ts";
export type { MarketFeedState } from "./market-feed-snapshot.ts";
export type {
  CandleHistory,
  CandleHistoryRange,
  TradeHistory,
  TradeHistoryRange,
} from "./market-history.ts";
export {
  type OrderBookSnapshot,
  OrderBooks,
  type OrderBooksEvents,
  type OrdersUpdate,
  type PublicOrder,
} from "./order-books.ts";
export type { PublicTrade } from "./public-trade.ts";
export {
  CANDLES_RETAINED,
  type CandleCorrection,
  type CandleRange,
  type RecentCandlesState,
} from "./recent-candles.ts";
export type { RecentTradesState, TradeBust } from "./recent-trades.ts";
export { binanceMessages } from "./sources/binance-messages.ts";
export {
  FollowedMarket,
  type FollowedMarketListener,
  type SourceQuotation,
} from "./sources/followed-market.ts";
export { krakenMessages } from "./sources/kraken-messages.ts";
export type {
  MarketDataSource,
  SourceConnection,
  SourceListener,
} from "./sources/market-data-source.ts";
export {
  type DroppedBecause,
  type ReferencePrice,
  type ReferencePriceOptions,
  referencePrice,
} from "./sources/reference-price.ts";
export {
  type BookContinuity,
  type BookOutcome,
  RESYNC_REASONS,
  type ResyncReason,
  SourceBook,
  type SourceBookOptions,
} from "./sources/source-book.ts";
export type {
  SourceAdapter,
  SourceBookRow,
  SourceBookSnapshot,
  SourceBookUpdate,
  SourceCandle,
  SourceFault,
  SourceMessage,
  SourceQuote,
  SourceQuotes,
  SourceTrade,
} from "./sources/source-message.ts";
export type { SourceMarket, SourceScale } from "./sources/source-units.ts";
export type { Quote, Ticker } from "./ticker.ts";

// `@pincex/engine/decimal`: exact decimal strings at the edge, integers inside.

export type { BookRefusal } from "./decimal/book-refusal.ts";
export type { DecimalConditions } from "./decimal/decimal-conditions.ts";
export type { DecimalEvent, DecimalField } from "./decimal/decimal-event.ts";
export type {
  ListedLimitOrder,
  ListedMarketOrder,
  ListedMarketToLimitOrder,
  ListedOrder,
  OneCancelsOther,
  OneTriggersOther,
  OneTriggersPair,
  OrderList,
} from "./decimal/decimal-list.ts";
export type {
  AmendedOrder,
  LimitOrder,
  MarketOrder,
  MarketToLimitOrder,
  ReplacingOrder,
} from "./decimal/decimal-order.ts";
export { type DecimalReading, type DecimalScale, decimalScale } from "./decimal/decimal-scale.ts";
export type { DecimalPriceBand, MarketAllocation, MarketRules } from "./decimal/market-settings.ts";
export {
  type Cancellation,
  type Cancellations,
  type CancelledOrder,
  type Change,
  type ListPlacement,
  OrderBook,
  type OrderBookOptions,
  type Placement,
  type Replacement,
} from "./decimal/order-book.ts";
export type { DecimalTrade, OrderWithTrades, PlacedOrder } from "./decimal/placed-order.ts";

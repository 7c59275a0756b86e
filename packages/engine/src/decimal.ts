// `@pincex/engine/decimal`: exact decimal strings at the edge, integers inside.

export { type DecimalReading, type DecimalScale, decimalScale } from "./decimal/decimal-scale.ts";
export {
  type BookRefusal,
  type Cancellation,
  type DecimalTrade,
  type LimitOrder,
  type MarketOrder,
  OrderBook,
  type OrderBookOptions,
  type PlacedOrder,
  type Placement,
} from "./decimal/order-book.ts";

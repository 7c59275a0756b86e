import type { IncomingOrder } from "../incoming-order.ts";
import type { MarketTable } from "../memory/market-table.ts";
import type { OrderBooks } from "../order-books.ts";
import { OrderType } from "../order-type.ts";
import { REJECTIONS } from "../rejection.ts";
import { Side } from "../side.ts";
import { TimeInForce } from "../time-in-force.ts";
import { isMultipleOf } from "../whole-number.ts";

/** The number of the first rule that a placement breaks; 0 if it breaks none. */
export const brokenPlacementRule = (order: IncomingOrder, books: OrderBooks): number => {
  if (order.row === 0) return REJECTIONS.unknown_market.number;
  if (order.account <= 0) return REJECTIONS.account_must_be_positive.number;
  if (order.side !== Side.buy && order.side !== Side.sell) return REJECTIONS.side_unknown.number;
  if (order.timeInForce < TimeInForce.gtc || order.timeInForce > TimeInForce.fok)
    return REJECTIONS.time_in_force_unknown.number;
  if (order.type === OrderType.limit) return brokenLimitRule(order, books);
  if (order.type === OrderType.market) return brokenMarketOrderRule(order, books.markets);
  return REJECTIONS.order_type_unknown.number;
};

const brokenLimitRule = (order: IncomingOrder, books: OrderBooks): number => {
  if (order.isByQuote) return REJECTIONS.quantity_or_quote_quantity.number;
  const broken = brokenPriceRule(order, books.markets) || brokenQuantityRule(order, books.markets);
  if (broken !== 0) return broken;
  if (order.price * order.quantity < books.markets.minNotional(order.row))
    return REJECTIONS.notional_below_minimum.number;
  if (order.timeInForce === TimeInForce.gtc && books.wouldOverfillLevel(order))
    return REJECTIONS.level_quantity_above_maximum.number;
  return 0;
};

const brokenMarketOrderRule = (order: IncomingOrder, markets: MarketTable): number => {
  if (order.timeInForce === TimeInForce.gtc) return REJECTIONS.market_order_cannot_rest.number;
  if ((order.quantity === 0) !== order.isByQuote)
    return REJECTIONS.quantity_or_quote_quantity.number;
  // A market order may go without a worst acceptable price.
  const brokenPrice = order.price === 0 ? 0 : brokenPriceRule(order, markets);
  if (brokenPrice !== 0) return brokenPrice;
  return order.isByQuote
    ? brokenQuoteQuantityRule(order, markets)
    : brokenQuantityRule(order, markets);
};

const brokenPriceRule = (order: IncomingOrder, markets: MarketTable): number => {
  if (order.price <= 0) return REJECTIONS.price_must_be_positive.number;
  if (order.price > markets.maxPrice(order.row)) return REJECTIONS.price_above_maximum.number;
  if (order.price % markets.priceIncrement(order.row) !== 0)
    return REJECTIONS.price_off_increment.number;
  return 0;
};

/** Conditions are written so that NaN breaks one. */
const brokenQuantityRule = (order: IncomingOrder, markets: MarketTable): number => {
  if (!(order.quantity > 0)) return REJECTIONS.quantity_must_be_positive.number;
  if (order.quantity > markets.maxQuantity(order.row))
    return REJECTIONS.quantity_above_maximum.number;
  if (order.quantity < markets.minQuantity(order.row))
    return REJECTIONS.quantity_below_minimum.number;
  if (!isMultipleOf(order.quantity, markets.quantityIncrement(order.row)))
    return REJECTIONS.quantity_off_increment.number;
  return 0;
};

const brokenQuoteQuantityRule = (order: IncomingOrder, markets: MarketTable): number => {
  if (!(order.quoteQuantity > 0)) return REJECTIONS.quote_quantity_must_be_positive.number;
  if (order.quoteQuantity > markets.maxPrice(order.row) * markets.maxQuantity(order.row))
    return REJECTIONS.notional_above_maximum.number;
  if (!isMultipleOf(order.quoteQuantity, 1))
    return REJECTIONS.quote_quantity_must_be_positive.number;
  if (order.quoteQuantity < markets.minNotional(order.row))
    return REJECTIONS.notional_below_minimum.number;
  return 0;
};

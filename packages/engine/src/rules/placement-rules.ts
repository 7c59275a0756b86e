import type { IncomingOrder } from "../incoming-order.ts";
import type { MarketTable } from "../memory/market-table.ts";
import type { OrderBooks } from "../order-books.ts";
import { OrderType } from "../order-type.ts";
import { phaseAdmits } from "../phases/phase-rules.ts";
import { REJECTIONS } from "../rejection.ts";
import { Side } from "../side.ts";
import { TimeInForce } from "../time-in-force.ts";
import { isMultipleOf } from "../whole-number.ts";
import { brokenConditionRule } from "./condition-rules.ts";
import { brokenCollarRule } from "./protection-rules.ts";

/** The number of the first rule that a placement breaks; 0 if it breaks none. The order that it replaces (0: none) is judged to be gone. */
export const brokenPlacementRule = (
  order: IncomingOrder,
  books: OrderBooks,
  replaced = 0,
): number =>
  brokenTermsRule(order, books.markets) ||
  (needsConditionRules(order) ? brokenConditionRule(order, books, replaced) : 0) ||
  brokenSumRule(order, books) ||
  (phaseAdmits(order, books.markets.phase(order.row)) ? 0 : REJECTIONS.phase_forbids.number);

const brokenTermsRule = (order: IncomingOrder, markets: MarketTable): number => {
  if (order.row === 0) return REJECTIONS.unknown_market.number;
  if (order.account <= 0) return REJECTIONS.account_must_be_positive.number;
  if (order.side !== Side.buy && order.side !== Side.sell) return REJECTIONS.side_unknown.number;
  if (order.timeInForce < TimeInForce.gtc || order.timeInForce > TimeInForce.at_close)
    return REJECTIONS.time_in_force_unknown.number;
  if (order.type === OrderType.limit) return brokenLimitRule(order, markets);
  if (order.type === OrderType.market) return brokenMarketOrderRule(order, markets);
  if (order.type === OrderType.market_to_limit) return brokenMarketToLimitRule(order, markets);
  return REJECTIONS.order_type_unknown.number;
};

const needsConditionRules = (order: IncomingOrder): boolean =>
  order.isConditioned || order.timeInForce >= TimeInForce.gtd;

/**
 * The lots that rest at one price stay countable, and so do those that an auction adds up. Where not all of them are seen
 * on their levels, that is judged by how many orders there are.
 */
const brokenSumRule = (order: IncomingOrder, books: OrderBooks): number => {
  const isUnforeseeable =
    order.isConditioned ||
    order.leg !== 0 ||
    order.type === OrderType.market_to_limit ||
    (order.rests && !books.markets.isCountedByLevels(order.row));
  const breaks = isUnforeseeable
    ? books.couldOverfill(order.row, order.openLegs)
    : order.rests && books.wouldOverfillLevel(order);
  return breaks ? REJECTIONS.level_quantity_above_maximum.number : 0;
};

const brokenLimitRule = (order: IncomingOrder, markets: MarketTable): number => {
  if (order.isByQuote) return REJECTIONS.quantity_or_quote_quantity.number;
  return (
    brokenPriceRule(order, markets) ||
    brokenQuantityRule(order, markets) ||
    brokenNotionalRule(order, markets) ||
    brokenCollarRule(order, markets)
  );
};

const brokenMarketOrderRule = (order: IncomingOrder, markets: MarketTable): number => {
  if (order.rests) return REJECTIONS.market_order_cannot_rest.number;
  if (!order.isSizedLater && (order.quantity === 0) !== order.isByQuote)
    return REJECTIONS.quantity_or_quote_quantity.number;
  // A market order may go without a worst acceptable price.
  const brokenPrice = order.price === 0 ? 0 : brokenPriceRule(order, markets);
  if (brokenPrice !== 0) return brokenPrice;
  return order.isByQuote
    ? brokenQuoteQuantityRule(order, markets)
    : brokenQuantityRule(order, markets);
};

const brokenMarketToLimitRule = (order: IncomingOrder, markets: MarketTable): number => {
  if (!order.lasts) return REJECTIONS.market_to_limit_must_rest.number;
  if (order.isByQuote) return REJECTIONS.quantity_or_quote_quantity.number;
  if (order.price !== 0) return REJECTIONS.price_must_be_positive.number;
  return brokenQuantityRule(order, markets);
};

export const brokenPriceRule = (order: IncomingOrder, markets: MarketTable): number => {
  if (order.price <= 0) return REJECTIONS.price_must_be_positive.number;
  if (order.price > markets.maxPrice(order.row)) return REJECTIONS.price_above_maximum.number;
  if (order.price % markets.priceIncrementAt(order.row, order.price) !== 0)
    return REJECTIONS.price_off_increment.number;
  return 0;
};

/** Conditions are written so that NaN breaks one. */
export const brokenQuantityRule = (order: IncomingOrder, markets: MarketTable): number => {
  if (order.isSizedLater) return 0;
  if (!(order.quantity > 0)) return REJECTIONS.quantity_must_be_positive.number;
  if (order.quantity > markets.maxQuantity(order.row))
    return REJECTIONS.quantity_above_maximum.number;
  if (order.quantity < markets.minQuantity(order.row))
    return REJECTIONS.quantity_below_minimum.number;
  if (!isMultipleOf(order.quantity, markets.quantityIncrement(order.row)))
    return REJECTIONS.quantity_off_increment.number;
  return 0;
};

export const brokenNotionalRule = (order: IncomingOrder, markets: MarketTable): number =>
  !order.isSizedLater && order.price * order.quantity < markets.minNotional(order.row)
    ? REJECTIONS.notional_below_minimum.number
    : 0;

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

import type { AddMarket, OrderTerms } from "../../commands/command.ts";
import type { REJECTIONS } from "../../rejection.ts";
import { canRest, isForAuction } from "./order.ts";
import { incrementAt, type MarketRules } from "./price-increments.ts";

/** The code of a broken rule. */
export type Code = keyof typeof REJECTIONS;

/** The first rule about account, type, price, quantity and notional that an order breaks. */
export const brokenTermsRule = (order: OrderTerms, rules: MarketRules): Code | undefined => {
  if (order.account < 1) return "account_must_be_positive";
  if (order.type === "limit") return brokenLimitRule(order, rules);
  if (order.type === "market") return brokenMarketOrderRule(order, rules);
  if (!mayBeMarketToLimit(order)) return "market_to_limit_must_rest";
  if (order.quoteQuantity !== 0) return "quantity_or_quote_quantity";
  if (order.price !== 0) return "price_must_be_positive";
  return brokenQuantityRule(order.quantity, rules);
};

/** The same of an order that comes without a quantity, because it is sized later. */
export const brokenUnsizedTermsRule = (
  { account, type, timeInForce, price }: OrderTerms,
  rules: MarketRules,
): Code | undefined => {
  if (account < 1) return "account_must_be_positive";
  if (type === "limit") return brokenPriceRule(price, rules);
  if (type === "market") {
    if (timeInForce !== "ioc" && timeInForce !== "fok") return "market_order_cannot_rest";
    return price === 0 ? undefined : brokenPriceRule(price, rules);
  }
  if (!mayBeMarketToLimit({ type, timeInForce })) return "market_to_limit_must_rest";
  return price === 0 ? undefined : "price_must_be_positive";
};

const mayBeMarketToLimit = (order: Pick<OrderTerms, "type" | "timeInForce">): boolean =>
  canRest(order) && !isForAuction(order);

const brokenLimitRule = (order: OrderTerms, rules: MarketRules): Code | undefined => {
  if (order.quoteQuantity !== 0) return "quantity_or_quote_quantity";
  return (
    brokenPriceRule(order.price, rules) ??
    brokenQuantityRule(order.quantity, rules) ??
    brokenNotionalRule(order.price, order.quantity, rules)
  );
};

const brokenMarketOrderRule = (order: OrderTerms, rules: MarketRules): Code | undefined => {
  const { timeInForce, price, quantity, quoteQuantity } = order;
  if (timeInForce !== "ioc" && timeInForce !== "fok") return "market_order_cannot_rest";
  if ((quantity === 0) === (quoteQuantity === 0)) return "quantity_or_quote_quantity";
  const brokenPrice = price === 0 ? undefined : brokenPriceRule(price, rules);
  if (brokenPrice !== undefined) return brokenPrice;
  if (quoteQuantity === 0) return brokenQuantityRule(quantity, rules);
  if (!(quoteQuantity > 0)) return "quote_quantity_must_be_positive";
  if (quoteQuantity > rules.maxPrice * rules.maxQuantity) return "notional_above_maximum";
  if (!Number.isInteger(quoteQuantity)) return "quote_quantity_must_be_positive";
  if (quoteQuantity < rules.minNotional) return "notional_below_minimum";
  return undefined;
};

export const brokenPriceRule = (price: number, rules: MarketRules): Code | undefined => {
  if (price < 1) return "price_must_be_positive";
  if (price > rules.maxPrice) return "price_above_maximum";
  if (price % incrementAt(price, rules) !== 0) return "price_off_increment";
  return undefined;
};

export const brokenQuantityRule = (quantity: number, rules: AddMarket): Code | undefined => {
  if (!(quantity > 0)) return "quantity_must_be_positive";
  if (quantity > rules.maxQuantity) return "quantity_above_maximum";
  if (quantity < rules.minQuantity) return "quantity_below_minimum";
  if (!isMultiple(quantity, rules.quantityIncrement)) return "quantity_off_increment";
  return undefined;
};

export const brokenNotionalRule = (
  price: number,
  quantity: number,
  rules: AddMarket,
): Code | undefined =>
  BigInt(price) * BigInt(quantity) < BigInt(rules.minNotional)
    ? "notional_below_minimum"
    : undefined;

/** Whether a value, whatever it is, is a whole multiple of the unit. */
export const isMultiple = (value: number, unit: number): boolean =>
  Number.isInteger(value) && BigInt(value) % BigInt(unit) === 0n;

import type { OrderTerms } from "../commands/command.ts";
import { type BookRefusal, refused } from "./book-refusal.ts";
import type { BookUnits } from "./book-units.ts";
import { parseConditions } from "./decimal-conditions.ts";
import type { LimitOrder, MarketOrder, MarketToLimitOrder } from "./decimal-order.ts";

/** A book's only market. */
export const MARKET = 1;

/** An order in increments, or the first of its fields that is no decimal of its unit. */
export type OrderReading = { readonly ok: true; readonly terms: OrderTerms } | BookRefusal;

export const limitTerms = (units: BookUnits, order: LimitOrder): OrderReading => {
  const { side, price, quantity, timeInForce = "gtc", account = 1, ...conditions } = order;
  const ticks = units.price.parse(price);
  if (!ticks.ok) return refused(ticks.code, "price");
  const lots = units.quantity.parse(quantity);
  if (!lots.ok) return refused(lots.code, "quantity");
  const asked = parseConditions(units, conditions);
  if (!asked.ok) return asked;
  return {
    ok: true,
    terms: {
      market: MARKET,
      account,
      side,
      type: "limit",
      timeInForce,
      price: ticks.value,
      quantity: lots.value,
      quoteQuantity: 0,
      conditions: asked.conditions,
    },
  };
};

export const marketTerms = (units: BookUnits, order: MarketOrder): OrderReading => {
  const { side, timeInForce = "ioc", account = 1, ...others } = order;
  const { worstPrice = "0", quantity = "0", quoteQuantity = "0", ...conditions } = others;
  const ticks = units.price.parse(worstPrice);
  if (!ticks.ok) return refused(ticks.code, "worstPrice");
  const lots = units.quantity.parse(quantity);
  if (!lots.ok) return refused(lots.code, "quantity");
  const tickLots = units.notional.parse(quoteQuantity);
  if (!tickLots.ok) return refused(tickLots.code, "quoteQuantity");
  const asked = parseConditions(units, conditions);
  if (!asked.ok) return asked;
  return {
    ok: true,
    terms: {
      market: MARKET,
      account,
      side,
      type: "market",
      timeInForce,
      price: ticks.value,
      quantity: lots.value,
      quoteQuantity: tickLots.value,
      conditions: asked.conditions,
    },
  };
};

export const marketToLimitTerms = (units: BookUnits, order: MarketToLimitOrder): OrderReading => {
  const { side, quantity, timeInForce = "gtc", account = 1, ...conditions } = order;
  const lots = units.quantity.parse(quantity);
  if (!lots.ok) return refused(lots.code, "quantity");
  const asked = parseConditions(units, conditions);
  if (!asked.ok) return asked;
  return {
    ok: true,
    terms: {
      market: MARKET,
      account,
      side,
      type: "market_to_limit",
      timeInForce,
      price: 0,
      quantity: lots.value,
      quoteQuantity: 0,
      conditions: asked.conditions,
    },
  };
};

import type { Order } from "./order.ts";
import { incrementAt, type MarketRules } from "./price-increments.ts";

/** The best prices that everybody sees, in ticks; 0: there is none. */
export interface ShownPrices {
  readonly buy: number;
  readonly sell: number;
}

/** Where a pegged order should stand, in ticks; 0: nowhere. */
export const pegPrice = (order: Order, best: ShownPrices, rules: MarketRules): number => {
  const followed = followedPrice(order, best);
  if (followed === 0) return 0;
  const { peg, pegOffset = 0 } = order.conditions;
  const distance = peg === "market" ? Math.max(pegOffset, incrementAt(followed, rules)) : pegOffset;
  const price =
    order.side === "buy"
      ? Math.min(roundedDown(followed - distance, rules), order.limit)
      : Math.max(roundedUp(followed + distance, rules), order.limit);
  return price >= 1 && price <= rules.maxPrice ? price : 0;
};

/** In ticks, or in halves of them; 0: there is none. */
const followedPrice = (
  { side, conditions: { peg } }: Order,
  { buy, sell }: ShownPrices,
): number => {
  const [own, other] = side === "buy" ? [buy, sell] : [sell, buy];
  if (peg === "primary") return own;
  if (peg === "market") return other;
  return own === 0 || other === 0 ? 0 : (own + other) / 2;
};

const roundedDown = (price: number, rules: MarketRules): number => {
  const increment = incrementAt(price, rules);
  return Math.floor(price / increment) * increment;
};

const roundedUp = (price: number, rules: MarketRules): number => {
  const increment = incrementAt(price, rules);
  return Math.ceil(price / increment) * increment;
};

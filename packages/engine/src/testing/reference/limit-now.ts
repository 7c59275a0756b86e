import type { OrderTerms } from "../../commands/command.ts";
import type { PhaseName } from "../../phases/phase.ts";
import type { SideName } from "../../side.ts";
import { accepts } from "./order.ts";
import { incrementAt, type MarketRules } from "./price-increments.ts";

/**
 * An order's limit as its type and conditions make it when it comes in; undefined if it would take and may not.
 * `best` is the best price of the other side, shown or hidden; 0 if nobody is there.
 */
export const limitNow = (
  order: OrderTerms,
  best: number,
  rules: MarketRules,
  phase: PhaseName,
): number | undefined => {
  const { postOnly, slippage } = order.conditions ?? {};
  if (order.type === "market_to_limit") return best;
  if (slippage !== undefined) {
    const worst = Math.min(rules.maxPrice, ahead(order.side, best, slippage));
    return best === 0 ? 0 : Math.max(1, worst);
  }
  const mayTake = postOnly === undefined && phase !== "post_only";
  const wouldTake = best !== 0 && accepts(order, best);
  if (mayTake || !wouldTake) return order.price;
  if (postOnly !== "slide") return undefined;
  const slid = ahead(order.side, best, -incrementAt(best, rules));
  return slid >= 1 && slid <= rules.maxPrice ? slid : undefined;
};

/** So many ticks further into the other side: a buy's price goes up. */
const ahead = (side: SideName, price: number, ticks: number): number =>
  side === "buy" ? price + ticks : price - ticks;

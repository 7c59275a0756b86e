import type { SideName } from "@pincex/engine";
import {
  acceptablePrice,
  affordableQuantity,
  type Intent,
  type MarketRules,
  type RestingOrder,
  type TraderSight,
} from "./market-sight.ts";
import { mixed } from "./random.ts";

/** How the market maker quotes one market. Prices in ticks, quantities in lots. */
export interface QuotingPlan {
  readonly seed: number;
  /** Distance of its levels on average. */
  readonly spacing: number;
  /** Its best prices stand this far from the reference. */
  readonly halfSpread: number;
  readonly typicalQuantity: number;
}

/** Levels quoted on each side. */
export const QUOTED_LEVELS = 25;
/** Levels that fell behind stay for a while: cancelling at each step would be churn for nothing. */
const STALE_LEVELS = 8;
const CHANGES_A_TURN = 3;
/** An empty book fills within a second. */
const CHANGES_WHEN_THIN = 16;

/**
 * The market maker's next moves: first take away quotes that the reference has passed or left behind, then fill the level
 * nearest to it that is missing.
 *
 * Its levels stand on a fixed lattice of prices, a function of the plan alone. So it needs no memory: what it finds resting
 * after a restart is adopted if it stands on the lattice, and cancelled otherwise.
 */
export const quotes = (
  plan: QuotingPlan,
  rules: MarketRules,
  maker: TraderSight,
  reference: number,
): Intent[] => {
  const centre = Math.max(reference - inventorySkew(plan, maker), 1);
  const cancels = staleOrders(plan, rules, maker, centre).map(
    ({ orderId }): Intent => ({ kind: "cancel", account: maker.account, orderId }),
  );
  const missing = [
    ...missingQuotes(plan, rules, maker, centre, "buy"),
    ...missingQuotes(plan, rules, maker, centre, "sell"),
  ].sort((one, other) => one.distance - other.distance);
  const changes = missing.length > QUOTED_LEVELS ? CHANGES_WHEN_THIN : CHANGES_A_TURN;
  return [...cancels.slice(0, changes), ...placements(rules, maker, missing.slice(0, changes))];
};

/** Too much in stock: quote lower, so that buyers come; one spacing for a hundred typical orders, at most eight. */
const inventorySkew = (plan: QuotingPlan, maker: TraderSight): number => {
  const orders = maker.surplusLots / plan.typicalQuantity;
  return Math.trunc((Math.min(Math.max(orders, -800), 800) * plan.spacing) / 100);
};

interface Quote {
  readonly side: SideName;
  readonly price: number;
  readonly quantity: number;
  readonly distance: number;
}

/** The price of a lattice point: no two points meet, and the gaps between them look like a market's. */
const latticePrice = (plan: QuotingPlan, rules: MarketRules, index: number): number => {
  const jitter = mixed(plan.seed ^ Math.imul(index, 0x9e3779b1)) % plan.spacing;
  return acceptablePrice(rules, index * plan.spacing + jitter);
};

const sign = (side: SideName): 1 | -1 => (side === "buy" ? -1 : 1);

/** How far outside of the reference a price stands on its side, in ticks; negative if the reference has passed it. */
const distanceFrom = (centre: number, side: SideName, price: number): number =>
  (price - centre) * sign(side);

const outermost = (plan: QuotingPlan): number =>
  plan.halfSpread + (QUOTED_LEVELS + STALE_LEVELS) * plan.spacing;

const staleOrders = (
  plan: QuotingPlan,
  rules: MarketRules,
  maker: TraderSight,
  centre: number,
): RestingOrder[] => {
  const seen = new Set<number>();
  return maker.orders
    .filter(({ side, price }) => {
      const distance = distanceFrom(centre, side, price);
      const isRepeated = seen.has(price);
      seen.add(price);
      if (isRepeated || distance < plan.halfSpread / 2 || distance > outermost(plan)) return true;
      return latticePrice(plan, rules, Math.floor(price / plan.spacing)) !== price;
    })
    .sort(
      (one, other) =>
        distanceFrom(centre, one.side, one.price) - distanceFrom(centre, other.side, other.price),
    );
};

const missingQuotes = (
  plan: QuotingPlan,
  rules: MarketRules,
  maker: TraderSight,
  centre: number,
  side: SideName,
): Quote[] => {
  const resting = new Set(maker.orders.map(({ price }) => price));
  const missing: Quote[] = [];
  const middle = Math.floor(centre / plan.spacing);
  let level = 0;
  for (let step = 0; level < QUOTED_LEVELS; step += 1) {
    const index = middle + sign(side) * step;
    if (index < 1) break;
    const price = latticePrice(plan, rules, index);
    const distance = distanceFrom(centre, side, price);
    if (distance < plan.halfSpread || price >= rules.maxPrice) continue;
    level += 1;
    if (resting.has(price)) continue;
    missing.push({ side, price, distance, quantity: quantityAt(plan, index) });
  }
  return missing;
};

/** A function of the place on the lattice alone, so that both sides weigh the same wherever the price comes from; a few are walls. */
const quantityAt = (plan: QuotingPlan, index: number): number => {
  const bits = mixed(plan.seed + Math.imul(index, 0x85ebca6b));
  const wall = bits % 11 === 0 ? 3 : 1;
  return Math.floor((plan.typicalQuantity * (512 + ((bits >>> 8) % 2_560)) * wall) / 1_024);
};

const placements = (
  rules: MarketRules,
  maker: TraderSight,
  missing: readonly Quote[],
): Intent[] => {
  let { availableLots, availableNotional } = maker;
  return missing.flatMap(({ side, price, quantity }): Intent[] => {
    const affordable = affordableQuantity(
      rules,
      { ...maker, availableLots, availableNotional },
      { side, price, quantity },
    );
    if (affordable === 0) return [];
    if (side === "sell") availableLots -= affordable;
    else availableNotional -= affordable * price;
    const { account } = maker;
    return [{ kind: "place", account, side, type: "limit", price, quantity: affordable }];
  });
};

import type { SideName } from "@pincex/engine";
import type { QuotingPlan } from "./market-maker.ts";
import {
  acceptablePrice,
  affordableQuantity,
  type Intent,
  type MarketRules,
  type MarketSight,
  type TraderSight,
} from "./market-sight.ts";
import type { Random } from "./random.ts";

/** Orders that one noise trader leaves in one market's book at most. */
export const NOISE_ORDERS = 8;
/** In so many of 100 turns of a market somebody takes, somebody rests an order, somebody thinks better of one. */
const TAKES = 30;
const RESTS = 30;
const CANCELS = 14;
/** A market order goes this far from the best price at most, in parts per thousand. */
const WORST_PRICE_PER_MILLE = 5;

/** What one of the noise traders does in a turn, usually nothing. */
export const noise = (
  plan: QuotingPlan,
  rules: MarketRules,
  sight: MarketSight,
  reference: number,
  random: Random,
): Intent[] => {
  const trader = sight.noise[random.below(Math.max(sight.noise.length, 1))];
  // Whoever draws is decided by the seed alone, whatever the market looks like: a sequence can be followed by hand.
  const [takes, rests, cancels] = [
    random.percent(TAKES),
    random.percent(RESTS),
    random.percent(CANCELS),
  ];
  if (trader === undefined || sight.bestBid === 0 || sight.bestAsk === 0) return [];
  const crowded = trader.orders.length >= NOISE_ORDERS;
  // One order a turn: a second one would be paid from money that the first has spent.
  const order = takes
    ? taken(plan, rules, sight, trader, random)
    : rests && !crowded
      ? rested(plan, rules, sight, trader, reference, random)
      : [];
  return [...order, ...(cancels || crowded ? withdrawn(trader, random) : [])];
};

/** Likes to buy what it has too little of: its stock stays around where it began. */
const likedSide = (plan: QuotingPlan, trader: TraderSight, random: Random): SideName => {
  const tilt = Math.trunc(trader.surplusLots / (plan.typicalQuantity * 4));
  const chanceToBuy = 50 - Math.min(Math.max(tilt, -30), 30);
  return random.percent(chanceToBuy) ? "buy" : "sell";
};

const taken = (
  plan: QuotingPlan,
  rules: MarketRules,
  sight: MarketSight,
  trader: TraderSight,
  random: Random,
): Intent[] => {
  const side = likedSide(plan, trader, random);
  const quantity = random.heavyTailed(Math.max(Math.floor(plan.typicalQuantity / 3), 1));
  // It would trade with itself: a wash trade says nothing about a market.
  if (trader.orders.some((order) => order.side !== side)) return [];
  const best = side === "buy" ? sight.bestAsk : sight.bestBid;
  const slip = Math.ceil((best * WORST_PRICE_PER_MILLE) / 1_000);
  const price = acceptablePrice(rules, side === "buy" ? best + slip : best - slip);
  return placed(rules, trader, { side, type: "market", price, quantity });
};

const rested = (
  plan: QuotingPlan,
  rules: MarketRules,
  sight: MarketSight,
  trader: TraderSight,
  reference: number,
  random: Random,
): Intent[] => {
  const side = trader.orders[0]?.side ?? likedSide(plan, trader, random);
  const quantity = random.heavyTailed(Math.max(Math.floor(plan.typicalQuantity / 2), 1));
  const behind = random.below(Math.min(plan.spacing * 3 + 2, 2 ** 20));
  const price =
    side === "buy"
      ? Math.min(sight.bestAsk - 1, reference) - behind
      : Math.max(sight.bestBid + 1, reference) + behind;
  return placed(rules, trader, {
    side,
    type: "limit",
    price: acceptablePrice(rules, price),
    quantity,
  });
};

const placed = (
  rules: MarketRules,
  trader: TraderSight,
  order: { side: SideName; type: "limit" | "market"; price: number; quantity: number },
): Intent[] => {
  const quantity = affordableQuantity(rules, trader, order);
  if (quantity === 0) return [];
  return [{ kind: "place", account: trader.account, ...order, quantity }];
};

const withdrawn = (trader: TraderSight, random: Random): Intent[] => {
  const order = trader.orders[random.below(Math.max(trader.orders.length, 1))];
  if (order === undefined) return [];
  return [{ kind: "cancel", account: trader.account, orderId: order.orderId }];
};

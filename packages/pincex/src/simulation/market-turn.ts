import { type QuotingPlan, quotes } from "./market-maker.ts";
import {
  acceptablePrice,
  type Intent,
  type MarketRules,
  type MarketSight,
} from "./market-sight.ts";
import { noise } from "./noise-trader.ts";
import { mixed, Random } from "./random.ts";
import { type ReferencePrice, referenceAt, ticksOf, walked } from "./reference-price.ts";

/** A market with its simulated traders: what stays the same from turn to turn. */
export interface SimulatedMarket {
  readonly rules: MarketRules;
  readonly plan: QuotingPlan;
  /** The price that the walk stays around over days, in ticks. */
  readonly anchor: number;
}

/** What changes from turn to turn: all of it, so a state can be kept and gone on from. */
export interface TurnState {
  readonly random: number;
  readonly reference: ReferencePrice;
}

/** One typical order is worth this many of the smallest that the market accepts. */
const TYPICAL_ORDERS_WORTH = 300;
const SPACING_PPM = 50;
const HALF_SPREAD_PPM = 8;

/** A market whose traders quote around `anchor` ticks; the same seed gives the same lattice of prices. */
export const simulatedMarket = (
  rules: MarketRules,
  { seed, anchor }: { readonly seed: number; readonly anchor: number },
): SimulatedMarket => {
  const typical = Math.floor((Math.max(rules.minNotional, 1) * TYPICAL_ORDERS_WORTH) / anchor);
  return {
    rules,
    anchor,
    plan: {
      seed: (seed ^ Math.imul(rules.market, 0x27d4eb2f)) >>> 0,
      // Whole increments, so that rounding a price never moves it into the next cell of the lattice.
      spacing: Math.max(acceptablePrice(rules, Math.floor((anchor * SPACING_PPM) / 1_000_000)), 1),
      halfSpread: Math.max(Math.floor((anchor * HALF_SPREAD_PPM) / 1_000_000), 1),
      typicalQuantity: Math.max(typical, rules.minQuantity, 1),
    },
  };
};

/** Where the traders take up their work: the last trade, if there was one before. */
export interface LastTrade {
  readonly tradeId: number;
  /** In ticks. */
  readonly price: number;
}

/**
 * The state before the first turn. After a restart it goes on from the last trade, whose id also stirs the draws: the same
 * seed would otherwise walk the same way again from each restart on.
 */
export const firstTurn = (market: SimulatedMarket, last?: LastTrade): TurnState => ({
  random: last === undefined ? market.plan.seed : mixed(market.plan.seed ^ last.tradeId),
  reference: referenceAt(acceptablePrice(market.rules, last?.price ?? market.anchor)),
});

/**
 * One turn of a market: the reference takes a step, the market maker follows it, and now and then somebody trades.
 *
 * A pure function: the same state and sight give the same intents. Whether an intent succeeds is seen in the next sight.
 */
export const nextTurn = (
  market: SimulatedMarket,
  state: TurnState,
  sight: MarketSight,
): { readonly state: TurnState; readonly intents: readonly Intent[] } => {
  const random = new Random(state.random);
  const reference = walked(state.reference, market.anchor, random);
  const { plan, rules } = market;
  const intents = [
    ...quotes(plan, rules, sight.maker, ticksOf(reference)),
    ...noise(plan, rules, sight, ticksOf(reference), random),
  ];
  return { state: { random: random.state, reference }, intents };
};

import fc from "fast-check";
import type { ContingencyName, ListLeg, OrderTerms, PlaceList } from "../../commands/command.ts";
import type { SideName } from "../../side.ts";
import {
  account,
  level,
  type OrderWish,
  oneIn,
  orderWish,
  reaching,
  termsOf,
  wait,
} from "./order-wish.ts";
import { LEVELS, MAIN_MARKET } from "./scale.ts";
import type { Intent, Situation } from "./situation.ts";

/** How a working order may come to its end. */
const working = fc.record({
  wish: orderWish,
  comes: fc.constantFrom(
    ...(["to_the_front", "to_the_front", "to_the_front", "taking", "taking"] as const),
    ...(["for_a_sum", "triggered", "triggered", "as_wished"] as const),
  ),
  units: fc.integer({ min: 1, max: 8 }),
  /** By so many levels it is behind the front of its side. */
  behind: fc.nat(2),
  wait,
});
type Working = typeof working extends fc.Arbitrary<infer Value> ? Value : never;

/** An order of a pair: one that stands in the book, or one that waits for a price. */
const ofPair = fc.record({ wish: orderWish, wait, stands: fc.boolean(), front: level });
type OfPair = typeof ofPair extends fc.Arbitrary<infer Value> ? Value : never;

const listWish = fc.record({
  market: fc.constantFrom(...Array.from({ length: 9 }, () => MAIN_MARKET), 2, 77_777),
  account,
  contingency: fc.constantFrom<ContingencyName>("oco", "oto", "otoco"),
  working,
  pending: orderWish,
  /** One of a pair waits, whatever the other does, but for a careless list. */
  pair: fc.tuple(ofPair, ofPair),
  isReceived: fc.boolean(),
  /** Pending orders are mostly there to take back what the working one has done. */
  isOpposite: fc.constantFrom(true, true, true, false),
  leavesOutSizing: fc.boolean(),
  isTurnedRound: fc.boolean(),
  careless: oneIn(
    10,
    fc.constantFrom("other_contingency", "received", "without_sizes", "unwaiting", "as_wished"),
  ),
});
type ListWish = typeof listWish extends fc.Arbitrary<infer Value> ? Value : never;

const otherSide = (side: SideName): SideName => (side === "buy" ? "sell" : "buy");

/** Nothing that could keep it from the book, or out of it. */
const plain = (wish: OrderWish): OrderWish => ({
  ...wish,
  type: "limit",
  timeInForce: wish.timeInForce === "ioc" || wish.timeInForce === "fok" ? "gtc" : wish.timeInForce,
  isPassive: false,
  wait: undefined,
  peg: undefined,
  allOrNone: undefined,
  auction: undefined,
  postOnly: undefined,
  minimumUnits: undefined,
  isCareless: undefined,
  off: undefined,
});

/** The level at the front of a side, or some behind it. */
const frontOf = (side: SideName, behind: number): number =>
  side === "buy" ? LEVELS / 2 - 1 - behind : LEVELS / 2 + behind;

const workingWish = ({ wish, comes, units, behind, wait: until }: Working): OrderWish => {
  const small = { ...plain(wish), units };
  switch (comes) {
    case "to_the_front":
      return { ...small, level: frontOf(wish.side, behind) };
    case "taking":
      return reaching({ ...small, timeInForce: wish.timeInForce });
    case "for_a_sum":
      return { ...small, type: "market", timeInForce: "ioc", isByQuote: true };
    case "triggered":
      // A price near the middle of the levels comes now and then.
      return reaching({ ...small, wait: { ...until, level: 3 + (until.level % 6) } });
    default:
      return { ...wish, isCareless: undefined };
  }
};

const pairWish = ({ wish, wait: until, stands, front }: OfPair, side: SideName): OrderWish => {
  const one = { ...plain(wish), side };
  return stands
    ? // Behind the front of its side, or now and then beyond it, where it may take when its time comes.
      { ...one, postOnly: "reject", level: frontOf(side, (front % 8) - 2) }
    : { ...one, type: wish.type, timeInForce: wish.timeInForce, wait: until };
};

const legOf = ({ market: _, account: __, ...leg }: OrderTerms): ListLeg => leg;

/** Its size is to come. */
const unsized = ({ conditions, ...leg }: ListLeg): ListLeg => {
  const { displayQuantity: _, minQuantity: __, ...others } = conditions ?? {};
  const sizeless = { ...leg, quantity: 0, quoteQuantity: 0 };
  return Object.keys(others).length > 0 ? { ...sizeless, conditions: others } : sizeless;
};

const listOf = (wish: ListWish, now: Situation): PlaceList => {
  const { market, account: owner, contingency, careless } = wish;
  const legs = wishesOf(wish).map((each, at) => {
    const leg = legOf(termsOf({ ...each, market }, now));
    const isSizedLater = isReceived(wish) && at > 0 && careless !== "without_sizes";
    return isSizedLater ? unsized(leg) : leg;
  });
  const sizing = isReceived(wish) || careless === "received" ? "received" : "fixed";
  return {
    kind: "place_list",
    market,
    account: owner,
    contingency: careless === "other_contingency" ? "otoco" : contingency,
    ...((sizing === "received" || !wish.leavesOutSizing) && { sizing }),
    legs,
  };
};

const isReceived = ({ contingency, isReceived: isWished }: ListWish): boolean =>
  contingency !== "oco" && isWished;

const wishesOf = (wish: ListWish): OrderWish[] => {
  const { contingency, pair, pending, careless } = wish;
  const first = workingWish(wish.working);
  const side = pendingSide(wish, first.side);
  const fitting = (each: OrderWish): OrderWish =>
    isReceived(wish) && first.side === "sell" ? bySum(each) : each;
  if (contingency === "oto") {
    const isCareless = careless === "as_wished" ? pending.isCareless : undefined;
    return [first, fitting({ ...pending, side, isCareless })];
  }
  const [one, other] = pair;
  const waiting = careless === "unwaiting" ? other : { ...other, stands: false };
  const both = [waiting, one].map((each) => fitting(pairWish(each, side)));
  // Which of a pair comes first may make a difference.
  const ordered = wish.isTurnedRound ? both.reverse() : both;
  return contingency === "oco" ? ordered : [first, ...ordered];
};

/** What was received is given back, mostly; another side can't be sized by it. */
const pendingSide = (wish: ListWish, side: SideName): SideName => {
  const isOpposite = isReceived(wish) ? wish.careless !== "received" : wish.isOpposite;
  return isOpposite ? otherSide(side) : side;
};

/** What a sell has raised is a sum: a market order's budget, or what a limit order's quantity costs. */
const bySum = (pending: OrderWish): OrderWish =>
  pending.type === "limit" ? pending : { ...pending, type: "market", isByQuote: true };

/** Orders that depend on one another; some lists can't be placed. */
export const listing: fc.Arbitrary<Intent> = listWish.map((wish) => (now) => listOf(wish, now));

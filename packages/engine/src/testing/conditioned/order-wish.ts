import fc from "fast-check";
import type { OrderTerms } from "../../commands/command.ts";
import type { Conditions } from "../../conditions/conditions.ts";
import type { TimeInForceName } from "../../time-in-force.ts";
import { LEVELS, lotsOf, MARKET_NUMBERS } from "./scale.ts";
import type { Situation } from "./situation.ts";

export const account: fc.Arbitrary<number> = fc.constantFrom(1, 1, 1, 2, 2, 2, 3, 3, 4);
export const market: fc.Arbitrary<number> = fc.constantFrom(...MARKET_NUMBERS);
export const level: fc.Arbitrary<number> = fc.nat(LEVELS - 1);
/** Small ones for makers, and large ones that take several of them. */
const units: fc.Arbitrary<number> = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 12 }) },
  { weight: 1, arbitrary: fc.integer({ min: 13, max: 60 }) },
);

/** What one order in so many asks for. */
export const oneIn = <Value>(
  often: number,
  arbitrary: fc.Arbitrary<Value>,
): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: often - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

export const wait = fc.record({
  trigger: fc.constantFrom("stop", "stop", "take_profit", "trailing_stop", "trailing_stop"),
  on: fc.constantFrom("last" as const, "last" as const, "mark" as const),
  level,
  offset: fc.integer({ min: 1, max: 4 }),
  basisPoints: fc.integer({ min: 1, max: 700 }),
  isByOffset: fc.boolean(),
  activation: oneIn(2, level),
});
type Wait = typeof wait extends fc.Arbitrary<infer Value> ? Value : never;

/** Few enough that names clash now and then, and are free again later. */
export const clientOrderId: fc.Arbitrary<number> = fc.integer({ min: 1, max: 12 });

/** An order in levels and units, of which most conditions are dropped that its type can't have. */
export const orderWish = fc.record({
  market,
  account,
  side: fc.constantFrom("buy" as const, "sell" as const),
  type: fc.oneof(
    { weight: 8, arbitrary: fc.constant("limit" as const) },
    { weight: 2, arbitrary: fc.constant("market" as const) },
    { weight: 1, arbitrary: fc.constant("market_to_limit" as const) },
  ),
  timeInForce: fc.constantFrom<TimeInForceName>(
    ...(["gtc", "gtc", "gtc", "gtc", "gtc", "day", "day", "gtd", "gtd", "ioc", "fok"] as const),
  ),
  level,
  /** Keeps to its own half of the levels, so that there is a book to meet. */
  isPassive: fc.constantFrom(true, true, false),
  /** By so many ticks it misses its level. */
  off: oneIn(24, fc.constant(1)),
  units,
  isByQuote: fc.boolean(),
  hasWorstPrice: fc.boolean(),
  lifetime: fc.integer({ min: 1, max: 8 }),
  shownUnits: oneIn(3, fc.integer({ min: 1, max: 6 })),
  hidden: oneIn(6, fc.constant(true as const)),
  postOnly: oneIn(8, fc.constantFrom("reject" as const, "slide" as const)),
  minimumUnits: oneIn(12, fc.integer({ min: 1, max: 12 })),
  selfTrade: fc.constantFrom(
    ...([undefined, undefined, undefined, "expire_taker"] as const),
    ...(["expire_maker", "expire_maker", "expire_both", "decrement", "transfer"] as const),
  ),
  tradeGroup: oneIn(4, fc.integer({ min: 1, max: 2 })),
  wait: oneIn(4, wait),
  peg: oneIn(8, fc.constantFrom("primary", "market", "mid")),
  pegOffset: oneIn(2, fc.integer({ min: 1, max: 3 })),
  allOrNone: oneIn(10, fc.constant(true as const)),
  /** For one auction only: the one that comes next, or the opening one though it may be over. */
  auction: oneIn(9, fc.constantFrom("next", "next", "next", "next", "opening")),
  clientOrderId: oneIn(4, clientOrderId),
  slippage: oneIn(2, fc.integer({ min: 1, max: 5 })),
  /** Asks for it all, whether it goes together or not. */
  isCareless: oneIn(10, fc.constant(true)),
});
export type OrderWish = typeof orderWish extends fc.Arbitrary<infer Value> ? Value : never;

/** The order that a wish is in a situation. */
export const termsOf = (wished: OrderWish, now: Situation): OrderTerms => {
  const wish = withItsTime(wished.isCareless ? wished : goingTogether(wished), now);
  const { market, account, side, type } = wish;
  const timeInForce = timeInForceOf(wish);
  const isByQuote = type === "market" && wish.isByQuote;
  const quantity = lotsOf(market, wish.units);
  const price = now.price(market, levelOf(wish)) + (wish.off ?? 0);
  const hasPrice = type === "limit" || (type === "market" && wish.hasWorstPrice);
  const conditions = withoutUndefined({
    ...(wish.isCareless ? carelessOf(wish) : fittingOf(wish)),
    expiresAt: timeInForce === "gtd" ? now.time + wish.lifetime : undefined,
    ...(wish.wait && waitOf(wish.wait, market, now)),
  });
  return {
    market,
    account,
    side,
    type,
    timeInForce,
    price: hasPrice ? price : 0,
    quantity: isByQuote ? 0 : quantity,
    quoteQuantity: isByQuote ? price * quantity : 0,
    ...(Object.keys(conditions).length > 0 && { conditions }),
  };
};

/** Of what can't go together, what is asked for more seldom is kept. */
const goingTogether = (wish: OrderWish): OrderWish => {
  const plainer = { ...wish, minimumUnits: undefined, postOnly: undefined };
  if (wish.auction !== undefined) {
    return { ...plainer, type: "limit", wait: undefined, peg: undefined, allOrNone: undefined };
  }
  if (wish.peg !== undefined) {
    const unseen = { ...plainer, shownUnits: undefined, wait: undefined, allOrNone: undefined };
    // Its limit is anywhere, so that it has some way to go.
    return { ...unseen, type: "limit", timeInForce: resting(wish), isPassive: false };
  }
  if (wish.allOrNone !== undefined) {
    const whole = { ...plainer, shownUnits: undefined, hidden: undefined };
    // Larger than most that it could trade with, and at a price at which it could.
    const waits = { ...reaching(whole), units: 6 + wish.units };
    return { ...waits, type: "limit", timeInForce: resting(wish) };
  }
  return wish.timeInForce === "fok" ? fillable(wish) : wish;
};

const withItsTime = (wish: OrderWish, now: Situation): OrderWish => {
  if (wish.auction === undefined) return wish;
  const isEarly = wish.auction === "opening" || now.phase(wish.market) === "pre_open";
  return { ...wish, timeInForce: isEarly ? "at_open" : "at_close" };
};

const resting = ({ timeInForce }: OrderWish): TimeInForceName =>
  timeInForce === "ioc" || timeInForce === "fok" ? "gtc" : timeInForce;

/** At such a price that it trades with nearly all there is. */
export const reaching = (wish: OrderWish): OrderWish => ({
  ...wish,
  isPassive: false,
  level: wish.side === "buy" ? LEVELS - 1 - (wish.level % 4) : wish.level % 4,
});

/** So small, and at such a price, that it now and then fills or kills. */
const fillable = (wish: OrderWish): OrderWish => ({
  ...reaching(wish),
  units: 1 + (wish.units % 6),
});

const levelOf = ({ side, level: wished, isPassive }: OrderWish): number => {
  const half = Math.floor(wished / 2);
  if (!isPassive) return wished;
  return side === "buy" ? half : LEVELS - 1 - half;
};

const timeInForceOf = ({ type, timeInForce, isCareless }: OrderWish) => {
  const rests = timeInForce !== "ioc" && timeInForce !== "fok";
  if (isCareless || type === "limit") return timeInForce;
  if (type === "market") return rests ? "ioc" : timeInForce;
  return rests ? timeInForce : "gtc";
};

type Wishes = { [Name in keyof Conditions]: Conditions[Name] | undefined };

const carelessOf = (wish: OrderWish): Wishes => ({
  displayQuantity: wish.shownUnits && lotsOf(wish.market, wish.shownUnits),
  hidden: wish.hidden,
  postOnly: wish.postOnly,
  minQuantity: wish.minimumUnits && lotsOf(wish.market, wish.minimumUnits),
  selfTrade: wish.selfTrade,
  tradeGroup: wish.tradeGroup,
  slippage: wish.slippage,
  triggerOn: wish.hidden && "mark",
  peg: wish.peg,
  // Without a peg it is refused, and nothing else is found out.
  pegOffset: wish.peg === undefined && !wish.hidden ? undefined : wish.pegOffset,
  allOrNone: wish.allOrNone,
  clientOrderId: wish.clientOrderId,
});

const fittingOf = (wish: OrderWish): Wishes => {
  const { type, units, shownUnits = units, minimumUnits = 0 } = wish;
  const timeInForce = timeInForceOf(wish);
  const isByQuote = type === "market" && wish.isByQuote;
  const rests = timeInForce !== "ioc" && timeInForce !== "fok";
  const isIceberg = rests && shownUnits < units;
  const movesLots = wish.selfTrade === "decrement" || wish.selfTrade === "transfer";
  const fits: { [Name in keyof Conditions]: boolean } = {
    displayQuantity: isIceberg,
    hidden: rests && !isIceberg,
    postOnly: type === "limit" && rests,
    minQuantity: minimumUnits <= units && timeInForce !== "fok" && !isByQuote,
    // Now and then what an order by quote quantity can't have.
    selfTrade: !(isByQuote && movesLots && wish.units % 4 > 0),
    tradeGroup: true,
    slippage: type === "market" && !wish.hasWorstPrice,
    peg: true,
    pegOffset: wish.peg !== undefined,
    allOrNone: true,
    clientOrderId: true,
  };
  const asked = Object.entries(carelessOf(wish));
  return Object.fromEntries(asked.filter(([name]) => fits[name as keyof Conditions]));
};

const waitOf = (wait: Wait, market: number, now: Situation): Wishes => {
  const isTrailing = wait.trigger === "trailing_stop";
  const distance = wait.isByOffset
    ? { trailingOffset: wait.offset }
    : { trailingBasisPoints: wait.basisPoints };
  return {
    trigger: wait.trigger,
    triggerOn: wait.on,
    ...(isTrailing
      ? {
          ...distance,
          activationPrice:
            wait.activation === undefined ? undefined : now.price(market, wait.activation),
        }
      : { triggerPrice: now.price(market, wait.level) }),
  };
};

const withoutUndefined = (wishes: Wishes): Conditions =>
  Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== undefined));

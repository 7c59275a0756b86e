import fc from "fast-check";
import type { PhaseName } from "../../phases/phase.ts";
import { MARKETS, strangeNumber } from "../order-flow.ts";
import { UNPROTECTED } from "../reference/protection.ts";
import { listing } from "./list-wish.ts";
import {
  account,
  clientOrderId,
  level,
  market,
  type OrderWish,
  oneIn,
  orderWish,
  reaching,
  termsOf,
} from "./order-wish.ts";
import { LEVELS, lotsOf, MAIN_MARKET } from "./scale.ts";
import type { Intent, Situation } from "./situation.ts";

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const placing: fc.Arbitrary<Intent> = orderWish.map((wish) => (now) => ({
  kind: "place",
  ...termsOf(wish, now),
}));

/** An order that is open, now and then by somebody else than its owner; if none is open, one that isn't. */
const naming = fc.record({
  market,
  fraction,
  /** Waiting orders can be cancelled and replaced only. */
  rests: fc.constantFrom(...Array.from({ length: 9 }, () => true), false),
  stranger: oneIn(15, account),
});
type Naming = typeof naming extends fc.Arbitrary<infer Value> ? Value : never;

const NOBODYS = { market: 1, account: 1, orderId: 1, price: 100, quantity: 10 };

const named = ({ market: where, fraction: which, rests, stranger }: Naming, now: Situation) => {
  const order = now.openOrder(where, which, rests) ?? NOBODYS;
  const { market: at, account: owner, orderId } = order;
  return { order, name: { market: at, account: stranger ?? owner, orderId } };
};

const cancelling: fc.Arbitrary<Intent> = naming.map((whose) => (now) => ({
  kind: "cancel",
  ...named({ ...whose, rests: false }, now).name,
}));

/** By the owner's name for it: of an order that has one, or of none. */
const cancellingByClientId: fc.Arbitrary<Intent> = fc
  .record({
    market,
    fraction,
    stranger: oneIn(12, account),
    another: oneIn(8, fc.oneof(clientOrderId, fc.constant(0))),
  })
  .map(({ market: where, fraction: which, stranger, another }) => (now) => {
    const order = now.namedOrder(where, which);
    return {
      kind: "cancel_by_client_id",
      market: where,
      account: stranger ?? order?.account ?? 1,
      clientOrderId: another ?? order?.clientOrderId ?? 1,
    };
  });

const reducing: fc.Arbitrary<Intent> = fc
  .record({ whose: naming, less: fc.integer({ min: 1, max: 8 }) })
  .map(({ whose, less }) => (now) => {
    const { name } = named(whose, now);
    return { kind: "reduce", ...name, quantity: less * unitOf(name.market) };
  });

const amending: fc.Arbitrary<Intent> = fc
  .record({ whose: naming, newLevel: oneIn(2, level), more: fc.integer({ min: -12, max: 12 }) })
  .map(({ whose, newLevel, more }) => (now) => {
    const { name, order } = named(whose, now);
    return {
      kind: "amend",
      ...name,
      price: newLevel === undefined ? order.price : now.price(name.market, newLevel),
      quantity: order.quantity + more * unitOf(name.market),
    };
  });

const replacing: fc.Arbitrary<Intent> = fc
  .record({ whose: naming, wish: orderWish, onFailure: fc.constantFrom("stop", "allow") })
  .map(({ whose, wish, onFailure }) => (now) => {
    const { orderId, ...place } = named({ ...whose, rests: false }, now).name;
    return { kind: "replace", ...termsOf({ ...wish, ...place }, now), orderId, onFailure };
  });

const cancellingAll: fc.Arbitrary<Intent> = fc
  .record({
    kind: fc.constant("cancel_all" as const),
    market: fc.oneof(fc.constant(0), market),
    account: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: account }),
    side: fc.constantFrom("both", "buy", "sell"),
  })
  .map((command) => () => command);

const settingSwitch: fc.Arbitrary<Intent> = fc
  .record({ account, wait: fc.integer({ min: 0, max: 7 }) })
  .map(({ account: whose, wait }) => (now) => ({
    kind: "cancel_all_after",
    account: whose,
    // With the shortest wait it is now, and too late.
    at: wait === 0 ? 0 : now.time + wait - 1,
  }));

const changingPhase: fc.Arbitrary<Intent> = fc
  .record({
    market,
    phase: fc.constantFrom<PhaseName>(
      ...(["open", "pre_open", "pre_open", "pre_open", "auction", "auction", "auction"] as const),
      ...([
        "halted",
        "cancel_only",
        "post_only",
        "post_only",
        "closed",
        "closing_auction",
      ] as const),
    ),
    goes: fc.constantFrom("opens", "on", "on", "anywhere", "anywhere"),
    isLast: oneIn(40, fc.constant(true)),
  })
  .map(({ market: where, phase, goes, isLast }) => (now) => {
    const before = now.phase(where);
    const opens = goes === "opens" && before !== "open";
    const next = opens ? "open" : goes === "on" ? (DAY[before] ?? "open") : phase;
    return { kind: "set_phase", market: where, phase: isLast ? "delisted" : next };
  });

/** A trading day, in which auctions begin and end; every other phase is a break in it. */
const DAY: { readonly [Phase in PhaseName]?: PhaseName } = {
  closed: "pre_open",
  pre_open: "open",
  open: "closing_auction",
  closing_auction: "closed",
};

const markingPrice: fc.Arbitrary<Intent> = fc
  .record({ market, level })
  .map(({ market: where, level: at }) => (now) => ({
    kind: "set_mark_price",
    market: where,
    price: now.price(where, at),
  }));

/** A market's choice, and now and then one that it can't have. */
const allocating: fc.Arbitrary<Intent> = fc
  .record({
    market: fc.constantFrom(...Array.from({ length: 9 }, () => MAIN_MARKET), 2),
    allocation: fc.constantFrom(...(["pro_rata", "pro_rata", "pro_rata", "price_time"] as const)),
    minimum: oneIn(3, fc.integer({ min: 1, max: 12 })),
    fifoPercent: oneIn(2, fc.constantFrom(1, 20, 40, 50, 75, 99, 100)),
    top: oneIn(2, fc.integer({ min: 1, max: 8 })),
    lead: fc.option(
      fc.record({ leadAccount: account, leadPercent: fc.constantFrom(1, 30, 50, 100) }),
      { nil: undefined },
    ),
    careless: oneIn(9, fc.constantFrom(0, 1, 101)),
    carelessLead: oneIn(
      9,
      fc.constantFrom({ leadPercent: 10 }, { leadAccount: -1, leadPercent: 1 }),
    ),
  })
  .map(({ market: where, allocation, minimum = 0, fifoPercent = 0, top, ...others }) => () => {
    const { careless, lead, carelessLead } = others;
    const isByTime = allocation === "price_time" && careless === undefined;
    const steps = {
      minimumShare: minimum * unitOf(where),
      fifoPercent: careless ?? fifoPercent,
      ...(top !== undefined && { topOrderMaximum: top * unitOf(where) }),
      ...(carelessLead ?? lead),
    };
    const none = { minimumShare: 0, fifoPercent: 0 };
    return {
      kind: "set_allocation",
      market: where,
      allocation,
      ...(isByTime ? none : steps),
    };
  });

/** Bands from levels of the market on, mostly; taken back about as often, and now and then such as no market can have. */
const settingIncrements: fc.Arbitrary<Intent> = fc
  .record({
    market,
    levels: fc.uniqueArray(level, { maxLength: 3 }),
    increments: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 3 }),
    isTakenBack: fc.boolean(),
    strange: oneIn(8, fc.constantFrom({ from: 0 }, { increment: 0 }, { from: 2 ** 31 - 1 })),
  })
  .map(({ market: where, levels, increments, isTakenBack, strange }) => (now) => {
    if (isTakenBack) return { kind: "set_price_increments", market: where, bands: [] };
    const rising = [...levels].sort((one, other) => one - other);
    const bands = rising.map((at, index) => ({
      from: now.price(where, at),
      increment: increments[index] ?? 1,
      ...strange,
    }));
    return { kind: "set_price_increments", market: where, bands };
  });

const advancingTime: fc.Arbitrary<Intent> = fc
  .constantFrom(-1, 0, 1, 1, 1, 2, 2, 3)
  .map((by) => (now) => ({ kind: "advance_time", time: Math.max(0, now.time + by) }));

const addingMarket: fc.Arbitrary<Intent> = fc
  .record({
    rules: fc.constantFrom(...MARKETS),
    field: fc.constantFrom(
      ...(["maxPrice", "maxQuantity", "priceIncrement"] as const),
      ...(["quantityIncrement", "minQuantity", "minNotional"] as const),
    ),
    another: oneIn(2, fc.constantFrom(9, 9, 9, 0)),
    strange: strangeNumber,
  })
  .map(({ rules, field, another, strange }) => () => {
    return another === undefined ? rules : { ...rules, market: another, [field]: strange };
  });

/** Gives the main market a narrow band and nothing else. */
const setBand: fc.Arbitrary<Intent> = fc
  .record({
    kind: fc.constant("change_market" as const),
    market: fc.constant(MAIN_MARKET),
    bandBasisPoints: fc.constantFrom(110, 220, 330, 3_000),
    onBreach: fc.constantFrom("expire", "expire", "halt", "auction"),
  })
  .map((band) => () => ({
    ...UNPROTECTED,
    priceIncrement: 1,
    quantityIncrement: 1,
    minQuantity: 0,
    minNotional: 0,
    ...band,
  }));

/** Now and then back to what the market was added with. */
const changingMarket: fc.Arbitrary<Intent> = fc
  .record({
    market,
    isAsAdded: fc.constantFrom(true, false, false),
    priceUnits: fc.constantFrom(1, 1, 1, 2),
    quantityUnits: fc.constantFrom(1, 1, 1, 1, 1, 2, 5),
    minUnits: fc.constantFrom(0, 0, 0, 2),
    minNotional: fc.constantFrom(0, 0, 0, 300),
    collarBasisPoints: fc.constantFrom(0, 0, 0, 0, 300, 300, 1_000, -1),
    bandBasisPoints: fc.constantFrom(0, 110, 110, 220, 220, 330, 330, 4_000, -1),
    onBreach: fc.constantFrom("expire", "halt", "auction"),
    maxOpenOrders: fc.constantFrom(0, 0, 0, 0, 0, 1, 4, 8, -1),
  })
  .map(({ market: where, isAsAdded, priceUnits, quantityUnits, minUnits, ...rules }) => () => {
    const added = MARKETS.find(({ market }) => market === where);
    const {
      priceIncrement = 1,
      quantityIncrement = 1,
      minQuantity = 0,
      minNotional = 0,
    } = added ?? {};
    const command = { kind: "change_market", market: where, ...rules } as const;
    return isAsAdded
      ? { ...command, ...UNPROTECTED, priceIncrement, quantityIncrement, minQuantity, minNotional }
      : {
          ...command,
          priceIncrement: priceIncrement * priceUnits,
          quantityIncrement: quantityIncrement * quantityUnits,
          minQuantity: minQuantity + minUnits,
        };
  });

/** A change that is made before anything else. */
export const openingChange: fc.Arbitrary<Intent> = fc.oneof(setBand, changingMarket);

const settingReference: fc.Arbitrary<Intent> = fc
  .record({ market, level: oneIn(4, level) })
  .map(({ market: where, level: at }) => (now) => ({
    kind: "set_reference_price",
    market: where,
    price: at === undefined ? 0 : now.price(where, at),
  }));

const modest = (wish: OrderWish): OrderWish => ({
  ...wish,
  market: MAIN_MARKET,
  off: undefined,
  isCareless: undefined,
});

/** Here and now, with few exceptions. */
const present = (wish: OrderWish): OrderWish => ({
  ...modest(wish),
  auction: undefined,
  ...(!wish.hidden && { peg: undefined, allOrNone: undefined }),
});

/** So large, and at such a price, that it takes more than a level. */
const sweeping = (wish: OrderWish): OrderWish => ({
  ...wish,
  units: wish.units + 12,
  level: reaching(wish).level,
});

/** Much trading in the main market, whose band and reference price change now and then. */
export const bandedIntent: fc.Arbitrary<Intent> = fc.oneof(
  {
    weight: 40,
    arbitrary: orderWish.map((wish) => (now: Situation) => ({
      kind: "place" as const,
      ...termsOf(wish.isPassive ? present(wish) : sweeping(present(wish)), now),
    })),
  },
  { weight: 4, arbitrary: amending },
  { weight: 2, arbitrary: setBand },
  { weight: 1, arbitrary: changingMarket },
  { weight: 3, arbitrary: settingReference },
);

/** Orders that depend on one another, or on what others show, in the main market, and what moves them. */
export const dependentIntent: fc.Arbitrary<Intent> = fc.oneof(
  { weight: 14, arbitrary: listing },
  {
    weight: 34,
    arbitrary: orderWish.map((wish) => (now: Situation) => ({
      kind: "place" as const,
      ...termsOf(wish.isPassive ? modest(wish) : reaching(modest(wish)), now),
    })),
  },
  { weight: 3, arbitrary: cancelling },
  { weight: 4, arbitrary: cancellingByClientId },
  { weight: 2, arbitrary: reducing },
  { weight: 4, arbitrary: amending },
  { weight: 2, arbitrary: replacing },
  { weight: 6, arbitrary: changingPhase },
  { weight: 2, arbitrary: markingPrice },
  { weight: 2, arbitrary: advancingTime },
  { weight: 1, arbitrary: setBand },
  { weight: 1, arbitrary: settingIncrements },
);

const unitOf = (where: number): number => (where === 2 ** 31 - 1 ? 1 : lotsOf(where, 1));

/** What somebody in his right mind may want. */
export const intent: fc.Arbitrary<Intent> = fc.oneof(
  { weight: 66, arbitrary: placing },
  { weight: 10, arbitrary: listing },
  { weight: 3, arbitrary: cancelling },
  { weight: 2, arbitrary: cancellingByClientId },
  { weight: 4, arbitrary: reducing },
  { weight: 12, arbitrary: amending },
  { weight: 4, arbitrary: replacing },
  { weight: 1, arbitrary: cancellingAll },
  { weight: 1, arbitrary: settingSwitch },
  { weight: 6, arbitrary: changingPhase },
  { weight: 4, arbitrary: markingPrice },
  { weight: 5, arbitrary: advancingTime },
  { weight: 2, arbitrary: allocating },
  { weight: 2, arbitrary: addingMarket },
  { weight: 2, arbitrary: changingMarket },
  { weight: 2, arbitrary: settingReference },
  { weight: 2, arbitrary: settingIncrements },
);

const placingAll = (wishes: readonly OrderWish[]): Intent[] =>
  wishes.map((wish) => (now) => ({ kind: "place", ...termsOf(wish, now) }));

/** Nothing that keeps an order from standing in the main market, seen or not. */
const HERE = {
  market: MAIN_MARKET,
  isPassive: false,
  isCareless: undefined,
  off: undefined,
  wait: undefined,
  peg: undefined,
  allOrNone: undefined,
  auction: undefined,
  postOnly: undefined,
} as const;

/** Shown orders far apart, unseen ones between them, orders pegged to what is shown, and then others that move it. */
export const pegging: fc.Arbitrary<Intent[]> = fc
  .record({
    edges: fc.tuple(orderWish, orderWish),
    unseen: fc.array(orderWish, { minLength: 1, maxLength: 4 }),
    pegged: fc.array(fc.tuple(orderWish, fc.constantFrom("primary", "market", "mid", "mid")), {
      minLength: 1,
      maxLength: 4,
    }),
    moving: fc.array(orderWish, { minLength: 2, maxLength: 6 }),
  })
  .map(({ edges: [one, other], unseen, pegged, moving }) => {
    const standing = {
      ...HERE,
      type: "limit",
      timeInForce: "gtc",
      minimumUnits: undefined,
    } as const;
    const shown = { ...standing, hidden: undefined };
    return placingAll([
      { ...one, ...shown, side: "buy", level: one.level % 3 },
      { ...other, ...shown, side: "sell", level: LEVELS - 1 - (other.level % 3) },
      ...unseen.map((wish) => ({
        ...wish,
        ...standing,
        hidden: true as const,
        shownUnits: undefined,
        level: wish.side === "buy" ? 3 + (wish.level % 3) : 6 + (wish.level % 3),
      })),
      // Their limits leave them all the way.
      ...pegged.map(([wish, peg]) => ({
        ...wish,
        ...standing,
        peg,
        level: wish.side === "buy" ? LEVELS - 1 : 0,
      })),
      ...moving.map((wish) => ({
        ...wish,
        ...shown,
        level: wish.side === "buy" ? 2 + (wish.level % 4) : 6 + (wish.level % 4),
      })),
    ]);
  });

/** Orders that stand at one price in a market that shares its levels, and others that take from them. */
export const crowding: fc.Arbitrary<Intent[]> = fc
  .record({
    choice: allocating,
    makersSide: fc.constantFrom("buy" as const, "sell" as const),
    makers: fc.array(orderWish, { minLength: 2, maxLength: 8 }),
    takers: fc.array(orderWish, { minLength: 1, maxLength: 4 }),
  })
  .map(({ choice, makersSide, makers, takers }) => {
    const standing = { ...HERE, side: makersSide, level: 6, type: "limit" } as const;
    const taking =
      makersSide === "sell"
        ? ({ ...HERE, side: "buy", level: 8 } as const)
        : ({ ...HERE, side: "sell", level: 4 } as const);
    const wishes = [
      ...makers.map((wish) => ({ ...wish, ...standing, timeInForce: "gtc" as const })),
      ...takers.map((wish) => ({ ...wish, ...taking })),
    ];
    return [choice, ...placingAll(wishes)];
  });

import type { Conditions, ListLeg } from "@pincex/engine";
import fc from "fast-check";
import type { OrderRequest } from "../commands/place-order.ts";
import { order, TICK_MS } from "./core-under-test.ts";

/** Orders that somebody may want, whatever time it is: `expiresAt` is worked out when it is asked for. */
export type OrderWish = (now: number) => OrderRequest;

export const side = fc.constantFrom("buy" as const, "sell" as const);
export const price: fc.Arbitrary<number> = fc.integer({ min: 95, max: 105 });
export const quantity: fc.Arbitrary<number> = fc.integer({ min: 1, max: 20 });
const quoteQuantity = fc.integer({ min: 1, max: 3_000 });
const bound = fc.oneof(fc.constant(0), price);
const selfTrade = fc.constantFrom(
  ...(["expire_taker", "expire_maker", "expire_both", "decrement", "transfer"] as const),
);
const tradeGroup = fc.integer({ min: 1, max: 2 });

/** Some of what goes together, and now and then what doesn't. */
const plain: fc.Arbitrary<Conditions> = fc.record(
  {
    postOnly: fc.constantFrom("reject" as const, "slide" as const),
    selfTrade,
    tradeGroup,
    displayQuantity: fc.integer({ min: 1, max: 5 }),
    minQuantity: fc.integer({ min: 1, max: 5 }),
  },
  { requiredKeys: [] },
);

const hidden: fc.Arbitrary<Conditions> = fc.record(
  { hidden: fc.constant(true as const), selfTrade },
  { requiredKeys: [] },
);

const trigger: fc.Arbitrary<Conditions> = fc.oneof(
  fc
    .record({
      trigger: fc.constantFrom("stop" as const, "take_profit" as const),
      triggerPrice: price,
      onMark: fc.boolean(),
    })
    .map(({ onMark, ...given }) => ({ ...given, ...(onMark && { triggerOn: "mark" as const }) })),
  fc.record({
    trigger: fc.constant("trailing_stop" as const),
    trailingOffset: fc.integer({ min: 1, max: 3 }),
  }),
);

const peg: fc.Arbitrary<Conditions> = fc.record({
  peg: fc.constantFrom("primary" as const, "market" as const, "mid" as const),
});

const limitConditions: fc.Arbitrary<Conditions> = fc.oneof(
  plain,
  plain,
  hidden,
  trigger,
  trigger,
  peg,
  fc.constant({ allOrNone: true as const }),
);

/** Asking for nothing is having no conditions, and reads back as that. */
const withConditions = (request: OrderRequest, conditions: Conditions): OrderRequest =>
  Object.keys(conditions).length === 0 ? request : { ...request, conditions };

const limitOrder: fc.Arbitrary<OrderWish> = fc
  .record({
    side,
    price,
    quantity,
    timeInForce: fc.constantFrom(
      ...(["gtc", "gtc", "gtc", "gtc", "gtc", "ioc", "fok", "day", "gtd", "gtd"] as const),
      ...(["at_close", "at_open"] as const),
    ),
    asks: fc.option(limitConditions, { freq: 2, nil: {} }),
    life: fc.integer({ min: 0, max: 4 }),
  })
  .map(({ asks, life, ...given }) => (now: number): OrderRequest => {
    const expiry = given.timeInForce === "gtd" ? { expiresAt: now + life * TICK_MS } : {};
    const isOfAuction = given.timeInForce === "at_close" || given.timeInForce === "at_open";
    return withConditions(order(given), { ...(isOfAuction ? {} : asks), ...expiry });
  });

const marketOrder: fc.Arbitrary<OrderWish> = fc
  .record({
    side,
    price: bound,
    size: fc.oneof(fc.record({ quantity }), fc.record({ quoteQuantity })),
    timeInForce: fc.constantFrom("ioc" as const, "fok" as const),
    asks: fc.oneof(
      fc.constant<Conditions>({}),
      fc.constant<Conditions>({ slippage: 2 }),
      trigger,
      fc.record({ selfTrade }),
    ),
  })
  .map(
    ({ size, asks, ...given }) =>
      (): OrderRequest =>
        withConditions(order({ ...given, ...size, type: "market" }), asks),
  );

const marketToLimit: fc.Arbitrary<OrderWish> = fc
  .record({ side, quantity, asks: fc.option(trigger, { freq: 2, nil: {} }) })
  .map(
    ({ asks, ...given }) =>
      (): OrderRequest =>
        withConditions(order({ ...given, type: "market_to_limit" }), asks),
  );

/** What the engine refuses by its own rules. */
const impossibleOrder: fc.Arbitrary<OrderWish> = fc
  .constantFrom(
    order({ price: 0, quantity: 1 }),
    order({ price: 100, quantity: 0 }),
    order({ price: 2_000_000, quantity: 1 }),
    order({ price: 100, quantity: 1, market: 7 }),
    order({ price: 100, quantity: 1, quoteQuantity: 1 }),
  )
  .map((request) => () => request);

export const orderWish: fc.Arbitrary<OrderWish> = fc.oneof(
  { weight: 8, arbitrary: limitOrder },
  { weight: 3, arbitrary: marketOrder },
  { weight: 1, arbitrary: marketToLimit },
  { weight: 1, arbitrary: impossibleOrder },
);

/** The order as a leg: its owner and market are the list's. */
export const legOf = ({ market: _, ...leg }: OrderRequest): ListLeg => leg;

/** An order that waits for a trigger, as one of a pair must. */
export const waitingLeg: fc.Arbitrary<ListLeg> = fc
  .record({ side, price, quantity, conditions: trigger })
  .map((given) => legOf(order(given)));

/** An order that may not take, as the other one of a pair. */
export const makingLeg: fc.Arbitrary<ListLeg> = fc
  .record({ side, price, quantity })
  .map((given) => legOf(order({ ...given, conditions: { postOnly: "reject" } })));

import fc from "fast-check";
import type { AddMarket, EngineCommand, Place } from "../commands/command.ts";

/**
 * Markets with differing rules. Ranges are small, so that orders meet; the third has wide gaps between its prices, which
 * makes the tries high, and quantities at the bounds of what is exact.
 */
export const MARKETS: readonly AddMarket[] = [
  market({ market: 1, maxPrice: 200, maxQuantity: 1_000 }),
  market({
    market: 2,
    maxPrice: 1_000,
    maxQuantity: 1_000,
    priceIncrement: 5,
    quantityIncrement: 10,
    minQuantity: 20,
    minNotional: 4_000,
  }),
  market({ market: 77_777, maxPrice: 2 ** 31 - 2, maxQuantity: 2 ** 22 - 1 }),
  market({ market: 2 ** 31 - 1, maxPrice: 2, maxQuantity: 2 ** 52 - 1 }),
];

function market(
  rules: Partial<AddMarket> & Pick<AddMarket, "market" | "maxPrice" | "maxQuantity">,
): AddMarket {
  return {
    kind: "add_market",
    priceIncrement: 1,
    quantityIncrement: 1,
    minQuantity: 0,
    minNotional: 0,
    ...rules,
  };
}

const account = fc.integer({ min: 1, max: 4 });
const side = fc.constantFrom("buy" as const, "sell" as const);

const limitOrder = (place: {
  market: number;
  price: fc.Arbitrary<number>;
  quantity: fc.Arbitrary<number>;
}) =>
  fc.record({
    kind: fc.constant("place" as const),
    market: fc.constant(place.market),
    account,
    side,
    type: fc.constant("limit" as const),
    timeInForce: fc.constantFrom(
      "gtc" as const,
      "gtc" as const,
      "gtc" as const,
      "ioc" as const,
      "fok" as const,
    ),
    price: place.price,
    quantity: place.quantity,
    quoteQuantity: fc.constant(0),
  });

const marketOrder = (place: {
  market: number;
  price: fc.Arbitrary<number>;
  quantity: fc.Arbitrary<number>;
  quoteQuantity: fc.Arbitrary<number>;
}) =>
  fc
    .record({
      account,
      side,
      timeInForce: fc.constantFrom("ioc" as const, "fok" as const),
      price: fc.oneof(fc.constant(0), place.price),
      quantity: place.quantity,
      quoteQuantity: place.quoteQuantity,
      isByQuote: fc.boolean(),
    })
    .map(
      ({ isByQuote, quantity, quoteQuantity, ...order }): Place => ({
        kind: "place",
        market: place.market,
        type: "market",
        ...order,
        quantity: isByQuote ? 0 : quantity,
        quoteQuantity: isByQuote ? quoteQuantity : 0,
      }),
    );

const ordersOf = (place: {
  market: number;
  price: fc.Arbitrary<number>;
  quantity: fc.Arbitrary<number>;
  quoteQuantity: fc.Arbitrary<number>;
}) =>
  fc.oneof(
    { weight: 5, arbitrary: limitOrder(place) },
    { weight: 1, arbitrary: marketOrder(place) },
  );

const tens = (min: number, max: number) => fc.integer({ min, max }).map((count) => count * 10);
const widePrice = fc.oneof(
  fc.constantFrom(1, 2, 31, 32, 33, 1023, 1024, 2 ** 30, 2 ** 30 + 1, 2 ** 31 - 3, 2 ** 31 - 2),
  fc.integer({ min: 1, max: 2 ** 31 - 2 }),
);
const hugeQuantity = fc.integer({ min: 2 ** 52 - 10, max: 2 ** 52 - 1 });

const placement: fc.Arbitrary<Place> = fc.oneof(
  {
    weight: 6,
    arbitrary: ordersOf({
      market: 1,
      price: fc.integer({ min: 95, max: 106 }),
      quantity: fc.integer({ min: 1, max: 30 }),
      quoteQuantity: fc.integer({ min: 1, max: 4_000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: ordersOf({
      market: 2,
      price: fc.integer({ min: 19, max: 23 }).map((fives) => fives * 5),
      quantity: tens(2, 9),
      quoteQuantity: fc.integer({ min: 3_900, max: 20_000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: ordersOf({
      market: 77_777,
      price: widePrice,
      quantity: fc.integer({ min: 1, max: 2 ** 22 - 1 }),
      quoteQuantity: fc.maxSafeNat().map((tickLots) => tickLots + 1),
    }),
  },
  {
    weight: 1,
    arbitrary: ordersOf({
      market: 2 ** 31 - 1,
      price: fc.constantFrom(1, 2),
      quantity: hugeQuantity,
      quoteQuantity: fc.integer({ min: 2 ** 52, max: 2 ** 53 - 1 }),
    }),
  },
);

const named = {
  market: fc.constantFrom(1, 1, 1, 2, 77_777, 2 ** 31 - 1, 5),
  account,
  // Few enough that many of them rest, and are the account's.
  orderId: fc.integer({ min: 1, max: 40 }),
};
const cancellation: fc.Arbitrary<EngineCommand> = fc.record({
  kind: fc.constant("cancel" as const),
  ...named,
});
const reduction: fc.Arbitrary<EngineCommand> = fc.record({
  kind: fc.constant("reduce" as const),
  ...named,
  quantity: fc.oneof(fc.integer({ min: 1, max: 15 }), tens(1, 4)),
});

/** Numbers that nobody should send. */
export const strangeNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    -0,
    0,
    -1,
    0.5,
    1.5,
  ),
  fc.constantFrom(
    2 ** 31,
    2 ** 53,
    2 ** 53 - 1,
    2 ** 32 + 1,
    Number.MAX_VALUE,
    Number.MIN_VALUE,
    1e21,
  ),
  fc.double(),
  fc.integer(),
);

const strangePlacement: fc.Arbitrary<EngineCommand> = fc
  .record({
    order: placement,
    strange: fc.record(
      {
        market: fc.integer({ min: -1, max: 5 }),
        account: fc.integer({ min: -1, max: 1 }),
        price: fc.integer({ min: -2, max: 2_000 }),
        quantity: strangeNumber,
        quoteQuantity: strangeNumber,
        timeInForce: fc.constantFrom("gtc" as const, "ioc" as const, "fok" as const),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ order, strange }) => ({ ...order, ...strange }));

const strangeNaming: fc.Arbitrary<EngineCommand> = fc.record({
  kind: fc.constant("reduce" as const),
  ...named,
  orderId: fc.oneof(named.orderId, strangeNumber),
  quantity: strangeNumber,
});

/** What traders do in some markets, mistakes among it. */
export const orderFlow: fc.Arbitrary<EngineCommand[]> = fc.array(
  fc.oneof(
    { weight: 10, arbitrary: placement },
    { weight: 4, arbitrary: cancellation },
    { weight: 2, arbitrary: reduction },
    { weight: 1, arbitrary: strangePlacement },
    { weight: 1, arbitrary: strangeNaming },
  ),
  { maxLength: 120, size: "max" },
);

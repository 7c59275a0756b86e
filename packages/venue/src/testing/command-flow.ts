import type { Conditions } from "@pincex/engine";
import fc from "fast-check";
import type { OrderRequest } from "../commands/place-order.ts";
import type { VenueCommand } from "../commands/venue-command.ts";
import { BTC, listedMarket, MARKET, order, USDT } from "./core-under-test.ts";

const ACCOUNTS = 3;

/** Mostly one of the open accounts, now and then one that nobody opened. */
const account = fc.oneof(
  { weight: 19, arbitrary: fc.integer({ min: 1, max: ACCOUNTS }) },
  { weight: 1, arbitrary: fc.constant(99) },
);
const asset = fc.constantFrom(BTC, USDT);
const side = fc.constantFrom("buy" as const, "sell" as const);
const price = fc.integer({ min: 95, max: 105 });
const quantity = fc.integer({ min: 1, max: 20 });
const quoteQuantity = fc.integer({ min: 1, max: 3_000 });
const bound = fc.oneof(fc.constant(0), price);
const clientOrderId = fc.constantFrom("", "", "", "a", "b", "c", "no good");
const commandId = fc.oneof(
  { weight: 8, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ commandId: fc.constantFrom("one", "two", "bad id") }) },
);

/** What the venue supports, and now and then what it doesn't. */
const conditions: fc.Arbitrary<Conditions> = fc
  .oneof(
    fc.record(
      {
        postOnly: fc.constant("reject" as const),
        selfTrade: fc.constantFrom("expire_taker", "expire_maker", "expire_both"),
        tradeGroup: fc.integer({ min: 1, max: 2 }),
        displayQuantity: fc.integer({ min: 1, max: 5 }),
        minQuantity: fc.integer({ min: 1, max: 5 }),
      },
      { requiredKeys: [] },
    ),
    fc.record(
      {
        hidden: fc.constant(true as const),
        selfTrade: fc.constantFrom("expire_taker", "expire_both", "decrement"),
      },
      { requiredKeys: [] },
    ),
    fc.constant({ trigger: "stop" as const, triggerPrice: 100 }),
  )
  // Asking for nothing is having no conditions, and reads back as that.
  .filter((asked) => Object.keys(asked).length > 0);

const limitOrder: fc.Arbitrary<OrderRequest> = fc
  .record({
    side,
    price,
    quantity,
    timeInForce: fc.constantFrom("gtc", "gtc", "ioc", "fok"),
    asks: fc.option(conditions, { freq: 2, nil: undefined }),
  })
  .map(({ asks, ...given }) =>
    order({ ...given, ...(asks && { conditions: asks }) } as Partial<OrderRequest>),
  );

const marketOrder: fc.Arbitrary<OrderRequest> = fc
  .record({
    side,
    price: bound,
    size: fc.oneof(fc.record({ quantity }), fc.record({ quoteQuantity })),
    timeInForce: fc.constantFrom("ioc", "fok"),
  })
  .map(({ size, ...given }) =>
    order({ ...given, ...size, type: "market" } as Partial<OrderRequest>),
  );

/** What the engine refuses by its own rules. */
const impossibleOrder: fc.Arbitrary<OrderRequest> = fc.constantFrom(
  order({ price: 0, quantity: 1 }),
  order({ price: 100, quantity: 0 }),
  order({ price: 2_000_000, quantity: 1 }),
  order({ price: 100, quantity: 1, market: 7 }),
  order({ price: 100, quantity: 1, quoteQuantity: 1 }),
);

const placeOrder = fc
  .tuple(
    account,
    clientOrderId,
    fc.oneof(
      { weight: 6, arbitrary: limitOrder },
      { weight: 3, arbitrary: marketOrder },
      { weight: 1, arbitrary: impossibleOrder },
    ),
    commandId,
  )
  .map(
    ([speaker, name, request, id]): VenueCommand => ({
      kind: "place_order",
      account: speaker,
      clientOrderId: name,
      order: request,
      ...id,
    }),
  );

const cancelOrder = fc
  .tuple(account, fc.integer({ min: 0, max: 30 }), clientOrderId, commandId)
  .map(
    ([speaker, orderId, name, id]): VenueCommand => ({
      kind: "cancel_order",
      account: speaker,
      market: MARKET,
      orderId,
      clientOrderId: name,
      ...id,
    }),
  );

const creditDeposit = fc.tuple(account, asset, fc.bigInt({ min: 0n, max: 30_000n }), commandId).map(
  ([credited, what, amount, id]): VenueCommand => ({
    kind: "credit_deposit",
    account: credited,
    asset: what,
    amount,
    reference: "",
    ...id,
  }),
);

const rate = fc.constantFrom(0, 1, 1_000, 2_500, 333_333, 1_000_000, 1_000_001);

const setFees = fc.tuple(fc.constantFrom(0, MARKET, 7), rate, rate).map(
  ([market, makerPpm, takerPpm]): VenueCommand => ({
    kind: "set_fees",
    market,
    makerPpm,
    takerPpm,
  }),
);

/** One command of those that a running venue gets. */
export const venueCommand: fc.Arbitrary<VenueCommand> = fc.oneof(
  { weight: 12, arbitrary: placeOrder },
  { weight: 3, arbitrary: cancelOrder },
  { weight: 2, arbitrary: creditDeposit },
  { weight: 1, arbitrary: setFees },
  { weight: 1, arbitrary: fc.constant<VenueCommand>({ kind: "time" }) },
);

/** How a venue begins: a market, fees that don't come out even, accounts, and some money of both kinds for each. */
export const beginnings: readonly VenueCommand[] = [
  ...listedMarket,
  { kind: "set_fees", market: 0, makerPpm: 333_333, takerPpm: 2_501 },
  ...Array.from({ length: ACCOUNTS }, (_, index): VenueCommand[] => [
    { kind: "open_account", account: index + 1, name: `account-${index + 1}` },
    { kind: "credit_deposit", account: index + 1, asset: BTC, amount: 40_000n, reference: "" },
    { kind: "credit_deposit", account: index + 1, asset: USDT, amount: 40_000n, reference: "" },
  ]).flat(),
];

/** Commands after the beginnings, in the order in which they are applied. */
export const commandFlow: fc.Arbitrary<VenueCommand[]> = fc.array(venueCommand, {
  minLength: 1,
  maxLength: 60,
});

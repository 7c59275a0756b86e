import type { ListLeg, PlaceList } from "@pincex/engine";
import fc from "fast-check";
import type { OperatorRequest } from "../commands/market-command.ts";
import { type AccountRequest, ordersPlacedBy } from "../commands/order-command.ts";
import type { VenueCommand } from "../commands/venue-command.ts";
import { VenueCore } from "../core/venue-core.ts";
import { NEWEST_RULES } from "../rules/rules.ts";
import { BTC, CoreUnderTest, listedMarket, MARKET, TICK_MS, USDT } from "./core-under-test.ts";
import { legOf, makingLeg, orderWish, price, quantity, side, waitingLeg } from "./order-wishes.ts";

const ACCOUNTS = 3;

/** What somebody wants to do, whatever the venue has come to: mostly with an order that is open there. */
type Intent = (venue: CoreUnderTest) => VenueCommand;

/** Mostly one of the open accounts, now and then one that nobody opened. */
const account = fc.oneof(
  { weight: 19, arbitrary: fc.integer({ min: 1, max: ACCOUNTS }) },
  { weight: 1, arbitrary: fc.constant(99) },
);
const asset = fc.constantFrom(BTC, USDT);
const clientOrderId = fc.oneof(
  { weight: 16, arbitrary: fc.constantFrom("", "", "", "a", "b", "c") },
  { weight: 1, arbitrary: fc.constant("no good") },
);
const commandId = fc.oneof(
  { weight: 8, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.record({ commandId: fc.constantFrom("one", "two", "three", "bad id") }),
  },
);

/** Which of the open orders is meant: the fraction of them that come before it. Now and then it is another account's. */
const named = fc.record({
  fraction: fc.double({ min: 0, max: 0.99, noNaN: true }),
  stranger: fc.nat(15),
});
type Named = typeof named extends fc.Arbitrary<infer Value> ? Value : never;

const namedOrder = (venue: CoreUnderTest, { fraction, stranger }: Named) => {
  const open = venue.core.engine.openOrders(MARKET);
  const found = open[Math.floor(fraction * open.length)];
  if (found === undefined) return { account: 1, orderId: 1 + stranger };
  return stranger === 0 ? { ...found, account: 1 + (found.account % ACCOUNTS) } : found;
};

const placeOrder: fc.Arbitrary<Intent> = fc.tuple(account, clientOrderId, orderWish, commandId).map(
  ([speaker, name, wish, id]) =>
    (venue: CoreUnderTest): VenueCommand => ({
      kind: "place_order",
      account: speaker,
      clientOrderId: name,
      order: wish(venue.time),
      ...id,
    }),
);

const cancelOrder: fc.Arbitrary<Intent> = fc
  .tuple(named, clientOrderId, commandId, fc.boolean())
  .map(([which, name, id, byName]) => (venue: CoreUnderTest): VenueCommand => {
    const { account: owner, orderId } = namedOrder(venue, which);
    return {
      kind: "cancel_order",
      account: owner,
      market: MARKET,
      orderId: byName && name !== "" ? 0 : orderId,
      clientOrderId: byName ? name : "",
      ...id,
    };
  });

/** A request of an account, with a name for every order that it places. */
const asked = (
  request: fc.Arbitrary<(venue: CoreUnderTest) => { account: number; request: AccountRequest }>,
): fc.Arbitrary<Intent> =>
  fc
    .tuple(request, fc.tuple(clientOrderId, clientOrderId, clientOrderId), commandId)
    .map(([ask, names, id]) => (venue: CoreUnderTest): VenueCommand => {
      const { account: speaker, request: given } = ask(venue);
      const clientOrderIds = names.slice(0, ordersPlacedBy(given));
      // A list that has one is named as its last order is.
      const clientListId = given.kind === "place_list" ? (clientOrderIds.at(-1) ?? "") : "";
      const named = clientListId === "" ? {} : { clientListId };
      return {
        kind: "order_command",
        account: speaker,
        request: given,
        clientOrderIds,
        ...named,
        ...id,
      };
    });

const amend = asked(
  fc.tuple(named, price, quantity, fc.boolean()).map(([which, to, lots, keepsPrice]) => (venue) => {
    const found = namedOrder(venue, which);
    const at = keepsPrice && "price" in found ? found.price : to;
    const { account: owner, orderId } = found;
    return {
      account: owner,
      request: { kind: "amend", market: MARKET, orderId, price: at, quantity: lots },
    };
  }),
);

const reduce = asked(
  fc.tuple(named, fc.integer({ min: 0, max: 6 })).map(([which, lots]) => (venue) => {
    const { account: owner, orderId } = namedOrder(venue, which);
    return { account: owner, request: { kind: "reduce", market: MARKET, orderId, quantity: lots } };
  }),
);

const replace = asked(
  fc
    .tuple(named, orderWish, fc.constantFrom("stop" as const, "allow" as const))
    .map(([which, wish, onFailure]) => (venue) => {
      const { account: owner, orderId } = namedOrder(venue, which);
      return {
        account: owner,
        request: { kind: "replace", ...wish(venue.time), orderId, onFailure },
      };
    }),
);

const cancelAll = asked(
  fc
    .tuple(account, fc.constantFrom(0, MARKET, 7), fc.constantFrom("both", "buy", "sell"))
    .map(([speaker, market, sides]) => () => ({
      account: speaker,
      request: { kind: "cancel_all", market, side: sides } as AccountRequest,
    })),
);

const cancelAllAfter = asked(
  fc.tuple(account, fc.integer({ min: 0, max: 4 })).map(([speaker, ticks]) => (venue) => ({
    account: speaker,
    request: { kind: "cancel_all_after", at: ticks === 4 ? 0 : venue.time + ticks * TICK_MS },
  })),
);

const pair: fc.Arbitrary<ListLeg[]> = fc.oneof(
  // On one side, as most pairs are.
  fc
    .tuple(side, makingLeg, waitingLeg)
    .map(([common, ...legs]) => legs.map((leg) => ({ ...leg, side: common }))),
  fc.tuple(waitingLeg, makingLeg),
  fc.tuple(waitingLeg, waitingLeg),
);

const opposite = { buy: "sell", sell: "buy" } as const;

/** Without sizes, on the other side than the working order. */
const sizedLater = (legs: readonly ListLeg[], working: ListLeg): ListLeg[] =>
  legs.map((leg) => ({ ...leg, side: opposite[working.side], quantity: 0, quoteQuantity: 0 }));

const placeList = asked(
  fc
    .record({
      speaker: account,
      contingency: fc.constantFrom(
        "oco" as const,
        "oco" as const,
        "oto" as const,
        "otoco" as const,
      ),
      isSizedLater: fc.boolean(),
      working: orderWish,
      later: orderWish,
      legs: pair,
    })
    .map(({ speaker, contingency, isSizedLater, working, later, legs }) => (venue) => {
      const list = { kind: "place_list", market: MARKET, contingency } as const;
      if (contingency === "oco")
        return { account: speaker, request: { ...list, sizing: "fixed", legs } };
      const first = legOf(working(venue.time));
      const others = contingency === "oto" ? [legOf(later(venue.time))] : legs;
      const rest = isSizedLater ? sizedLater(others, first) : others;
      const sizing = isSizedLater ? ("received" as const) : ("fixed" as const);
      const request: Omit<PlaceList, "account"> = { ...list, sizing, legs: [first, ...rest] };
      return { account: speaker, request };
    }),
);

const creditDeposit: fc.Arbitrary<Intent> = fc
  .tuple(account, asset, fc.bigInt({ min: 0n, max: 30_000n }), commandId)
  .map(
    ([credited, what, amount, id]) =>
      (): VenueCommand => ({
        kind: "credit_deposit",
        account: credited,
        asset: what,
        amount,
        reference: "",
        ...id,
      }),
  );

const rate = fc.constantFrom(0, 1, 1_000, 2_500, 333_333, 1_000_000, 1_000_001);
const tier = fc.constantFrom(0, 0, 1, 2, 70_000);

const setFees: fc.Arbitrary<Intent> = fc
  .record({
    market: fc.constantFrom(0, MARKET, 7),
    makerPpm: fc.oneof(rate, fc.constantFrom(-1, -700, -2_501, -1_000_001)),
    takerPpm: rate,
    later: fc.oneof(
      fc.constant({}),
      fc.record({ tier, paidIn: fc.constantFrom("quote" as const, "quote", "received") }),
    ),
  })
  .map(
    ({ later, ...rates }) =>
      (): VenueCommand => ({ kind: "set_fees", ...rates, ...later }),
  );

const setAccountTier: fc.Arbitrary<Intent> = fc.tuple(account, tier).map(
  ([of, to]) =>
    (): VenueCommand => ({ kind: "set_account_tier", account: of, tier: to }),
);

const setAccountStatus: fc.Arbitrary<Intent> = fc
  .record({
    account,
    status: fc.constantFrom("open" as const, "open", "frozen", "closed"),
    cancelOrders: fc.boolean(),
  })
  .map((wanted) => (): VenueCommand => ({ kind: "set_account_status", ...wanted }));

const sent = fc.bigInt({ min: 0n, max: 9_000n });

const transfer: fc.Arbitrary<Intent> = fc.tuple(account, account, asset, sent, commandId).map(
  ([from, to, what, amount, id]) =>
    (): VenueCommand => ({
      kind: "transfer",
      account: from,
      to,
      asset: what,
      amount,
      reference: "",
      ...id,
    }),
);

const holdWithdrawal: fc.Arbitrary<Intent> = fc
  .tuple(account, asset, sent, fc.constantFrom(0n, 0n, 7n), commandId)
  .map(
    ([from, what, amount, fee, id]) =>
      (): VenueCommand => ({
        kind: "hold_withdrawal",
        account: from,
        asset: what,
        amount,
        fee,
        reference: "somewhere",
        ...id,
      }),
  );

/** Mostly one that is held. */
const endWithdrawal: fc.Arbitrary<Intent> = fc
  .tuple(fc.constantFrom("settle_withdrawal" as const, "release_withdrawal"), fc.nat(3))
  .map(
    ([kind, which]) =>
      (venue): VenueCommand => ({
        kind,
        withdrawal: venue.withdrawals[which] ?? 1,
        reference: "",
      }),
  );

/** Mostly one that has happened. */
const bustTrade: fc.Arbitrary<Intent> = fc
  .tuple(fc.nat(5), fc.constantFrom(MARKET, MARKET, MARKET, 7))
  .map(
    ([before, of]) =>
      (venue): VenueCommand => ({
        kind: "bust_trade",
        market: of,
        tradeId: venue.lastTradeId - before,
        reference: "a mistake",
      }),
  );

const raiseRules: fc.Arbitrary<Intent> = fc
  .constantFrom(1, NEWEST_RULES, NEWEST_RULES)
  .map((rules) => (): VenueCommand => ({ kind: "raise_rules", rules }));

const market = fc.constantFrom(MARKET, MARKET, MARKET, 7);

const setPhase: fc.Arbitrary<OperatorRequest> = fc.record({
  kind: fc.constant("set_phase" as const),
  market,
  phase: fc.constantFrom(
    ...(["auction", "auction", "closing_auction", "closing_auction", "pre_open"] as const),
    ...(["open", "post_only", "cancel_only", "halted", "closed"] as const),
  ),
});

const operatorRequest: fc.Arbitrary<OperatorRequest> = fc.oneof(
  setPhase,
  setPhase,
  setPhase,
  fc.record({ kind: fc.constant("set_mark_price" as const), market, price }),
  fc.record({ kind: fc.constant("set_reference_price" as const), market, price }),
  fc.record({
    kind: fc.constant("change_market" as const),
    market,
    priceIncrement: fc.constant(1),
    quantityIncrement: fc.constantFrom(1, 1, 2),
    minQuantity: fc.constantFrom(1, 3),
    minNotional: fc.constant(0),
    collarBasisPoints: fc.constantFrom(0, 600),
    bandBasisPoints: fc.constantFrom(0, 200),
    onBreach: fc.constantFrom("expire" as const, "halt" as const, "auction" as const),
    maxOpenOrders: fc.constantFrom(0, 4),
  }),
  fc.record({
    kind: fc.constant("set_allocation" as const),
    market,
    allocation: fc.constantFrom("price_time" as const, "pro_rata" as const),
    minimumShare: fc.constantFrom(0, 2),
    fifoPercent: fc.constantFrom(0, 40),
  }),
  fc.record({
    kind: fc.constant("set_price_increments" as const),
    market,
    bands: fc.constantFrom([], [{ from: 100, increment: 2 }]),
  }),
  fc.record({
    kind: fc.constant("cancel_all" as const),
    market: fc.constantFrom(0, MARKET),
    account: fc.constantFrom(0, 1, 2),
    side: fc.constantFrom("both" as const, "buy" as const, "sell" as const),
  }),
);

const marketCommand: fc.Arbitrary<Intent> = operatorRequest.map((request) => () => ({
  kind: "market_command",
  request,
}));

const time: fc.Arbitrary<Intent> = fc.constant(() => ({ kind: "time" }));

/** One thing of those that happen in a running venue. */
const intent: fc.Arbitrary<Intent> = fc.oneof(
  { weight: 44, arbitrary: placeOrder },
  { weight: 2, arbitrary: cancelOrder },
  { weight: 4, arbitrary: amend },
  { weight: 2, arbitrary: reduce },
  { weight: 4, arbitrary: replace },
  { weight: 1, arbitrary: cancelAll },
  { weight: 1, arbitrary: cancelAllAfter },
  { weight: 7, arbitrary: placeList },
  { weight: 3, arbitrary: creditDeposit },
  { weight: 2, arbitrary: setFees },
  { weight: 1, arbitrary: setAccountTier },
  { weight: 1, arbitrary: setAccountStatus },
  { weight: 2, arbitrary: transfer },
  { weight: 3, arbitrary: holdWithdrawal },
  { weight: 3, arbitrary: endWithdrawal },
  { weight: 2, arbitrary: bustTrade },
  { weight: 2, arbitrary: raiseRules },
  { weight: 5, arbitrary: marketCommand },
  { weight: 2, arbitrary: time },
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

/** The same by the newest rules: fees are in quote, makers are paid rebates, and one account has a tier of its own. */
export const beginningsByNewestRules: readonly VenueCommand[] = [
  ...beginnings,
  { kind: "raise_rules", rules: NEWEST_RULES },
  { kind: "set_fees", market: 0, makerPpm: -70_001, takerPpm: 333_333, tier: 0, paidIn: "quote" },
  { kind: "set_fees", market: 0, makerPpm: 40_001, takerPpm: 2_501, tier: 1, paidIn: "quote" },
  { kind: "set_fees", market: 0, makerPpm: 1_001, takerPpm: 2_501, tier: 2, paidIn: "received" },
  { kind: "set_account_tier", account: 2, tier: 1 },
];

/** A venue in which some orders are open. */
const somewhere = new CoreUnderTest(new VenueCore(), beginnings);
for (let lots = 1; lots <= 12; lots++) {
  somewhere.place(1 + (lots % ACCOUNTS), { side: "buy", price: 90, quantity: lots });
}

/** One command of those that a running venue gets. */
export const venueCommand: fc.Arbitrary<VenueCommand> = intent.map((wanted) => wanted(somewhere));

/** Opens the market, whatever has become of it. */
export const OPENING: VenueCommand = {
  kind: "market_command",
  request: { kind: "set_phase", market: MARKET, phase: "open" },
};

/** Lets every account place orders again. */
export const THAWING: readonly VenueCommand[] = [1, 2, 3].map((one) => ({
  kind: "set_account_status",
  account: one,
  status: "open",
  cancelOrders: false,
}));

/** Else a flow that has halted its market would be one long refusal, and one that has called an auction seldom trade. */
const movedOn = (venue: CoreUnderTest, luck: number): VenueCommand | undefined => {
  const phase = venue.core.engine.phase(MARKET) ?? "open";
  if (phase === "open" || luck >= (COLLECTING.includes(phase) ? 1 : 5)) return undefined;
  return OPENING;
};

const COLLECTING: readonly string[] = ["auction", "pre_open", "closing_auction", "post_only"];

/**
 * Commands after some beginnings, in the order in which they are applied. A flow is made as it goes, so that who names an order
 * mostly names one that is open, and times are to come.
 */
const flowAfter = (begin: readonly VenueCommand[]): fc.Arbitrary<VenueCommand[]> =>
  fc
    .array(fc.tuple(intent, fc.nat(9)), { minLength: 1, maxLength: 60, size: "max" })
    .map((steps) => {
      const venue = new CoreUnderTest(new VenueCore(), begin);
      return steps.map(([wanted, luck]) => {
        const command = movedOn(venue, luck) ?? wanted(venue);
        venue.bytesOf(command);
        return command;
      });
    });

export const commandFlow: fc.Arbitrary<VenueCommand[]> = flowAfter(beginnings);

export const flowByNewestRules: fc.Arbitrary<VenueCommand[]> = flowAfter(beginningsByNewestRules);

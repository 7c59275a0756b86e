import type { ListLeg } from "@pincex/engine";
import { describe, expect, test } from "vitest";
import type { OrderRequest } from "../commands/place-order.ts";
import {
  BTC,
  CoreUnderTest,
  listedMarket,
  MARKET,
  only,
  order,
  USDT,
} from "../testing/core-under-test.ts";
import { legOf } from "../testing/order-wishes.ts";

// A lot is 1,000 of BTC's smallest units; a tick × a lot costs 10 of USDT's. Each account has 100,000 of both.
const funded = (amount = 100_000n): CoreUnderTest => {
  const venue = CoreUnderTest.funded(3, amount);
  // It is 1,010 now, also for the engine.
  venue.do({ kind: "time" });
  return venue;
};

const leg = (given: Partial<OrderRequest>): ListLeg => legOf(order(given));

/** Another account trades a lot with a third one at a price, which is then the last. */
const lastPriceIs = (venue: CoreUnderTest, price: number): void => {
  venue.place(2, { side: "sell", price, quantity: 1 });
  venue.place(3, { side: "buy", price, quantity: 1 });
};

describe("an order that waits for its trigger", () => {
  const stop = { trigger: "stop", triggerPrice: 105 } as const;

  test("holds its worst case from the beginning, and is not asked for more when it is triggered", () => {
    const venue = funded();
    const placed = venue.place(1, { side: "buy", price: 110, quantity: 5, conditions: stop });
    expect(only(placed, "held")).toMatchObject([{ orderId: 1, amount: 5_500n, total: 5_500n }]);
    // Whatever else it had is spent meanwhile.
    venue.place(1, { side: "buy", price: 94, quantity: 100 });
    expect(venue.held(1, USDT)).toBe(99_500n);
    venue.place(2, { side: "sell", price: 106, quantity: 3 });
    const events = venue.place(3, { side: "buy", price: 106, quantity: 1 });
    expect(only(events, "triggered")).toMatchObject([{ orderId: 1 }]);
    // Two lots at 106; three more at its limit stay held.
    expect(venue.balance(1, USDT)).toBe(100_000n - 2_120n);
    expect(venue.held(1, USDT)).toBe(94_000n + 3_300n);
    venue.core.checkInvariants();
  });

  test.each([
    ["buys at any price", { side: "buy", type: "market", quantity: 1 }],
    ["buys at the best price there will be", { side: "buy", type: "market_to_limit", quantity: 1 }],
    ["sells for an amount at any price", { side: "sell", type: "market", quoteQuantity: 100 }],
  ] as const)("and then %s is refused: nobody knows what it will need", (_, asked) => {
    const venue = funded();
    const events = venue.place(1, { ...asked, conditions: stop });
    expect(only(events, "refused")).toMatchObject([{ code: "worst_case_unbounded" }]);
    venue.core.checkInvariants();
  });

  test.each([
    ["sells its lots at any price", { side: "sell", type: "market", quantity: 7 }, BTC, 7_000n],
    [
      "spends an amount at any price",
      { side: "buy", type: "market", quoteQuantity: 70 },
      USDT,
      700n,
    ],
  ] as const)("and then %s holds just that", (_, asked, asset, held) => {
    const venue = funded();
    venue.place(1, { ...asked, conditions: stop });
    expect(venue.held(1, asset)).toBe(held);
    venue.place(2, { side: "buy", price: 105, quantity: 1 });
    venue.place(3, { side: "sell", price: 105, quantity: 1 });
    expect(venue.held(1, asset)).toBe(0n);
    venue.core.checkInvariants();
  });

  test("holds by the price to which it slides when it is triggered", () => {
    const venue = funded();
    const slides = { ...stop, postOnly: "slide" } as const;
    venue.place(1, { side: "buy", price: 120, quantity: 5, conditions: slides });
    expect(venue.held(1, USDT)).toBe(6_000n);
    venue.place(2, { side: "sell", price: 106, quantity: 3 });
    const events = venue.place(3, { side: "buy", price: 106, quantity: 1 });
    expect(only(events, "triggered")).toMatchObject([{ orderId: 1, price: 105 }]);
    const told = only(events, "held").filter(({ orderId }) => orderId === 1);
    expect(told).toMatchObject([{ amount: 5_250n, total: 5_250n }]);
    expect(venue.held(1, USDT)).toBe(5_250n);
    venue.core.checkInvariants();
  });
});

describe("a limit that is what the prices are", () => {
  test("is the best price there is, and holds by it", () => {
    const venue = funded();
    venue.place(2, { side: "sell", price: 101, quantity: 2 });
    venue.place(1, { side: "buy", type: "market_to_limit", quantity: 5 });
    expect(venue.balance(1, USDT)).toBe(100_000n - 2_020n);
    expect(venue.held(1, USDT)).toBe(3_030n);
    venue.core.checkInvariants();
  });

  test.each([
    ["buys lots", { side: "buy", quantity: 5 }],
    ["sells for an amount", { side: "sell", quoteQuantity: 500 }],
  ] as const)("needs nothing where there is none, and ends: it %s", (_, asked) => {
    const venue = funded();
    const events = venue.place(1, { ...asked, type: "market", conditions: { slippage: 3 } });
    expect(only(events, "done")).toMatchObject([{ reason: "no_liquidity" }]);
    expect(only(events, "refused")).toEqual([]);
    venue.core.checkInvariants();
  });
});

describe("one cancels the other", () => {
  const takesProfit = leg({
    side: "sell",
    price: 110,
    quantity: 8,
    conditions: { postOnly: "reject" },
  });
  const stopsLoss = leg({
    side: "sell",
    price: 90,
    quantity: 10,
    conditions: { trigger: "stop", triggerPrice: 95 },
  });
  const list = { kind: "place_list", market: MARKET, contingency: "oco" } as const;

  test("holds once what the larger of the two needs", () => {
    const venue = funded();
    const events = venue.order(1, { ...list, legs: [takesProfit, stopsLoss] }, ["up", "down"]);
    expect(
      only(events, "order_named").map(({ orderId, clientOrderId }) => [orderId, clientOrderId]),
    ).toEqual([
      [1, "up"],
      [2, "down"],
    ]);
    expect(only(events, "held").map(({ orderId, amount }) => [orderId, amount])).toEqual([
      [1, 10_000n],
      [1, 10_000n],
    ]);
    expect(venue.held(1, BTC)).toBe(10_000n);
    venue.core.checkInvariants();
  });

  test("leaves what the one needs that is left, also under the first one's hold", () => {
    const venue = funded();
    venue.order(1, { ...list, legs: [takesProfit, stopsLoss] });
    // A part of the first trades: that ends the other.
    const events = venue.place(2, { side: "buy", price: 110, quantity: 3 });
    expect(only(events, "done")).toMatchObject([
      { orderId: 2, reason: "list_ended" },
      { orderId: 3, reason: "filled" },
    ]);
    expect(venue.held(1, BTC)).toBe(5_000n);
    venue.core.checkInvariants();
  });

  test("keeps enough for the second when the first one ends with it", () => {
    const venue = funded();
    venue.order(1, { ...list, legs: [takesProfit, stopsLoss] });
    venue.place(2, { side: "buy", price: 93, quantity: 4 });
    venue.place(2, { side: "buy", price: 95, quantity: 1 });
    const events = venue.place(3, { side: "sell", price: 95, quantity: 1 });
    expect(only(events, "triggered")).toMatchObject([{ orderId: 2 }]);
    expect(only(events, "done").map(({ orderId }) => orderId)).toContain(1);
    // Four of ten lots were sold at 93, six wait at 90.
    expect(venue.held(1, BTC)).toBe(6_000n);
    expect(venue.balance(1, BTC)).toBe(96_000n);
    venue.core.checkInvariants();
    venue.cancel(1, 2);
    expect(venue.held(1, BTC)).toBe(0n);
    venue.core.checkInvariants();
  });

  test("is funded for the larger need, or neither is placed", () => {
    const venue = funded(9_999n);
    const before = venue.core.stateHash();
    const events = venue.order(1, { ...list, legs: [takesProfit, stopsLoss] });
    expect(only(events, "refused")).toMatchObject([
      { code: "balance_below_hold", needed: 10_000n, available: 9_999n },
    ]);
    expect(venue.core.stateHash()).toBe(before);
    venue.core.checkInvariants();
  });

  test("holds for each where they are on two sides", () => {
    const venue = funded();
    const rises = { trigger: "stop", triggerPrice: 110 } as const;
    const buys = leg({ side: "buy", price: 112, quantity: 10, conditions: rises });
    venue.order(1, { ...list, legs: [buys, stopsLoss] });
    expect(venue.held(1, USDT)).toBe(11_200n);
    expect(venue.held(1, BTC)).toBe(10_000n);
    venue.core.checkInvariants();
  });

  test("grows with an amendment, if the balance lets it", () => {
    const venue = funded(12_000n);
    venue.order(1, { ...list, legs: [takesProfit, stopsLoss] });
    const amend = { kind: "amend", market: MARKET, orderId: 1, price: 110 } as const;
    venue.order(1, { ...amend, quantity: 9 });
    expect(venue.held(1, BTC)).toBe(10_000n);
    venue.order(1, { ...amend, quantity: 12 });
    expect(venue.held(1, BTC)).toBe(12_000n);
    const refused = only(venue.order(1, { ...amend, quantity: 13 }), "refused");
    expect(refused).toMatchObject([{ needed: 13_000n, available: 12_000n }]);
    venue.order(1, { ...amend, quantity: 4 });
    expect(venue.held(1, BTC)).toBe(10_000n);
    venue.core.checkInvariants();
  });
});

describe("one triggers the other", () => {
  const list = { kind: "place_list", market: MARKET, contingency: "oto" } as const;
  const working = leg({ side: "buy", price: 100, quantity: 10 });

  test("holds for the working order only, until that is filled", () => {
    const venue = funded();
    const pending = leg({ side: "sell", price: 120, quantity: 10 });
    const events = venue.order(1, { ...list, legs: [working, pending] });
    expect(only(events, "pending")).toMatchObject([{ orderId: 2 }]);
    expect(venue.held(1, BTC)).toBe(0n);
    expect(venue.held(1, USDT)).toBe(10_000n);
    const filled = venue.place(2, { side: "sell", price: 100, quantity: 10 });
    expect(only(filled, "activated")).toMatchObject([{ orderId: 2 }]);
    expect(venue.held(1, USDT)).toBe(0n);
    expect(venue.held(1, BTC)).toBe(10_000n);
    venue.core.checkInvariants();
  });

  test("ends the pending order where there is not enough for it then", () => {
    const venue = funded();
    // With the fee of a fifth, ten lots bring eight.
    venue.do({ kind: "set_fees", market: 0, makerPpm: 200_000, takerPpm: 0 });
    venue.place(1, { side: "sell", price: 130, quantity: 100 });
    venue.order(1, { ...list, legs: [working, leg({ side: "sell", price: 120, quantity: 10 })] });
    const events = venue.place(2, { side: "sell", price: 100, quantity: 10 });
    expect(only(events, "activated")).toMatchObject([{ orderId: 3 }]);
    expect(only(events, "done").find(({ orderId }) => orderId === 3)).toMatchObject({
      reason: "refused_when_activated",
    });
    // The command that made it due was not refused.
    expect(only(events, "refused")).toEqual([]);
    expect(venue.held(1, BTC)).toBe(100_000n);
    venue.core.checkInvariants();
  });

  test("and a pair that is sized by what was bought holds once, what was bought", () => {
    const venue = funded();
    const unsized = { side: "sell", quantity: 0 } as const;
    const legs = [
      working,
      leg({ ...unsized, price: 120, conditions: { postOnly: "reject" } }),
      leg({ ...unsized, price: 90, conditions: { trigger: "stop", triggerPrice: 95 } }),
    ];
    const request = { ...list, contingency: "otoco", sizing: "received", legs } as const;
    venue.order(1, request, ["in", "up", "down"]);
    venue.place(2, { side: "sell", price: 100, quantity: 4 });
    expect(venue.held(1, BTC)).toBe(0n);
    // What is left of the working order is cancelled: the pair is for the four lots.
    const events = venue.cancel(1, 0, "in");
    expect(only(events, "activated")).toMatchObject([{ quantity: 4 }, { quantity: 4 }]);
    expect(venue.held(1, BTC)).toBe(4_000n);
    expect(venue.held(1, USDT)).toBe(0n);
    venue.core.checkInvariants();
    venue.place(3, { side: "buy", price: 120, quantity: 4 });
    expect(venue.held(1, BTC)).toBe(0n);
    venue.core.checkInvariants();
  });

  test("names each order; names that clash, or are open, place none", () => {
    const venue = funded();
    const legs = [working, leg({ side: "sell", price: 120, quantity: 10 })];
    venue.place(1, { price: 90, quantity: 1 }, "taken");
    const before = venue.core.stateHash();
    for (const names of [
      ["", "taken"],
      ["same", "same"],
      ["", "not good"],
    ]) {
      expect(only(venue.order(1, { ...list, legs }, names), "refused")).toHaveLength(1);
      expect(venue.core.stateHash()).toBe(before);
    }
    venue.order(1, { ...list, legs }, ["free", "later"]);
    expect(only(venue.cancel(1, 0, "later"), "done")).toMatchObject([
      { orderId: 3, reason: "cancelled" },
      { orderId: 2, reason: "list_ended" },
    ]);
    venue.core.checkInvariants();
  });
});

describe("an amendment", () => {
  const amend = { kind: "amend", market: MARKET, orderId: 1 } as const;

  test("is asked for what it needs more, and frees what it needs less", () => {
    const venue = funded();
    venue.place(1, { side: "buy", price: 100, quantity: 50 });
    const more = venue.order(1, { ...amend, price: 110, quantity: 60 });
    expect(only(more, "held")).toMatchObject([{ orderId: 1, amount: 66_000n, total: 66_000n }]);
    const before = venue.core.stateHash();
    const refused = venue.order(1, { ...amend, price: 110, quantity: 91 });
    expect(only(refused, "refused")).toMatchObject([
      { code: "balance_below_hold", needed: 100_100n, available: 100_000n },
    ]);
    expect(venue.core.stateHash()).toBe(before);
    venue.order(1, { ...amend, price: 90, quantity: 20 });
    expect(venue.held(1, USDT)).toBe(18_000n);
    venue.order(1, { kind: "reduce", market: MARKET, orderId: 1, quantity: 5 });
    expect(venue.held(1, USDT)).toBe(13_500n);
    venue.core.checkInvariants();
  });

  test("counts from the order's beginning, and may trade", () => {
    const venue = funded();
    venue.place(1, { side: "buy", price: 100, quantity: 10 });
    venue.place(2, { side: "sell", price: 100, quantity: 4 });
    venue.place(2, { side: "sell", price: 105, quantity: 3 });
    const events = venue.order(1, { ...amend, price: 106, quantity: 10 });
    expect(only(events, "trade")).toMatchObject([{ price: 105, quantity: 3 }]);
    // Four lots at 100 and three at 105 are paid; three at 106 are held.
    expect(venue.balance(1, USDT)).toBe(100_000n - 4_000n - 3_150n);
    expect(venue.held(1, USDT)).toBe(3_180n);
    venue.core.checkInvariants();
  });

  test("is of the account's own orders only", () => {
    const venue = funded();
    venue.place(1, { side: "buy", price: 100, quantity: 10 });
    const events = venue.order(2, { ...amend, price: 99, quantity: 10 });
    expect(only(events, "refused")).toMatchObject([{ code: "order_unknown" }]);
    expect(only(venue.order(9, { ...amend, price: 99, quantity: 1 }), "refused")).toMatchObject([
      { code: "unknown_account" },
    ]);
  });
});

describe("a replacement", () => {
  const bid = { ...order({ side: "buy", price: 100, quantity: 90 }), kind: "replace" } as const;

  test("of both or neither counts what the old order holds, and may have its name", () => {
    const venue = funded();
    venue.place(1, { side: "buy", price: 100, quantity: 90 }, "mine");
    const stop = { ...bid, orderId: 1, onFailure: "stop" } as const;
    const before = venue.core.stateHash();
    const refused = venue.order(1, { ...stop, quantity: 101 }, ["mine"]);
    expect(only(refused, "refused")).toMatchObject([
      { code: "balance_below_hold", needed: 101_000n, available: 100_000n },
    ]);
    expect(venue.core.stateHash()).toBe(before);
    const events = venue.order(1, { ...stop, price: 110 }, ["mine"]);
    expect(only(events, "done")).toMatchObject([{ orderId: 1, reason: "cancelled" }]);
    expect(only(events, "held").map(({ orderId, amount }) => [orderId, amount])).toEqual([
      [1, 0n],
      [2, 99_000n],
    ]);
    expect(venue.held(1, USDT)).toBe(99_000n);
    expect(only(venue.cancel(1, 0, "mine"), "done")).toMatchObject([{ orderId: 2 }]);
    venue.core.checkInvariants();
  });

  test("of what can be done cancels although the new order is refused, and is not refused itself", () => {
    const venue = funded();
    venue.place(1, { side: "buy", price: 100, quantity: 90 });
    const events = venue.order(1, { ...bid, orderId: 1, onFailure: "allow", quantity: 101 });
    expect(only(events, "done")).toMatchObject([{ orderId: 1, reason: "cancelled" }]);
    expect(only(events, "rejected")).toMatchObject([{ codeNumber: 1_000 }]);
    expect(only(events, "refused")).toEqual([]);
    const neither = venue.order(1, { ...bid, orderId: 1, onFailure: "allow", quantity: 101 });
    expect(only(neither, "refused")).toMatchObject([{ code: "order_unknown" }]);
    venue.core.checkInvariants();
  });
});

describe("what falls due", () => {
  test("happens before the first command at or after its time", () => {
    const venue = funded();
    venue.place(1, {
      price: 100,
      quantity: 1,
      timeInForce: "gtd",
      conditions: { expiresAt: 1_020 },
    });
    expect(venue.core.nextDue).toBe(1_020);
    venue.time = 1_025;
    const events = venue.place(2, { side: "sell", price: 100, quantity: 1 });
    expect(events.map(({ kind }) => kind).slice(0, 4)).toEqual([
      "done",
      "held",
      "level_changed",
      "time_advanced",
    ]);
    expect(only(events, "trade")).toEqual([]);
    expect(venue.held(1, USDT)).toBe(0n);
    expect(venue.core.nextDue).toBe(Number.POSITIVE_INFINITY);
    venue.core.checkInvariants();
  });

  test("ends all orders of an account whose dead-man's switch was not set again", () => {
    const venue = funded();
    venue.place(1, { price: 100, quantity: 1 });
    venue.place(1, { side: "sell", price: 110, quantity: 1 });
    venue.place(2, { price: 99, quantity: 1 });
    venue.order(1, { kind: "cancel_all_after", at: 1_020 });
    venue.order(1, { kind: "cancel_all_after", at: 1_030 });
    expect(only(venue.do({ kind: "time" }), "done")).toEqual([]);
    expect(only(venue.do({ kind: "time" }), "done").map(({ orderId }) => orderId)).toEqual([1, 2]);
    expect(venue.held(1, USDT) + venue.held(1, BTC)).toBe(0n);
    expect(venue.held(2, USDT)).toBe(990n);
    venue.core.checkInvariants();
  });

  test("ends orders in all markets, which hold of one balance", () => {
    const venue = funded();
    for (const command of listedMarket) {
      if (command.kind === "list_market") venue.do({ ...command, market: 2, symbol: "BTC-USDT-2" });
    }
    venue.place(1, { price: 100, quantity: 1 });
    const conditions = { trigger: "stop", triggerPrice: 105 } as const;
    venue.place(1, { market: 2, price: 110, quantity: 2, conditions });
    venue.place(2, { market: 2, side: "sell", price: 120, quantity: 1 });
    expect(venue.held(1, USDT)).toBe(1_000n + 2_200n);
    venue.order(1, { kind: "cancel_all_after", at: 1_020 });
    const events = venue.do({ kind: "time" });
    expect(only(events, "held").map(({ orderId, total }) => [orderId, total])).toEqual([
      [1, 2_200n],
      [2, 0n],
    ]);
    expect(venue.held(2, BTC)).toBe(1_000n);
    venue.core.checkInvariants();
  });

  test("is not set for a time that is over by the command's own time", () => {
    const venue = funded();
    venue.time = 5_000;
    const late = venue.order(1, { kind: "cancel_all_after", at: 5_000 });
    expect(only(late, "refused")).toMatchObject([{ code: "switch_not_in_future" }]);
    const expired = venue.place(1, {
      price: 100,
      quantity: 1,
      timeInForce: "gtd",
      conditions: { expiresAt: 4_999 },
    });
    expect(only(expired, "refused")).toMatchObject([{ code: "expiry_not_in_future" }]);
  });
});

describe("a market that the operator changes", () => {
  test("uncrosses at one price, and what either side improves is free at once", () => {
    const venue = funded();
    venue.operate({ kind: "set_phase", market: MARKET, phase: "auction" });
    venue.place(1, { side: "buy", price: 110, quantity: 5 });
    venue.place(2, { side: "sell", price: 90, quantity: 5 });
    venue.place(3, { side: "sell", price: 100, quantity: 1 });
    expect(venue.held(1, USDT)).toBe(5_500n);
    const events = venue.operate({ kind: "set_phase", market: MARKET, phase: "open" });
    const [trade] = only(events, "trade");
    expect(trade?.quantity).toBe(5);
    const paid = BigInt(trade?.price ?? 0) * 50n;
    expect(venue.balance(1, USDT)).toBe(100_000n - paid);
    expect(venue.balance(2, USDT)).toBe(100_000n + paid);
    expect(venue.held(1, USDT) + venue.held(2, BTC)).toBe(0n);
    expect(venue.held(3, BTC)).toBe(1_000n);
    venue.core.checkInvariants();
  });

  test("keeps what the rest of an order needs that uncrossing fills in part", () => {
    const venue = funded();
    venue.operate({ kind: "set_phase", market: MARKET, phase: "auction" });
    venue.place(1, { side: "buy", price: 110, quantity: 5 });
    venue.place(2, { side: "buy", price: 100, quantity: 3 });
    venue.place(3, { side: "sell", price: 90, quantity: 6 });
    const events = venue.operate({ kind: "set_phase", market: MARKET, phase: "open" });
    expect(only(events, "trade")).toMatchObject([
      { price: 100, quantity: 5, makerOrderId: 1 },
      { price: 100, quantity: 1, makerOrderId: 2 },
    ]);
    expect(venue.held(1, USDT)).toBe(0n);
    expect(venue.held(2, USDT)).toBe(2_000n);
    expect(venue.balance(1, USDT)).toBe(95_000n);
    venue.core.checkInvariants();
  });

  test("has its new rules in an event, and orders are judged by them", () => {
    const venue = funded();
    const events = venue.operate({
      kind: "change_market",
      market: MARKET,
      priceIncrement: 5,
      quantityIncrement: 2,
      minQuantity: 4,
      minNotional: 0,
      collarBasisPoints: 0,
      bandBasisPoints: 0,
      onBreach: "expire",
      maxOpenOrders: 0,
    });
    expect(events.map(({ kind }) => kind)).toEqual(["market_changed", "rules_changed"]);
    expect(only(events, "rules_changed")).toMatchObject([
      { symbol: "BTC-USDT", priceIncrement: 5, quantityIncrement: 2, minQuantity: 4 },
    ]);
    const refused = only(venue.place(1, { price: 101, quantity: 4 }), "refused");
    expect(refused).toMatchObject([{ code: "price_off_increment" }]);
  });

  test("is refused by the engine's rules", () => {
    const venue = funded();
    const before = venue.core.stateHash();
    const events = venue.operate({ kind: "set_mark_price", market: MARKET, price: 0 });
    expect(only(events, "refused")).toHaveLength(1);
    expect(venue.core.stateHash()).toBe(before);
  });

  test("cancels orders of everybody", () => {
    const venue = funded();
    venue.place(1, { price: 100, quantity: 1 });
    venue.place(2, { price: 99, quantity: 1 });
    const events = venue.operate({ kind: "cancel_all", market: 0, account: 0, side: "both" });
    expect(only(events, "orders_cancelled")).toMatchObject([{ count: 2 }]);
    expect(venue.held(1, USDT) + venue.held(2, USDT)).toBe(0n);
  });
});

describe("two orders of one account that meet", () => {
  test("both lose the lots that would have traded, and what these held", () => {
    const venue = funded();
    venue.place(1, { side: "sell", price: 100, quantity: 10 });
    const events = venue.place(1, {
      side: "buy",
      price: 105,
      quantity: 4,
      conditions: { selfTrade: "decrement" },
    });
    expect(only(events, "prevented")).toMatchObject([{ quantity: 4, makerRemaining: 6 }]);
    expect(venue.held(1, BTC)).toBe(6_000n);
    expect(venue.held(1, USDT)).toBe(0n);
    expect(venue.balance(1, BTC)).toBe(100_000n);
    venue.core.checkInvariants();
  });

  test("by an agreement between accounts move nothing between them", () => {
    const venue = funded();
    const agreed = { tradeGroup: 5, selfTrade: "transfer" } as const;
    venue.place(1, { side: "sell", price: 100, quantity: 10, conditions: agreed });
    const events = venue.place(2, { side: "buy", price: 100, quantity: 4, conditions: agreed });
    expect(only(events, "prevented")).toMatchObject([{ quantity: 4, transfers: true }]);
    expect([venue.balance(1, BTC), venue.held(1, BTC)]).toEqual([100_000n, 6_000n]);
    expect([venue.balance(2, USDT), venue.held(2, USDT)]).toEqual([100_000n, 0n]);
    venue.core.checkInvariants();
  });
});

test("an order command is done once, however often it is sent with its id", () => {
  const venue = funded();
  venue.place(1, { side: "buy", price: 100, quantity: 10 });
  const amend = {
    kind: "order_command",
    account: 1,
    request: { kind: "amend", market: MARKET, orderId: 1, price: 100, quantity: 20 },
    clientOrderIds: [],
    commandId: "amend-1",
  } as const;
  venue.do(amend);
  expect(venue.do(amend)).toMatchObject([{ kind: "repeated", orderId: 1 }]);
  const halt = {
    kind: "market_command",
    request: { kind: "set_phase", market: MARKET, phase: "halted" },
    commandId: "amend-1",
  } as const;
  expect(only(venue.do(halt), "phase_changed")).toHaveLength(1);
  expect(venue.do(halt)).toMatchObject([{ kind: "repeated", orderId: 0 }]);
});

test("a pegged order holds for its limit, wherever it goes", () => {
  const venue = funded();
  venue.place(2, { side: "buy", price: 95, quantity: 1 });
  venue.place(1, { side: "buy", price: 110, quantity: 5, conditions: { peg: "primary" } });
  expect(venue.held(1, USDT)).toBe(5_500n);
  venue.place(2, { side: "buy", price: 99, quantity: 1 });
  expect(venue.held(1, USDT)).toBe(5_500n);
  // It is hidden at 99: what it improves on its limit is free as it trades.
  venue.place(3, { side: "sell", price: 99, quantity: 3 });
  expect(venue.balance(1, USDT)).toBe(100_000n - 1_980n);
  expect(venue.held(1, USDT)).toBe(3_300n);
  venue.core.checkInvariants();
});

test("a market that trades by trigger after trigger settles them all in one command", () => {
  const venue = funded();
  for (const price of [105, 106, 107]) {
    const conditions = { trigger: "stop", triggerPrice: price } as const;
    venue.place(1, { side: "buy", price: price + 1, quantity: 1, conditions });
    venue.place(2, { side: "sell", price: price + 1, quantity: 1 });
  }
  lastPriceIs(venue, 105);
  expect(venue.balance(1, BTC)).toBe(103_000n);
  expect(venue.held(1, USDT)).toBe(0n);
  venue.core.checkInvariants();
});

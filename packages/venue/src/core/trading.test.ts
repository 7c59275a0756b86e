import { describe, expect, test } from "vitest";
import { BTC, CoreUnderTest, only, USDT } from "../testing/core-under-test.ts";

// A lot is 1,000 of BTC's smallest units; a tick × a lot costs 10 of USDT's.
const funded = (): CoreUnderTest => CoreUnderTest.funded(3, 100_000n);

const kinds = (events: readonly { kind: string }[]): string[] => events.map(({ kind }) => kind);

describe("a limit order", () => {
  test("to buy holds price × quantity in quote, and gives it back when it is cancelled", () => {
    const venue = funded();
    const placed = venue.place(1, { side: "buy", price: 100, quantity: 5 });
    expect(kinds(placed)).toEqual(["accepted", "level_changed", "held"]);
    expect(only(placed, "held")).toMatchObject([
      { account: 1, asset: USDT, orderId: 1, amount: 5_000n, total: 5_000n },
    ]);
    expect(venue.held(1, USDT)).toBe(5_000n);

    const cancelled = venue.cancel(1, 1);
    expect(kinds(cancelled)).toEqual(["done", "held", "level_changed"]);
    expect(only(cancelled, "held")).toMatchObject([{ orderId: 1, amount: 0n, total: 0n }]);
    expect(venue.held(1, USDT)).toBe(0n);
    expect(venue.balance(1, USDT)).toBe(100_000n);
  });

  test("to sell holds its lots in base", () => {
    const venue = funded();
    venue.place(1, { side: "sell", price: 100, quantity: 5 });
    expect(venue.held(1, BTC)).toBe(5_000n);
    expect(venue.held(1, USDT)).toBe(0n);
  });

  test("that crosses trades at the maker's price, and the price improvement is free at once", () => {
    const venue = funded();
    venue.place(1, { side: "sell", price: 90, quantity: 3 });
    const events = venue.place(2, { side: "buy", price: 100, quantity: 5 });
    expect(kinds(events)).toEqual([
      "accepted",
      "trade",
      "entry",
      "trade_settled",
      "held",
      "done",
      "level_changed",
      "level_changed",
      "held",
    ]);
    // 3 lots at 90 × 10 were paid; 2 lots at its own limit of 100 stay held.
    expect(venue.balance(2, USDT)).toBe(100_000n - 2_700n);
    expect(venue.held(2, USDT)).toBe(2_000n);
    expect(venue.balance(2, BTC)).toBe(103_000n);
    expect(venue.balance(1, BTC)).toBe(97_000n);
    expect(venue.balance(1, USDT)).toBe(102_700n);
  });

  test("immediate or cancel releases what did not trade", () => {
    const venue = funded();
    venue.place(1, { side: "sell", price: 100, quantity: 1 });
    const events = venue.place(2, { side: "buy", price: 100, quantity: 3, timeInForce: "ioc" });
    expect(only(events, "done").at(-1)).toMatchObject({ orderId: 2, reason: "no_liquidity" });
    expect(venue.held(2, USDT)).toBe(0n);
    expect(venue.balance(2, USDT)).toBe(99_000n);
  });

  test("fill or kill that can't be filled is accepted, done, and holds nothing", () => {
    const venue = funded();
    const events = venue.place(1, { side: "buy", price: 100, quantity: 3, timeInForce: "fok" });
    expect(kinds(events)).toEqual(["accepted", "done"]);
    expect(venue.held(1, USDT)).toBe(0n);
  });

  test("trades with another order of its own account, and only the fees leave it", () => {
    const venue = funded();
    venue.do({ kind: "set_fees", market: 0, makerPpm: 10_000, takerPpm: 20_000 });
    venue.place(1, { side: "sell", price: 100, quantity: 2 });
    venue.place(1, { side: "buy", price: 100, quantity: 2 });
    // The seller's 2,000 of quote pay 1 %, the buyer's 2,000 of base 2 %.
    expect(venue.balance(1, USDT)).toBe(100_000n - 20n);
    expect(venue.balance(1, BTC)).toBe(100_000n - 40n);
    expect(venue.held(1, USDT) + venue.held(1, BTC)).toBe(0n);
    venue.core.checkInvariants();
  });
});

describe("an order with conditions", () => {
  test("that is post-only is refused where it would take, or slides, and holds by the price to which it slid", () => {
    const venue = funded();
    venue.place(1, { side: "sell", price: 100, quantity: 2 });
    const asked = { side: "buy", price: 101, quantity: 2 } as const;
    const taking = venue.place(2, { ...asked, conditions: { postOnly: "reject" } });
    expect(only(taking, "refused")).toMatchObject([{ code: "would_take", field: "postOnly" }]);
    expect(venue.held(2, USDT)).toBe(0n);
    const slid = venue.place(2, { ...asked, conditions: { postOnly: "slide" } });
    expect(only(slid, "accepted")).toMatchObject([{ price: 99 }]);
    expect(venue.held(2, USDT)).toBe(1_980n);
    venue.core.checkInvariants();
  });

  test("that shows a part holds all of it, and settles what trades", () => {
    const venue = funded();
    venue.place(1, { side: "sell", price: 100, quantity: 9, conditions: { displayQuantity: 2 } });
    expect(venue.held(1, BTC)).toBe(9_000n);
    venue.place(2, { side: "buy", price: 100, quantity: 5 });
    expect(venue.held(1, BTC)).toBe(4_000n);
    expect(venue.balance(1, USDT)).toBe(105_000n);
    venue.core.checkInvariants();
  });

  test("that prevents a self-trade frees what it expires", () => {
    const venue = funded();
    venue.place(1, { side: "sell", price: 100, quantity: 3 });
    const events = venue.place(1, {
      side: "buy",
      price: 100,
      quantity: 2,
      conditions: { selfTrade: "expire_maker" },
    });
    expect(only(events, "prevented")).toMatchObject([{ makerOrderId: 1, mode: "expire_maker" }]);
    expect(venue.held(1, BTC)).toBe(0n);
    expect(venue.held(1, USDT)).toBe(2_000n);
    venue.core.checkInvariants();
  });
});

describe("a market order", () => {
  test("to buy by quote quantity holds exactly its budget, and what is left of it comes back", () => {
    const venue = funded();
    venue.place(1, { side: "sell", price: 100, quantity: 10 });
    const events = venue.place(2, { type: "market", side: "buy", quoteQuantity: 250 });
    // 2 lots at 100; the other 50 ticks × lots buy nothing.
    expect(only(events, "done").at(-1)).toMatchObject({ reason: "budget_spent" });
    expect(venue.balance(2, USDT)).toBe(98_000n);
    expect(venue.balance(2, BTC)).toBe(102_000n);
    expect(venue.held(2, USDT)).toBe(0n);
  });

  test("to buy by base quantity needs a worst price, and holds by it", () => {
    const venue = funded();
    venue.place(1, { side: "sell", price: 100, quantity: 10 });
    const unbounded = venue.place(2, { type: "market", side: "buy", quantity: 3 });
    expect(only(unbounded, "refused")).toMatchObject([
      { code: "worst_case_unbounded", field: "price" },
    ]);
    const dear = venue.place(2, { type: "market", side: "buy", quantity: 3, price: 4_000 });
    expect(only(dear, "refused")).toMatchObject([
      { code: "balance_below_hold", needed: 120_000n, available: 100_000n },
    ]);
    venue.place(2, { type: "market", side: "buy", quantity: 3, price: 110 });
    expect(venue.balance(2, BTC)).toBe(103_000n);
    expect(venue.balance(2, USDT)).toBe(97_000n);
  });

  test("to sell by base quantity needs no price: its lots are its worst case", () => {
    const venue = funded();
    venue.place(1, { side: "buy", price: 100, quantity: 10 });
    venue.place(2, { type: "market", side: "sell", quantity: 3 });
    expect(venue.balance(2, USDT)).toBe(103_000n);
  });

  test("to sell by quote quantity needs a worst price, and holds the lots that it takes there", () => {
    const venue = funded();
    venue.place(1, { side: "buy", price: 100, quantity: 10 });
    const unbounded = venue.place(2, { type: "market", side: "sell", quoteQuantity: 450 });
    expect(only(unbounded, "refused")).toMatchObject([{ code: "worst_case_unbounded" }]);
    // At 4 ticks, 450 would take 112 lots; there are 100.
    const low = venue.place(2, { type: "market", side: "sell", quoteQuantity: 450, price: 4 });
    expect(only(low, "refused")).toMatchObject([
      { code: "balance_below_hold", needed: 112_000n, available: 100_000n },
    ]);
    venue.place(2, { type: "market", side: "sell", quoteQuantity: 450, price: 90 });
    expect(venue.balance(2, USDT)).toBe(104_000n);
    expect(venue.balance(2, BTC)).toBe(96_000n);
    expect(venue.held(2, BTC)).toBe(0n);
  });
});

describe("fees", () => {
  test("are taken from what each side receives, at the maker's and the taker's rate", () => {
    const venue = funded();
    venue.do({ kind: "set_fees", market: 0, makerPpm: 1_000, takerPpm: 2_000 });
    venue.place(1, { side: "sell", price: 200, quantity: 3 });
    const events = venue.place(2, { side: "buy", price: 200, quantity: 3 });
    expect(only(events, "trade_settled")).toMatchObject([
      { makerFee: 6n, makerFeeAsset: USDT, takerFee: 6n, takerFeeAsset: BTC },
    ]);
    expect(venue.balance(1, USDT)).toBe(106_000n - 6n);
    expect(venue.balance(2, BTC)).toBe(103_000n - 6n);
    expect(venue.fees(USDT)).toBe(6n);
    expect(venue.fees(BTC)).toBe(6n);
    const [entry] = only(events, "entry");
    expect(entry?.entry.postings.map(({ amount }) => amount)).toEqual([
      -6_000n,
      5_994n,
      6n,
      -3_000n,
      2_994n,
      6n,
    ]);
  });

  test("of an order in three fills are those of one fill, not three times rounded up", () => {
    const venue = funded();
    venue.do({ kind: "set_fees", market: 0, makerPpm: 0, takerPpm: 400 });
    for (const account of [1, 3, 1])
      venue.place(account, { side: "sell", price: 100, quantity: 1 });
    const events = venue.place(2, { side: "buy", price: 100, quantity: 3 });
    // 0.4 of a unit for each lot, 1.2 in total: rounded up once that is 2.
    expect(only(events, "trade_settled").map(({ takerFee }) => takerFee)).toEqual([1n, 0n, 1n]);
  });

  test("of a market stand before those of all markets", () => {
    const venue = funded();
    venue.do({ kind: "set_fees", market: 1, makerPpm: 0, takerPpm: 5_000 });
    venue.do({ kind: "set_fees", market: 0, makerPpm: 10_000, takerPpm: 10_000 });
    venue.place(1, { side: "sell", price: 100, quantity: 2 });
    const events = venue.place(2, { side: "buy", price: 100, quantity: 2 });
    expect(only(events, "trade_settled")).toMatchObject([{ makerFee: 0n, takerFee: 10n }]);
  });
});

describe("a client order id", () => {
  test("names the order before it is accepted, and cancels it", () => {
    const venue = funded();
    const placed = venue.place(1, { side: "buy", price: 100, quantity: 1 }, "first.order:1");
    expect(kinds(placed)).toEqual(["order_named", "accepted", "level_changed", "held"]);
    expect(only(placed, "order_named")).toMatchObject([
      { orderId: 1, account: 1, clientOrderId: "first.order:1" },
    ]);
    const cancelled = venue.cancel(1, 0, "first.order:1");
    expect(only(cancelled, "done")).toMatchObject([{ orderId: 1, reason: "cancelled" }]);
  });

  test("is free again once its order is done, and never another account's", () => {
    const venue = funded();
    venue.place(1, { side: "buy", price: 100, quantity: 1 }, "mine");
    const taken = venue.place(1, { side: "buy", price: 99, quantity: 1 }, "mine");
    expect(only(taken, "refused")).toMatchObject([{ code: "client_order_id_open" }]);
    expect(only(venue.cancel(2, 0, "mine"), "refused")).toMatchObject([{ code: "order_unknown" }]);
    expect(only(venue.place(2, { price: 99, quantity: 1 }, "mine"), "accepted")).toHaveLength(1);
    venue.cancel(1, 0, "mine");
    expect(only(venue.place(1, { price: 99, quantity: 1 }, "mine"), "accepted")).toHaveLength(1);
  });
});

import { describe, expect, test } from "vitest";
import type { LimitOrder, MarketOrder } from "./decimal-order.ts";
import { OrderBook } from "./order-book.ts";

const opened = (): OrderBook => {
  const book = new OrderBook({ priceIncrement: "0.01", quantityIncrement: "0.001" });
  book.limit({ side: "sell", price: "101.50", quantity: "2", account: 7 });
  book.limit({ side: "sell", price: "102", quantity: "1.5", account: 8 });
  return book;
};

describe("an order book in decimals", () => {
  test("tells what an order traded and what became of it", () => {
    expect(opened().limit({ side: "buy", price: "101.75", quantity: "2.5" })).toEqual({
      ok: true,
      order: { orderId: 3, side: "buy", status: "resting", filled: "2.000", remaining: "0.500" },
      trades: [
        { tradeId: 1, price: "101.50", quantity: "2.000", makerOrderId: 1, takerOrderId: 3 },
      ],
    });
  });

  test("shows its best prices and its levels", () => {
    const book = opened();
    expect(book.best("buy")).toBeUndefined();
    expect(book.best("sell")).toBe("101.50");
    expect(book.depth("sell")).toEqual([
      { price: "101.50", quantity: "2.000", orders: 1 },
      { price: "102.00", quantity: "1.500", orders: 1 },
    ]);
    expect(book.depth("sell", 1)).toHaveLength(1);
  });

  test("buys for a sum", () => {
    expect(opened().market({ side: "buy", quoteQuantity: "250" })).toMatchObject({
      order: { status: "budget_spent", filled: "2.460" },
      trades: [
        { price: "101.50", quantity: "2.000" },
        // 47 are left, which pay for 0.460 at 102.00.
        { price: "102.00", quantity: "0.460" },
      ],
    });
  });

  test("stops a market order at its worst price", () => {
    const placed = opened().market({ side: "buy", quantity: "3", worstPrice: "101.99" });
    expect(placed).toMatchObject({ order: { status: "no_liquidity", remaining: "1.000" } });
  });

  test("fills or kills", () => {
    const placed = opened().market({ side: "buy", quantity: "4", timeInForce: "fok" });
    expect(placed).toMatchObject({ order: { status: "fill_or_kill_unfilled" }, trades: [] });
  });

  test("cancels for the owner", () => {
    const book = opened();
    expect(book.cancel(1)).toEqual({ ok: false, code: "order_unknown", field: "orderId" });
    expect(book.cancel(1, 7)).toEqual({ ok: true, orderId: 1, cancelled: "2.000" });
    expect(book.best("sell")).toBe("102.00");
  });

  test.each<[string, Partial<LimitOrder>, string]>([
    ["price", { price: "101.555" }, "decimal_off_increment"],
    ["price", { price: "1e2" }, "decimal_malformed"],
    ["price", { price: "0" }, "price_must_be_positive"],
    ["price", { price: "999999" }, "price_above_maximum"],
    ["price", { price: "90000000000000" }, "price_above_maximum"],
    ["quantity", { quantity: "0.0005" }, "decimal_off_increment"],
    ["quantity", { quantity: "0" }, "quantity_must_be_positive"],
    ["quantity", { quantity: "99999999" }, "quantity_above_maximum"],
    ["displayQuantity", { displayQuantity: "0.0005" }, "decimal_off_increment"],
    ["displayQuantity", { displayQuantity: "1" }, "display_quantity_out_of_range"],
    ["minQuantity", { minQuantity: "1.001" }, "minimum_fill_out_of_range"],
    ["triggerPrice", { trigger: "stop", triggerPrice: "-1" }, "decimal_malformed"],
    ["triggerPrice", { trigger: "stop" }, "trigger_price_out_of_range"],
    [
      "triggerPrice",
      { trigger: "stop", triggerPrice: "90000000000000" },
      "trigger_price_out_of_range",
    ],
    ["trailingOffset", { trigger: "trailing_stop" }, "trailing_distance_out_of_range"],
    ["activationPrice", { activationPrice: "100" }, "activation_price_out_of_range"],
    ["expiresAt", { timeInForce: "gtd" }, "expiry_without_gtd"],
    ["postOnly", { price: "101.50", postOnly: "reject" }, "would_take"],
  ])("refuses a limit order for its %s: %j", (field, strange, code) => {
    const order = { side: "buy", price: "100", quantity: "1", ...strange } as const;
    expect(opened().limit(order)).toEqual({ ok: false, code, field });
  });

  test.each<[string, Partial<MarketOrder>, string]>([
    ["quantity", {}, "quantity_or_quote_quantity"],
    ["quantity", { quantity: "1", quoteQuantity: "100" }, "quantity_or_quote_quantity"],
    ["worstPrice", { quantity: "1", worstPrice: "-1" }, "decimal_malformed"],
    ["quoteQuantity", { quoteQuantity: "0.000001" }, "decimal_off_increment"],
    ["quantity", { quantity: "x" }, "decimal_malformed"],
    ["slippage", { quantity: "1", slippage: "0.005" }, "decimal_off_increment"],
    ["slippage", { quantity: "1", slippage: "1", worstPrice: "200" }, "slippage_out_of_range"],
  ])("refuses a market order for its %s: %j", (field, strange, code) => {
    expect(opened().market({ side: "buy", ...strange })).toEqual({ ok: false, code, field });
  });

  test("takes its highest price, and with it its largest quantity, from its options", () => {
    const units = { priceIncrement: "0.0001", quantityIncrement: "1" };
    const book = new OrderBook({ ...units, maxPrice: "0.1" });
    expect(book.limit({ side: "buy", price: "0.1", quantity: "9000000000000" }).ok).toBe(true);
    for (const maxPrice of ["0", "0.00005", "300000"]) {
      expect(() => new OrderBook({ ...units, maxPrice })).toThrow(RangeError);
    }
  });
});

const kinds = (book: OrderBook): string[] => book.events.map(({ kind }) => kind);

describe("an order that waits", () => {
  test("sells at the market when the last trade is at its stop", () => {
    const book = opened();
    book.limit({ side: "buy", price: "100.90", quantity: "2", account: 8 });
    const stop = { trigger: "stop", triggerPrice: "101" } as const;
    expect(book.market({ side: "sell", quantity: "1", ...stop })).toEqual({
      ok: true,
      order: { orderId: 4, side: "sell", status: "waiting", filled: "0.000", remaining: "1.000" },
      trades: [],
    });
    expect(kinds(book)).toEqual(["accepted"]);

    const hit = book.limit({ side: "sell", price: "100.90", quantity: "0.5", account: 7 });
    expect(hit).toMatchObject({ order: { orderId: 5, filled: "0.500" }, trades: [{ tradeId: 1 }] });
    expect(kinds(book)).toEqual([
      ...["accepted", "trade", "level_changed", "done"],
      ...["triggered", "trade", "level_changed", "done"],
    ]);
    expect(book.events[4]).toEqual({
      kind: "triggered",
      account: 1,
      orderId: 4,
      side: "sell",
      type: "market",
      timeInForce: "ioc",
      price: "0.00",
      quantity: "1.000",
      quoteQuantity: "0.00000",
      conditions: { trigger: "stop", triggerPrice: "101.00" },
    });
  });

  test("rests at its limit after its stop", () => {
    const book = opened();
    book.market({ side: "buy", quantity: "1" });
    // The last trade was at 101.50 already.
    const stop = { trigger: "stop", triggerPrice: "101.50" } as const;
    const placed = book.limit({ side: "buy", price: "101", quantity: "3", ...stop });
    expect(placed).toMatchObject({ order: { status: "resting", remaining: "3.000" } });
    expect(book.best("buy")).toBe("101.00");
  });

  test("takes its profit at the mark price", () => {
    const book = opened();
    const profit = { trigger: "take_profit", triggerPrice: "90", triggerOn: "mark" } as const;
    book.market({ side: "buy", quantity: "1", ...profit });
    expect(book.setMarkPrice("90.01")).toEqual({ ok: true });
    expect(kinds(book)).toEqual(["mark_price_set"]);
    book.setMarkPrice("90");
    expect(book.events).toContainEqual(
      expect.objectContaining({ kind: "trade", price: "101.50", quantity: "1.000" }),
    );
    expect(book.setMarkPrice("0")).toMatchObject({ code: "mark_price_out_of_range" });
  });

  test.each([{ trailingOffset: "6" }, { trailingBasisPoints: 500 }])(
    "follows the price at a distance: %j",
    (distance) => {
      const book = opened();
      book.limit({ side: "buy", price: "100", quantity: "1", account: 8 });
      const trailing = { trigger: "trailing_stop", triggerOn: "mark", ...distance } as const;
      book.market({ side: "sell", quantity: "1", ...trailing });
      for (const price of ["110", "120", "114.01"]) {
        book.setMarkPrice(price);
        expect(kinds(book)).toEqual(["mark_price_set"]);
      }
      book.setMarkPrice("114");
      expect(kinds(book)).toContain("triggered");
      expect(book.best("buy")).toBeUndefined();
    },
  );

  test("can be cancelled", () => {
    const book = opened();
    const stop = { trigger: "stop", triggerPrice: "110" } as const;
    book.limit({ side: "buy", price: "111", quantity: "3", ...stop });
    expect(book.cancel(3)).toEqual({ ok: true, orderId: 3, cancelled: "3.000" });
  });
});

describe("an order that rests", () => {
  test("shows a part of it at a time, or nothing", () => {
    const book = opened();
    book.limit({ side: "sell", price: "101", quantity: "5", displayQuantity: "1", account: 7 });
    book.limit({ side: "sell", price: "101", quantity: "2", hidden: true, account: 7 });
    expect(book.depth("sell", 1)).toEqual([{ price: "101.00", quantity: "1.000", orders: 1 }]);
    const bought = book.limit({ side: "buy", price: "101", quantity: "6" });
    expect(bought).toMatchObject({ order: { status: "filled", filled: "6.000" } });
    expect(book.best("sell")).toBe("101.50");
  });

  test("slides where it would take", () => {
    const book = opened();
    const placed = book.limit({ side: "buy", price: "103", quantity: "1", postOnly: "slide" });
    expect(placed).toMatchObject({ order: { status: "resting", filled: "0.000" } });
    expect(book.best("buy")).toBe("101.49");
    expect(book.events[0]).toMatchObject({ price: "101.49", conditions: { postOnly: "slide" } });
  });

  test("ends at its time", () => {
    const book = opened();
    book.limit({ side: "buy", price: "100", quantity: "1", timeInForce: "gtd", expiresAt: 10 });
    expect(book.advanceTime(9)).toEqual({ ok: true });
    expect(book.best("buy")).toBe("100.00");
    expect(book.advanceTime(10)).toEqual({ ok: true });
    expect(kinds(book)).toEqual(["done", "level_changed", "time_advanced"]);
    expect(book.advanceTime(9)).toEqual({ ok: false, code: "time_went_back", field: "time" });
  });

  test("ends with its day", () => {
    const book = opened();
    book.limit({ side: "buy", price: "100", quantity: "1", timeInForce: "day" });
    expect(book.setPhase("closed")).toEqual({ ok: true });
    expect(book.events[0]).toMatchObject({ kind: "done", reason: "expired", remaining: "1.000" });
    expect(book.limit({ side: "buy", price: "100", quantity: "1" })).toEqual({
      ok: false,
      code: "phase_forbids",
      field: "market",
    });
  });
});

describe("an order that comes in", () => {
  test("ends when it meets its owner", () => {
    const book = opened();
    const own = { price: "101.50", account: 7, selfTrade: "expire_taker" } as const;
    expect(book.limit({ side: "buy", quantity: "3", ...own })).toEqual({
      ok: true,
      order: { orderId: 3, side: "buy", status: "self_trade", filled: "0.000", remaining: "3.000" },
      trades: [],
    });
    expect(book.events[1]).toMatchObject({ kind: "prevented", quantity: "0.000" });
  });

  test("loses what its owner already has, and rests with the rest", () => {
    const book = opened();
    const own = { price: "101.50", account: 7, selfTrade: "decrement" } as const;
    expect(book.limit({ side: "buy", quantity: "3", ...own })).toMatchObject({
      order: { status: "resting", filled: "0.000", remaining: "1.000" },
    });
    expect(book.best("sell")).toBe("102.00");
  });

  test("trades a minimum or nothing", () => {
    const book = opened();
    const bid = { side: "buy", price: "101.50", quantity: "5" } as const;
    expect(book.limit({ ...bid, minQuantity: "2.001" })).toMatchObject({
      order: { status: "minimum_unfilled", filled: "0.000", remaining: "5.000" },
    });
    expect(book.limit({ ...bid, minQuantity: "2" })).toMatchObject({
      order: { status: "resting", filled: "2.000", remaining: "3.000" },
    });
  });

  test("slips only so far", () => {
    const placed = opened().market({ side: "buy", quantity: "3", slippage: "0.49" });
    expect(placed).toMatchObject({ order: { status: "no_liquidity", filled: "2.000" } });
  });

  test("rests at the price at which it traded", () => {
    const book = opened();
    expect(book.marketToLimit({ side: "buy", quantity: "3" })).toMatchObject({
      order: { status: "resting", filled: "2.000", remaining: "1.000" },
    });
    expect(book.best("buy")).toBe("101.50");
    expect(book.marketToLimit({ side: "buy", quantity: "0.0001" })).toEqual({
      ok: false,
      code: "decimal_off_increment",
      field: "quantity",
    });
  });
});

describe("changing orders", () => {
  test("amends a price, and trades what it reaches", () => {
    const book = opened();
    book.limit({ side: "buy", price: "101", quantity: "3" });
    const amended = book.amend({ orderId: 3, price: "101.50", quantity: "2.5" });
    expect(amended).toMatchObject({
      ok: true,
      order: { orderId: 3, side: "buy", status: "resting", filled: "2.000", remaining: "0.500" },
      trades: [{ price: "101.50", quantity: "2.000", makerOrderId: 1, takerOrderId: 3 }],
    });
    expect(book.amend({ orderId: 3, price: "101.50", quantity: "1" })).toMatchObject({
      ok: false,
      code: "quantity_already_filled",
    });
    expect(book.amend({ orderId: 9, price: "101.50", quantity: "1" })).toEqual({
      ok: false,
      code: "order_unknown",
      field: "orderId",
    });
    expect(book.amend({ orderId: 3, price: "x", quantity: "1" })).toMatchObject({ field: "price" });
    expect(book.amend({ orderId: 3, price: "1", quantity: "x" })).toMatchObject({
      field: "quantity",
    });
  });

  test("replaces one order by another", () => {
    const book = opened();
    const ask = { side: "sell", price: "103", quantity: "1", account: 7 } as const;
    expect(book.replace({ orderId: 1, ...ask })).toEqual({
      ok: true,
      cancelled: "2.000",
      order: { orderId: 3, side: "sell", status: "resting", filled: "0.000", remaining: "1.000" },
      trades: [],
    });
    expect(book.depth("sell").map(({ price }) => price)).toEqual(["102.00", "103.00"]);
  });

  test("replaces both or neither, unless failure is allowed", () => {
    const book = opened();
    const ask = { side: "sell", price: "103", quantity: "1", account: 7 } as const;
    expect(book.replace({ orderId: 9, ...ask })).toMatchObject({ code: "order_unknown" });
    expect(book.replace({ orderId: 1, ...ask, price: "9999999" })).toEqual({
      ok: false,
      code: "price_above_maximum",
      field: "price",
    });
    expect(book.best("sell")).toBe("101.50");

    const allowed = book.replace({ orderId: 9, onFailure: "allow", ...ask });
    expect(allowed).toMatchObject({ ok: true, order: { status: "resting" } });
    expect(allowed).not.toHaveProperty("cancelled");
    expect(kinds(book)).toEqual(["rejected", "accepted", "level_changed"]);
    expect(book.replace({ orderId: 1, onFailure: "allow", ...ask, price: "9999999" })).toEqual({
      ok: false,
      code: "price_above_maximum",
      field: "price",
      cancelled: "2.000",
    });
    expect(book.best("sell")).toBe("102.00");
  });

  test("cancels all, or all of an account or a side", () => {
    const book = opened();
    book.limit({ side: "buy", price: "100", quantity: "1", account: 7 });
    expect(book.cancelAll({ account: 7, side: "sell" })).toEqual({
      ok: true,
      orders: [{ orderId: 1, cancelled: "2.000" }],
    });
    expect(book.cancelAll()).toEqual({
      ok: true,
      orders: [
        { orderId: 2, cancelled: "1.500" },
        { orderId: 3, cancelled: "1.000" },
      ],
    });
    expect(book.cancelAll()).toEqual({ ok: true, orders: [] });
    expect(book.events).toEqual([{ kind: "orders_cancelled", account: 0, count: 0 }]);
    expect(book.cancelAll({ account: -1 })).toMatchObject({ code: "account_must_be_positive" });
  });

  test("cancels all of an account that is not heard of in time", () => {
    const book = opened();
    expect(book.cancelAllAfter(60, 7)).toEqual({ ok: true });
    expect(book.events).toEqual([{ kind: "cancel_all_after_set", account: 7, at: 60 }]);
    book.advanceTime(60);
    expect(book.best("sell")).toBe("102.00");
    expect(book.cancelAllAfter(60, 7)).toMatchObject({ code: "switch_not_in_future", field: "at" });
  });
});

test("an auction collects orders, says what would trade, and trades it when the book opens", () => {
  const book = opened();
  book.setPhase("auction");
  expect(book.limit({ side: "buy", price: "101.75", quantity: "2.5" })).toMatchObject({
    order: { status: "resting", filled: "0.000" },
  });
  expect(book.events.at(-1)).toEqual({
    kind: "indicative",
    price: "101.75",
    quantity: "2.000",
    surplus: "0.500",
  });
  book.setPhase("open");
  expect(book.events[0]).toMatchObject({
    kind: "trade",
    price: "101.75",
    quantity: "2.000",
    makerRemaining: "0.000",
    takerRemaining: "0.500",
  });
  expect(book.events.at(-1)).toEqual({ kind: "phase_changed", phase: "open" });
});

test("the events are those of the last command, also if it was refused", () => {
  const book = new OrderBook({ priceIncrement: "0.01", quantityIncrement: "0.001" });
  expect(book.events).toEqual([]);
  book.limit({ side: "buy", price: "1", quantity: "1" });
  expect(book.events).toEqual([
    {
      kind: "accepted",
      account: 1,
      orderId: 1,
      side: "buy",
      type: "limit",
      timeInForce: "gtc",
      price: "1.00",
      quantity: "1.000",
      quoteQuantity: "0.00000",
    },
    { kind: "level_changed", side: "buy", price: "1.00", quantity: "1.000", orders: 1 },
  ]);
  book.cancel(2);
  expect(kinds(book)).toEqual(["rejected"]);
});

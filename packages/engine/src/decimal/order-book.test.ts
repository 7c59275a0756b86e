import { describe, expect, test } from "vitest";
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

  test.each([
    ["price", { price: "101.555" }, "decimal_off_increment"],
    ["price", { price: "1e2" }, "decimal_malformed"],
    ["price", { price: "0" }, "price_must_be_positive"],
    ["price", { price: "999999" }, "price_above_maximum"],
    ["quantity", { quantity: "0.0005" }, "decimal_off_increment"],
    ["quantity", { quantity: "0" }, "quantity_must_be_positive"],
    ["quantity", { quantity: "99999999" }, "quantity_above_maximum"],
  ])("refuses a limit order for its %s: %j", (field, strange, code) => {
    const order = { side: "buy", price: "100", quantity: "1", ...strange } as const;
    expect(opened().limit(order)).toEqual({ ok: false, code, field });
  });

  test.each([
    ["quantity", {}, "quantity_or_quote_quantity"],
    ["quantity", { quantity: "1", quoteQuantity: "100" }, "quantity_or_quote_quantity"],
    ["worstPrice", { quantity: "1", worstPrice: "-1" }, "decimal_malformed"],
    ["quoteQuantity", { quoteQuantity: "0.000001" }, "decimal_off_increment"],
    ["quantity", { quantity: "x" }, "decimal_malformed"],
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

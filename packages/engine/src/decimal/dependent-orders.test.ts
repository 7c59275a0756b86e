import { describe, expect, test } from "vitest";
import { OrderBook } from "./order-book.ts";

const opened = (): OrderBook => {
  const book = new OrderBook({ priceIncrement: "0.01", quantityIncrement: "0.001" });
  book.limit({ side: "buy", price: "100", quantity: "1", account: 8 });
  book.limit({ side: "sell", price: "101.50", quantity: "2", account: 7 });
  return book;
};

const statusOf = (placed: ReturnType<OrderBook["limit"]>): unknown =>
  placed.ok ? placed.order.status : placed;

describe("a pegged order", () => {
  test("follows the best price of its side, and is not seen", () => {
    const book = opened();
    const pegged = { price: "105", quantity: "1", peg: "primary", pegOffset: "0.10" } as const;
    expect(statusOf(book.limit({ side: "buy", ...pegged }))).toBe("resting");
    expect(book.events[1]).toEqual({
      kind: "repegged",
      account: 1,
      orderId: 3,
      side: "buy",
      price: "99.90",
      remaining: "1.000",
    });
    expect(book.depth("buy")).toHaveLength(1);
    book.limit({ side: "buy", price: "100.20", quantity: "1", account: 8 });
    expect(book.events).toContainEqual(
      expect.objectContaining({ kind: "repegged", orderId: 3, price: "100.10" }),
    );
    expect(book.amend({ orderId: 3, price: "100", quantity: "1" })).toMatchObject({
      code: "order_is_pegged",
      field: "orderId",
    });
  });

  test("trades in the middle", () => {
    const book = opened();
    book.limit({ side: "buy", price: "105", quantity: "1", peg: "mid" });
    expect(book.limit({ side: "sell", price: "100.75", quantity: "0.4" })).toMatchObject({
      order: { status: "filled" },
      trades: [{ price: "100.75", quantity: "0.400", makerOrderId: 3 }],
    });
  });

  test("waits as long as there is no price to follow", () => {
    const book = new OrderBook({ priceIncrement: "0.01", quantityIncrement: "0.001" });
    const placed = book.limit({ side: "sell", price: "1", quantity: "1", peg: "market" });
    expect(statusOf(placed)).toBe("waiting");
    book.limit({ side: "buy", price: "100", quantity: "1", account: 8 });
    expect(book.events).toContainEqual(
      expect.objectContaining({ kind: "repegged", orderId: 1, price: "100.01" }),
    );
  });

  test("has an offset that is a decimal", () => {
    const pegged = { side: "buy", price: "1", quantity: "1", peg: "mid" } as const;
    expect(opened().limit({ ...pegged, pegOffset: "0.001" })).toEqual({
      ok: false,
      code: "decimal_off_increment",
      field: "pegOffset",
    });
    const { peg: _, ...unpegged } = pegged;
    expect(opened().limit({ ...unpegged, pegOffset: "1" })).toMatchObject({
      code: "peg_offset_out_of_range",
    });
  });
});

describe("an order that wants all or nothing", () => {
  const all = { side: "buy", price: "101.60", quantity: "3", allOrNone: true } as const;

  test("waits, unseen, until all of it can trade", () => {
    const book = opened();
    expect(statusOf(book.limit(all))).toBe("waiting");
    expect(book.best("buy")).toBe("100.00");
    book.limit({ side: "sell", price: "101.55", quantity: "1", account: 8 });
    expect(book.events.flatMap((event) => (event.kind === "trade" ? event.price : []))).toEqual([
      "101.50",
      "101.55",
    ]);
    expect(book.events).toContainEqual(
      expect.objectContaining({ kind: "done", orderId: 3, reason: "filled" }),
    );
  });

  test("trades at once if there is enough", () => {
    expect(statusOf(opened().limit({ ...all, quantity: "2" }))).toBe("filled");
  });

  test("can be cancelled", () => {
    const book = opened();
    book.limit(all);
    expect(book.cancel(3)).toEqual({ ok: true, orderId: 3, cancelled: "3.000" });
  });
});

describe("an order for one auction", () => {
  const bid = { side: "buy", price: "101", quantity: "1" } as const;

  test("waits for the closing one, and ends with it", () => {
    const book = opened();
    expect(statusOf(book.limit({ ...bid, timeInForce: "at_close" }))).toBe("waiting");
    expect(book.best("buy")).toBe("100.00");
    book.setPhase("closing_auction");
    expect(book.events).toContainEqual(expect.objectContaining({ kind: "activated", orderId: 3 }));
    expect(book.best("buy")).toBe("101.00");
    expect(statusOf(book.limit({ ...bid, timeInForce: "at_close" }))).toBe("resting");
    book.setPhase("closed");
    expect(
      book.events.flatMap((event) => (event.kind === "done" ? [event.orderId, event.reason] : [])),
    ).toEqual([3, "expired", 4, "expired"]);
  });

  test("comes in before the opening one only, and ends with it", () => {
    const book = opened();
    const opening = { ...bid, timeInForce: "at_open" } as const;
    expect(book.limit(opening)).toMatchObject({ code: "phase_forbids" });
    book.setPhase("pre_open");
    expect(statusOf(book.limit(opening))).toBe("resting");
    book.setPhase("open");
    expect(book.events).toContainEqual(
      expect.objectContaining({ kind: "done", orderId: 3, reason: "expired" }),
    );
  });
});

describe("an order with a name of its owner's", () => {
  const named = { side: "buy", price: "99", quantity: "1", clientOrderId: 77 } as const;

  test("is cancelled by it", () => {
    const book = opened();
    book.limit(named);
    expect(book.cancelByClientId(78)).toEqual({
      ok: false,
      code: "order_unknown",
      field: "orderId",
    });
    expect(book.cancelByClientId(77, 8)).toMatchObject({ code: "order_unknown" });
    expect(book.cancelByClientId(77)).toEqual({ ok: true, orderId: 3, cancelled: "1.000" });
  });

  test("is the only open one of its owner with it", () => {
    const book = opened();
    book.limit(named);
    expect(book.limit(named)).toEqual({
      ok: false,
      code: "client_order_id_taken",
      field: "clientOrderId",
    });
    expect(book.limit({ ...named, account: 8 }).ok).toBe(true);
    book.cancel(3);
    expect(book.limit(named).ok).toBe(true);
  });

  test.each([-1, 0.5, 2 ** 53, Number.NaN])("has none such as %d", (clientOrderId) => {
    expect(opened().limit({ ...named, clientOrderId })).toEqual({
      ok: false,
      code: "client_order_id_out_of_range",
      field: "clientOrderId",
    });
  });
});

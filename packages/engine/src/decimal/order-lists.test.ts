import { describe, expect, test } from "vitest";
import type { ListedOrder, OrderList } from "./decimal-list.ts";
import { OrderBook } from "./order-book.ts";

const opened = (): OrderBook => {
  const book = new OrderBook({ priceIncrement: "0.01", quantityIncrement: "0.001" });
  book.limit({ side: "sell", price: "101.50", quantity: "2", account: 7 });
  book.limit({ side: "sell", price: "102", quantity: "1.5", account: 8 });
  return book;
};

/** What each order of a list became. */
const statuses = (book: OrderBook, list: OrderList): unknown => {
  const placed = book.placeList(list);
  return placed.ok ? placed.orders.map(({ order }) => order.status) : placed;
};

const kinds = (book: OrderBook): string[] => book.events.map(({ kind }) => kind);

const ask: ListedOrder = {
  type: "limit",
  side: "sell",
  price: "103",
  quantity: "1",
  postOnly: "reject",
};
const stop: ListedOrder = {
  type: "market",
  side: "sell",
  quantity: "1",
  trigger: "stop",
  triggerPrice: "99",
};

describe("one cancels the other", () => {
  const pair: OrderList = { contingency: "oco", orders: [ask, stop] };

  test("and both are placed", () => {
    const book = opened();
    expect(book.placeList(pair)).toEqual({
      ok: true,
      listId: 3,
      orders: [
        {
          order: {
            orderId: 3,
            side: "sell",
            status: "resting",
            filled: "0.000",
            remaining: "1.000",
          },
          trades: [],
        },
        {
          order: {
            orderId: 4,
            side: "sell",
            status: "waiting",
            filled: "0.000",
            remaining: "1.000",
          },
          trades: [],
        },
      ],
    });
    expect(kinds(book)).toEqual(["list_accepted", "accepted", "accepted", "level_changed"]);
    expect(book.events[0]).toEqual({
      kind: "list_accepted",
      account: 1,
      listId: 3,
      contingency: "oco",
      sizing: "fixed",
      legs: 2,
    });
  });

  test("as soon as it trades", () => {
    const book = opened();
    book.placeList(pair);
    book.market({ side: "buy", quantity: "4", account: 9 });
    expect(book.events).toContainEqual(
      expect.objectContaining({ kind: "done", orderId: 4, reason: "list_ended" }),
    );
    expect(book.depth("sell")).toEqual([{ price: "103.00", quantity: "0.500", orders: 1 }]);
  });

  test("as soon as it is triggered", () => {
    const book = opened();
    book.placeList(pair);
    book.limit({ side: "buy", price: "99", quantity: "5", account: 9 });
    book.limit({ side: "sell", price: "99", quantity: "1", account: 8 });
    expect(book.events).toContainEqual(
      expect.objectContaining({ kind: "done", orderId: 3, reason: "list_ended" }),
    );
    expect(book.depth("buy")).toEqual([{ price: "99.00", quantity: "3.000", orders: 1 }]);
  });

  test("as soon as it is cancelled", () => {
    const book = opened();
    book.placeList(pair);
    expect(book.cancel(4)).toEqual({ ok: true, orderId: 4, cancelled: "1.000" });
    expect(book.cancel(3)).toMatchObject({ code: "order_unknown" });
  });
});

describe("one triggers the other", () => {
  const bid: ListedOrder = { type: "limit", side: "buy", price: "100", quantity: "1" };
  const exit: ListedOrder = { type: "limit", side: "sell", price: "104", quantity: "1" };

  test("as soon as it has traded in full", () => {
    const book = opened();
    expect(statuses(book, { contingency: "oto", orders: [bid, exit] })).toEqual([
      "resting",
      "pending",
    ]);
    book.limit({ side: "sell", price: "100", quantity: "0.4", account: 9 });
    expect(book.best("buy")).toBe("100.00");
    book.limit({ side: "sell", price: "100", quantity: "0.6", account: 9 });
    expect(kinds(book)).toEqual([
      ...["accepted", "trade", "done", "level_changed", "done"],
      ...["activated", "level_changed"],
    ]);
    expect(book.depth("sell").at(-1)).toEqual({ price: "104.00", quantity: "1.000", orders: 1 });
  });

  test("at once, if it trades in full when it comes in", () => {
    const taking = { ...bid, price: "101.50" };
    expect(statuses(opened(), { contingency: "oto", orders: [taking, exit] })).toEqual([
      "filled",
      "resting",
    ]);
  });

  test("and not at all if it ends otherwise", () => {
    const book = opened();
    book.placeList({ contingency: "oto", orders: [bid, exit] });
    book.cancel(3);
    expect(book.events).toContainEqual(
      expect.objectContaining({ kind: "done", orderId: 4, reason: "list_ended" }),
    );
  });

  test("with what it has received, also if it ends otherwise", () => {
    const book = opened();
    const unsized: ListedOrder = { type: "limit", side: "sell", price: "104" };
    book.placeList({ contingency: "oto", sizing: "received", orders: [bid, unsized] });
    book.limit({ side: "sell", price: "100", quantity: "0.4", account: 9 });
    expect(book.cancel(3)).toEqual({ ok: true, orderId: 3, cancelled: "0.600" });
    expect(book.events).toContainEqual(
      expect.objectContaining({ kind: "activated", orderId: 4, quantity: "0.400" }),
    );
  });

  test("with the sum that it has raised", () => {
    const book = opened();
    book.limit({ side: "buy", price: "100", quantity: "5", account: 9 });
    const sale: ListedOrder = { type: "limit", side: "sell", price: "100", quantity: "1" };
    const placed = book.placeList({
      contingency: "oto",
      sizing: "received",
      orders: [sale, { type: "market", side: "buy" }],
    });
    // 100 pay for 0.985 at 101.50.
    expect(placed).toMatchObject({
      listId: 4,
      orders: [{ order: { status: "filled" } }, { order: { filled: "0.985" } }],
    });
    expect(book.events).toContainEqual(
      expect.objectContaining({ kind: "activated", orderId: 5, quoteQuantity: "100.00000" }),
    );
  });

  test("or two, which then are a pair", () => {
    const book = opened();
    const list: OrderList = {
      contingency: "otoco",
      sizing: "received",
      orders: [
        { type: "limit", side: "buy", price: "101.50", quantity: "1.5" },
        { type: "limit", side: "sell", price: "110", postOnly: "reject" },
        { type: "market", side: "sell", trigger: "stop", triggerPrice: "95" },
      ],
    };
    expect(statuses(book, list)).toEqual(["filled", "resting", "waiting"]);
    expect(book.depth("sell").at(-1)).toEqual({ price: "110.00", quantity: "1.500", orders: 1 });
    book.cancel(4);
    expect(book.events).toContainEqual(
      expect.objectContaining({ kind: "done", orderId: 5, reason: "list_ended" }),
    );
  });
});

describe("a list is refused", () => {
  test.each<[string, object, object]>([
    [
      "for the decimals of one of its orders",
      { contingency: "oco", orders: [ask, { ...stop, triggerPrice: "x" }] },
      { code: "decimal_malformed", field: "triggerPrice", leg: 2 },
    ],
    [
      "for what one of its orders asks",
      { contingency: "oco", orders: [ask, { ...stop, quantity: "99999999" }] },
      { code: "quantity_above_maximum", field: "quantity", leg: 2 },
    ],
    [
      "for a pair that does not wait",
      { contingency: "oco", orders: [{ ...ask, postOnly: "slide" }, stop] },
      { code: "list_pair_must_wait", field: "legs", leg: 1 },
    ],
    [
      "for a size that is to come",
      { contingency: "oto", sizing: "received", orders: [ask, { ...stop, side: "buy" }] },
      { code: "list_sizing_out_of_place", field: "sizing", leg: 2 },
    ],
    [
      "for too few orders",
      { contingency: "oco", orders: [ask] },
      { code: "list_legs_wrong_in_number", field: "legs" },
    ],
    [
      "for too many orders",
      { contingency: "otoco", orders: [ask, ask, ask, stop] },
      { code: "list_legs_wrong_in_number", field: "legs" },
    ],
    [
      "for more orders than a pair has",
      { contingency: "oco", orders: [ask, ask, stop] },
      { code: "list_legs_wrong_in_number", field: "legs" },
    ],
    [
      "for an order of a type that is none",
      { contingency: "oco", orders: [ask, { ...stop, type: "moon" }] },
      { code: "order_type_unknown", field: "type", leg: 2 },
    ],
  ])("%s", (_, list, refusal) => {
    const book = opened();
    expect(book.placeList(list as OrderList)).toEqual({ ok: false, ...refusal });
    expect(book.limit({ side: "buy", price: "1", quantity: "1" })).toMatchObject({
      order: { orderId: 3 },
    });
  });

  test("with names that are none it throws", () => {
    const strange = { contingency: "toString", orders: [ask, stop] } as unknown as OrderList;
    expect(() => opened().placeList(strange)).toThrow(RangeError);
  });
});

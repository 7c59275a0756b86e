import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hmac, NativeClient } from "../testing/clients.ts";
import {
  ALICE,
  BOB,
  openTestExchange,
  READER,
  type TestExchange,
} from "../testing/test-exchange.ts";
import { type Message, WebSocketClient } from "../testing/web-socket-client.ts";

let exchange: TestExchange;
let alice: NativeClient;
let bob: NativeClient;

beforeAll(async () => {
  exchange = await openTestExchange();
  alice = new NativeClient(exchange.http, ALICE);
  bob = new NativeClient(exchange.http, BOB);
  await trade("60000");
});
afterAll(() => exchange.stop());
afterEach(async () => {
  await alice.request("DELETE", "/v1/orders");
  await bob.request("DELETE", "/v1/orders");
  await trade("60000");
});

const order = (side: string, price: string | undefined, quantity: string, more: object = {}) => ({
  market: "BTC-USDT",
  side,
  type: "limit",
  ...(price === undefined ? {} : { price }),
  quantity,
  ...more,
});

const trade = async (price: string): Promise<void> => {
  await bob.request("POST", "/v1/orders", order("sell", price, "0.001"));
  await bob.request("POST", "/v1/orders", order("buy", price, "0.001"));
};

const place = async (client: NativeClient, body: object) =>
  (await client.request("POST", "/v1/orders", body)).json;

const asked = async (client: NativeClient, id: string) =>
  (await client.request("GET", `/v1/orders/${id}`)).json;

const HOUR = 3_600_000;

describe("an order says all that the engine understands, and shows it as it was said", () => {
  test.each([
    ["post-only", order("sell", "61000", "1", { postOnly: "reject" }), "resting"],
    ["post-only that slides", order("sell", "61000", "1", { postOnly: "slide" }), "resting"],
    ["an iceberg", order("sell", "61000", "1", { displayQuantity: "0.10000" }), "resting"],
    ["hidden", order("sell", "61000", "1", { hidden: true }), "resting"],
    ["self-trade prevention", order("sell", "61000", "1", { selfTrade: "decrement" }), "resting"],
    ["for the day", order("sell", "61000", "1", { timeInForce: "day" }), "resting"],
    ["at the close", order("sell", "61000", "1", { timeInForce: "at_close" }), "waiting"],
    [
      "till a time",
      order("sell", "61000", "1", {
        timeInForce: "gtd",
        expiresAt: new Date(Date.now() + HOUR).toISOString(),
      }),
      "resting",
    ],
    [
      "a stop by mark price",
      order("sell", "58000.00", "1", {
        trigger: "stop",
        triggerPrice: "59000.00",
        triggerOn: "mark",
      }),
      "waiting",
    ],
    [
      "a take-profit by market",
      order("sell", undefined, "1", {
        type: "market",
        trigger: "take_profit",
        triggerPrice: "61000.00",
      }),
      "waiting",
    ],
    [
      "a trailing stop",
      order("sell", "50000", "1", {
        trigger: "trailing_stop",
        trailingOffset: "500.00",
        activationPrice: "60500.00",
      }),
      "waiting",
    ],
    [
      "a trailing stop by basis points",
      order("sell", "50000", "1", { trigger: "trailing_stop", trailingBasisPoints: 150 }),
      "waiting",
    ],
    ["all or none", order("buy", "61000", "1", { allOrNone: true }), "waiting"],
    ["pegged", order("buy", "59000", "1", { peg: "mid", pegOffset: "1.00" }), "waiting"],
  ])("%s", async (_, body, state) => {
    const placed = await place(alice, body);
    const { market: __, price: ___, quantity: ____, ...said } = body;
    expect(placed.order).toMatchObject({ ...said, state, status: "open" });
    expect(await asked(alice, placed.order.id)).toMatchObject({ ...said, state });
  });

  test("what must trade at once, and market-to-limit", async () => {
    await place(bob, order("sell", "61000", "0.3"));
    const minimum = order("buy", "61000", "1", { minQuantity: "0.40000" });
    expect((await place(alice, minimum)).order).toMatchObject({
      status: "expired",
      reason: "minimum_unfilled",
    });
    const converting = order("buy", undefined, "0.5", { type: "market_to_limit" });
    expect((await place(alice, converting)).order).toMatchObject({
      price: "61000.00",
      executedQuantity: "0.30000",
      status: "open",
    });
    const slipping = order("sell", undefined, "0.1", { type: "market", slippage: "10.00" });
    expect((await place(bob, slipping)).order).toMatchObject({
      price: "60990.00",
      status: "filled",
      slippage: "10.00",
    });
  });

  test("a stop that is triggered trades", async () => {
    const stop = { type: "market", trigger: "stop", triggerPrice: "59000.00" };
    const { order: waiting } = await place(alice, order("sell", undefined, "0.2", stop));
    await place(bob, order("buy", "59000", "1"));
    await place(bob, order("sell", "59000", "0.1"));
    expect(await asked(alice, waiting.id)).toMatchObject({ status: "filled" });
  });

  test("an order's own fills are told, not those of the stops that it triggers", async () => {
    const stop = { type: "market", trigger: "stop", triggerPrice: "59000.00" };
    await place(alice, order("sell", undefined, "0.2", stop));
    await place(alice, order("buy", "59000", "1"));
    const { order: taker, fills } = await place(bob, order("sell", "59000", "0.1"));
    expect(taker).toMatchObject({ status: "filled", executedQuantity: "0.10000" });
    expect(fills).toMatchObject([{ price: "59000.00", quantity: "0.10000" }]);
  });
});

describe("an order is refused", () => {
  test.each([
    [{ tradeGroup: 7 }, 400, "field_unknown", "tradeGroup"],
    [{ displayQuantity: "0" }, 422, "display_quantity_out_of_range", "displayQuantity"],
    [{ displayQuantity: "1" }, 422, "display_quantity_out_of_range", "displayQuantity"],
    [{ trigger: "stop" }, 422, "trigger_price_out_of_range", "triggerPrice"],
    [{ trigger: "stop", triggerPrice: "1.001" }, 422, "trigger_price_out_of_range", "triggerPrice"],
    [{ trailingBasisPoints: 100 }, 422, "trailing_distance_out_of_range", "trailingOffset"],
    [{ timeInForce: "gtd" }, 422, "expiry_without_gtd", "expiresAt"],
    [{ timeInForce: "gtd", expiresAt: "1000" }, 422, "expiry_not_in_future", "expiresAt"],
    [{ postOnly: "maybe" }, 400, "field_invalid", "postOnly"],
    [{ timeInForce: "ioc", postOnly: "reject" }, 422, "post_only_must_rest", "postOnly"],
    [{ type: "market_to_limit" }, 400, "field_not_wanted", "price"],
    [{ price: "59000", postOnly: "reject" }, 422, "would_take", "postOnly"],
    [
      { trigger: "stop", triggerPrice: "99999999.99" },
      422,
      "trigger_price_out_of_range",
      "triggerPrice",
    ],
    [{ pegOffset: "1.00" }, 422, "peg_offset_out_of_range", "pegOffset"],
  ])("with %j", async (change, status, code, field) => {
    await place(bob, order("buy", "59500", "0.1"));
    const answer = await alice.request("POST", "/v1/orders", {
      ...order("sell", "61000", "1"),
      ...change,
    });
    expect(answer.json).toMatchObject({ status, code, field, executed: "no", retryable: false });
    expect((await alice.request("GET", "/v1/orders")).json.orders).toEqual([]);
  });
});

describe("a batch", () => {
  test("places what it can, in order, and says of each what became of it", async () => {
    const { status, json } = await alice.request("POST", "/v1/orders/batch", {
      orders: [
        order("sell", "61000", "1", { clientOrderId: "batch-1" }),
        order("sell", "61000.001", "1"),
        { side: "sell" },
        order("sell", "61001", "1"),
      ],
    });
    expect(status).toBe(200);
    expect(json.results).toMatchObject([
      { order: { clientOrderId: "batch-1", status: "open" }, fills: [] },
      { problem: { code: "price_off_increment", field: "price", executed: "no" } },
      { problem: { code: "field_missing", field: "market" } },
      { order: { price: "61001.00" } },
    ]);
    const [first, , , last] = json.results;
    expect(Number(last.order.id)).toBe(Number(first.order.id) + 1);
    const none = await alice.request("POST", "/v1/orders/batch", { orders: [] });
    expect(none.json).toMatchObject({ code: "field_invalid", field: "orders" });
  });
});

describe("an amendment", () => {
  test("of the quantity keeps the place, of the price does not", async () => {
    const first = await place(alice, order("sell", "61000", "1"));
    await place(bob, order("sell", "61000", "1"));
    const path = `/v1/orders/${first.order.id}`;
    const less = await alice.request("PATCH", path, { quantity: "0.5" });
    expect(less.json.order).toMatchObject({ id: first.order.id, quantity: "0.50000" });
    expect((await place(bob, order("buy", "61000", "0.1"))).fills).toHaveLength(1);
    expect(await asked(alice, first.order.id)).toMatchObject({ executedQuantity: "0.10000" });
    const dearer = await alice.request("PATCH", path, { price: "62000" });
    expect(dearer.json.order).toMatchObject({ price: "62000.00", quantity: "0.50000" });
    const both = await alice.request("PATCH", path, { price: "61500", quantity: "0.7" });
    expect(both.json.order).toMatchObject({ price: "61500.00", quantity: "0.70000" });
  });

  test("is refused for what is not there, waits, is done, and for nothing", async () => {
    const stop = { trigger: "stop", triggerPrice: "59000.00" };
    const waiting = await place(alice, order("sell", "58000", "1", stop));
    const gone = await place(alice, order("sell", "60000", "1", { timeInForce: "ioc" }));
    const resting = await place(alice, order("sell", "61000", "1"));
    const refusals: [string, object, number, string, string][] = [
      ["999999", { quantity: "1" }, 404, "order_unknown", "id"],
      ["x", { quantity: "1" }, 400, "field_invalid", "id"],
      [waiting.order.id, { quantity: "0.5" }, 409, "order_is_waiting", "orderId"],
      [gone.order.id, { quantity: "0.5" }, 409, "order_not_open", "id"],
      [resting.order.id, {}, 400, "field_missing", "price"],
      [resting.order.id, { id: "7", quantity: "1" }, 400, "field_unknown", "id"],
      [resting.order.id, { price: "99999999999.99" }, 422, "price_above_maximum", "price"],
      [resting.order.id, { price: "61000.001" }, 422, "price_off_increment", "price"],
      [resting.order.id, { quantity: "100" }, 422, "balance_below_hold", "quantity"],
    ];
    for (const [id, body, status, code, field] of refusals) {
      const answer = await alice.request("PATCH", `/v1/orders/${id}`, body);
      expect(answer.json).toMatchObject({ status, code, field });
    }
  });
});

describe("a replacement", () => {
  const terms = { side: "sell", type: "limit", price: "62000", quantity: "0.5" };

  test("is both or neither", async () => {
    const old = await place(alice, order("sell", "61000", "1", { clientOrderId: "mine" }));
    const path = `/v1/orders/${old.order.id}/replace`;
    const tooMuch = await alice.request("POST", path, { ...terms, quantity: "100" });
    expect(tooMuch.json).toMatchObject({ code: "balance_below_hold", needed: "100.00000000" });
    expect(await asked(alice, old.order.id)).toMatchObject({ status: "open" });

    const body = { ...terms, clientOrderId: "mine" };
    const first = await alice.request("POST", path, body);
    expect(first.status).toBe(201);
    expect(first.json).toMatchObject({
      cancelled: { order: { id: old.order.id, status: "cancelled" } },
      placed: { order: { clientOrderId: "mine", price: "62000.00", status: "open" }, fills: [] },
    });
    const again = await alice.request("POST", path, body);
    expect(again.status).toBe(200);
    expect(again.json).toEqual(first.json);
    const other = await alice.request("POST", path, { ...body, quantity: "0.6" });
    expect(other.json).toMatchObject({ code: "command_id_conflict", field: "clientOrderId" });
  });

  test("or what can be done of it", async () => {
    const old = await place(alice, order("sell", "61000", "1"));
    await alice.request("DELETE", `/v1/orders/${old.order.id}`);
    const path = `/v1/orders/${old.order.id}/replace`;
    const stopped = await alice.request("POST", path, terms);
    expect(stopped.json).toMatchObject({ status: 409, code: "order_not_open" });
    const allowed = await alice.request("POST", path, { ...terms, onFailure: "allow" });
    expect(allowed.json).toMatchObject({
      cancelled: { problem: { code: "order_unknown" } },
      placed: { order: { status: "open" } },
    });
  });
});

describe("cancels", () => {
  test("of one side, and of many by their names", async () => {
    await place(alice, order("sell", "61000", "0.1", { clientOrderId: "a" }));
    await place(alice, order("sell", "61001", "0.1", { clientOrderId: "b" }));
    await place(alice, order("buy", "50000", "0.1", { clientOrderId: "c" }));
    const bids = await alice.request("DELETE", "/v1/orders?market=BTC-USDT&side=buy");
    expect(bids.json.orders).toMatchObject([{ clientOrderId: "c", status: "cancelled" }]);
    const { json } = await alice.request("POST", "/v1/orders/cancel", {
      ids: ["client:a", "999999", "client:b"],
    });
    expect(json.results).toMatchObject([
      { order: { clientOrderId: "a", status: "cancelled" } },
      { problem: { code: "order_unknown", status: 404 } },
      { order: { clientOrderId: "b", status: "cancelled" } },
    ]);
    expect((await alice.request("DELETE", "/v1/orders?side=buy")).json.orders).toEqual([]);
  });

  test("of all, unless the switch is set again in time", async () => {
    const resting = await place(alice, order("sell", "61000", "0.1"));
    const set = await alice.request("POST", "/v1/cancel-after", { timeoutMs: 60_000 });
    expect(Date.parse(set.json.cancelAt) - Date.now()).toBeGreaterThan(50_000);
    await alice.request("POST", "/v1/cancel-after", { timeoutMs: 50 });
    await expect.poll(async () => (await asked(alice, resting.order.id)).status).toBe("cancelled");
    const off = await alice.request("POST", "/v1/cancel-after", { timeoutMs: 0 });
    expect(off.json).toEqual({ cancelAt: null });
    const odd = await alice.request("POST", "/v1/cancel-after", { timeoutMs: -1 });
    expect(odd.json).toMatchObject({ code: "field_invalid", field: "timeoutMs" });
  });
});

describe("a list", () => {
  const { market: _, ...profit } = order("sell", "62000", "0.5", { postOnly: "reject" });
  const loss = {
    side: "sell",
    type: "market",
    quantity: "0.5",
    trigger: "stop",
    triggerPrice: "59000",
  };
  const oco = {
    market: "BTC-USDT",
    contingency: "oco",
    clientListId: "pair",
    orders: [{ ...profit, clientOrderId: "profit" }, loss],
  };

  test("is placed once, shown, and cancelled as a whole", async () => {
    const first = await alice.request("POST", "/v1/order-lists", oco);
    expect(first.status).toBe(201);
    const { list } = first.json;
    expect(list).toMatchObject({
      id: list.orders[0].id,
      clientListId: "pair",
      contingency: "oco",
      market: "BTC-USDT",
      status: "open",
      orders: [
        { clientOrderId: "profit", state: "resting", listId: list.id },
        { state: "waiting", trigger: "stop", listId: list.id },
      ],
    });
    const again = await alice.request("POST", "/v1/order-lists", oco);
    expect([again.status, again.json]).toEqual([200, first.json]);
    expect((await alice.request("GET", "/v1/order-lists")).json.lists).toEqual([list]);
    const path = `/v1/order-lists/${list.id}`;
    expect((await alice.request("GET", path)).json).toEqual(list);
    const cancelled = await alice.request("DELETE", path);
    expect(cancelled.json.list).toMatchObject({
      status: "closed",
      orders: [{ reason: "list_ended" }, { reason: "cancelled" }],
    });
    const twice = await alice.request("DELETE", path);
    expect(twice.json).toMatchObject({ status: 409, code: "order_list_not_open" });
    const closed = await alice.request("GET", "/v1/order-lists?status=closed");
    expect(closed.json.lists).toHaveLength(1);
    expect((await bob.request("GET", path)).json).toMatchObject({ code: "order_list_unknown" });
  });

  test("sells what its working order has bought", async () => {
    const working = { side: "buy", type: "limit", price: "59500", quantity: "0.5" };
    const { quantity: __, ...unsized } = profit;
    const { quantity: ___, ...unsizedLoss } = loss;
    const { json } = await alice.request("POST", "/v1/order-lists", {
      market: "BTC-USDT",
      contingency: "otoco",
      sizing: "received",
      orders: [working, unsized, unsizedLoss],
    });
    const [buy, sell, stop] = json.list.orders;
    expect(sell).toMatchObject({ state: "pending", quantity: null });
    await place(bob, order("sell", "59500", "0.3"));
    await alice.request("DELETE", `/v1/orders/${buy.id}`);
    expect(await asked(alice, sell.id)).toMatchObject({ state: "resting", quantity: "0.30000" });
    expect(await asked(alice, stop.id)).toMatchObject({ state: "waiting", quantity: "0.30000" });
    // Cancelled as a whole, what it has sold is not sold again.
    const ended = await alice.request("DELETE", `/v1/order-lists/${json.list.id}`);
    expect(ended.json.list.status).toBe("closed");
  });

  test("bounds what is pending by where its working order trades, however far that one's limit is", async () => {
    await place(bob, order("sell", "60000", "0.2"));
    await place(bob, order("buy", "59000", "0.2"));
    const working = { side: "buy", type: "limit", price: "70000", quantity: "0.1" };
    const raising = { side: "sell", type: "market", quoteQuantity: "1180" };
    const { json } = await alice.request("POST", "/v1/order-lists", {
      market: "BTC-USDT",
      contingency: "oto",
      orders: [working, raising],
    });
    // 5 % below the best bid; of the limit it would have been 66,500, where nobody buys.
    expect(json.list.orders[1]).toMatchObject({
      price: "56050.00",
      status: "filled",
      executedQuoteQuantity: "1180.00000000",
    });
  });

  test("with only a name of its own is the same when it is sent again, though the market has moved", async () => {
    const body = {
      market: "BTC-USDT",
      contingency: "oto",
      clientListId: "only-name",
      orders: [
        { side: "sell", type: "limit", price: "50000", quantity: "0.1" },
        { side: "buy", type: "market", quantity: "0.1" },
      ],
    };
    await place(bob, order("buy", "59000", "0.1"));
    await place(bob, order("sell", "60000", "0.2"));
    const first = await alice.request("POST", "/v1/order-lists", body);
    expect(first.json.list.orders[1]).toMatchObject({ price: "63000.00", status: "filled" });
    await place(bob, order("sell", "59500", "0.2"));
    const again = await alice.request("POST", "/v1/order-lists", body);
    expect([again.status, again.json.list]).toEqual([200, first.json.list]);
    const other = { ...body, orders: [body.orders[0], { ...body.orders[1], quantity: "0.2" }] };
    expect((await alice.request("POST", "/v1/order-lists", other)).json).toMatchObject({
      status: 409,
      code: "command_id_conflict",
    });
  });

  test.each([
    [{ contingency: "otoco" }, 422, "list_legs_wrong_in_number", "legs"],
    [{ orders: [profit] }, 400, "field_invalid", "orders"],
    [{ orders: [profit, profit] }, 422, "list_pair_must_wait", "orders.1.legs"],
    [
      { orders: [profit, { ...loss, price: "0.001" }] },
      422,
      "price_off_increment",
      "orders.1.price",
    ],
    [
      { orders: [{ ...profit, quantity: "50" }, loss] },
      422,
      "balance_below_hold",
      "orders.0.quantity",
    ],
    [{ orders: [profit, { ...loss, tradeGroup: 1 }] }, 400, "field_unknown", "orders.1.tradeGroup"],
  ])("is refused with %j", async (change, status, code, field) => {
    const answer = await alice.request("POST", "/v1/order-lists", {
      ...oco,
      clientListId: "refused",
      ...change,
    });
    expect(answer.json).toMatchObject({ status, code, field });
    expect((await alice.request("GET", "/v1/orders")).json.orders).toEqual([]);
  });
});

describe("what is closed is read page by page", () => {
  test("and stays where it was while more is closed", async () => {
    const ids: string[] = [];
    for (const price of ["50001", "50002", "50003", "50004", "50005"]) {
      ids.push((await place(bob, order("buy", price, "0.001"))).order.id);
    }
    // The oldest is done last.
    for (const id of [...ids].reverse()) await bob.request("DELETE", `/v1/orders/${id}`);
    const page = async (query: string) =>
      (await bob.request("GET", `/v1/orders?status=closed&${query}`)).json;
    const idsOf = ({ orders }: Message): string[] => orders.map(({ id }: Message) => id);

    const first = await page("limit=2");
    expect(idsOf(first)).toEqual(ids.slice(0, 2));
    await place(bob, order("buy", "50006", "0.001", { timeInForce: "ioc" }));
    const second = await page(`limit=3&cursor=${first.nextCursor}`);
    expect(idsOf(second)).toEqual(ids.slice(2));
    const rest: string[] = [];
    for (let cursor = second.nextCursor; cursor !== null; ) {
      const next = await page(`limit=3&cursor=${cursor}`);
      rest.push(...idsOf(next));
      cursor = next.nextCursor;
    }
    expect(new Set([...ids, ...rest]).size).toBe(ids.length + rest.length);
    expect((await bob.request("GET", "/v1/orders?cursor=1.1")).json).toMatchObject({
      code: "field_not_wanted",
      field: "cursor",
    });
    expect(await page("cursor=x")).toMatchObject({ code: "field_invalid", field: "cursor" });
  });
});

test("an account is told what it pays", async () => {
  const { json } = await alice.request("GET", "/v1/fees");
  expect(json.fees).toEqual([
    { market: "BTC-USDT", makerFeePpm: 1_000, takerFeePpm: 1_000, paidIn: "received" },
    { market: "ETH-USDT", makerFeePpm: 1_000, takerFeePpm: 1_000, paidIn: "received" },
  ]);
});

describe("over a WebSocket", () => {
  const connect = async (key: typeof ALICE): Promise<WebSocketClient> => {
    const client = await WebSocketClient.open(`${exchange.webSocket}/v1/ws`);
    const timestamp = String(Date.now());
    const signature = hmac(key.secret, `${timestamp}GET/v1/ws`);
    client.send({ id: "auth", op: "auth", key: key.apiKey, timestamp, signature });
    await client.next(({ id }) => id === "auth");
    return client;
  };

  const ask = async (client: WebSocketClient, op: string, body: object): Promise<Message> => {
    const id = `${op} ${client.heard.length}`;
    client.send({ id, op, body });
    return client.next((message) => message.id === id);
  };

  test("orders are entered as by REST", async () => {
    const client = await connect(ALICE);
    const placed = await ask(client, "place", order("sell", "61000", "1", { clientOrderId: "ws" }));
    expect(placed).toMatchObject({
      type: "result",
      op: "place",
      result: { order: { clientOrderId: "ws", status: "open" }, fills: [] },
    });
    const { id } = placed.result.order;
    expect(await ask(client, "amend", { id, quantity: "0.5" })).toMatchObject({
      result: { order: { quantity: "0.50000" } },
    });
    const terms = { side: "sell", type: "limit", price: "62000", quantity: "0.1" };
    const replaced = await ask(client, "replace", { id: "client:ws", ...terms });
    expect(replaced.result.placed.order).toMatchObject({ price: "62000.00" });
    const batch = await ask(client, "place_batch", { orders: [order("buy", "50000", "0.1")] });
    expect(batch.result.results).toHaveLength(1);
    const loss = { ...terms, trigger: "stop", triggerPrice: "59000", price: "58000" };
    const list = await ask(client, "place_list", {
      market: "BTC-USDT",
      contingency: "oco",
      orders: [{ ...terms, postOnly: "reject" }, loss],
    });
    expect(list.result.list).toMatchObject({ status: "open" });
    const ended = await ask(client, "cancel_list", { id: list.result.list.id });
    expect(ended.result.list).toMatchObject({ status: "closed" });
    const one = await ask(client, "cancel", { id: replaced.result.placed.order.id });
    expect(one.result.order).toMatchObject({ status: "cancelled" });
    const many = await ask(client, "cancel_many", { ids: ["999999"] });
    expect(many.result.results).toMatchObject([{ problem: { code: "order_unknown" } }]);
    const all = await ask(client, "cancel_all", {});
    expect(all.result.orders).toMatchObject([{ price: "50000.00" }]);
    expect(await ask(client, "cancel_after", { timeoutMs: 0 })).toMatchObject({
      result: { cancelAt: null },
    });
    expect(await ask(client, "place", order("sell", "61000", "100"))).toMatchObject({
      type: "error",
      code: "balance_below_hold",
      executed: "no",
    });
    await client.close();
  });

  test("many at once come in the order in which they were sent", async () => {
    const client = await connect(ALICE);
    const prices = Array.from({ length: 20 }, (_, index) => `${61_000 + index}.00`);
    for (const price of prices) {
      client.send({ id: price, op: "place", body: order("sell", price, "0.01") });
    }
    const answers: Message[] = [];
    while (answers.length < prices.length) {
      answers.push(await client.next(({ type }) => type === "result"));
    }
    const placed = answers.map(({ id, result }) => [Number(result.order.id), id]);
    placed.sort(([one], [other]) => Number(one) - Number(other));
    expect(placed.map(([, price]) => price)).toEqual(prices);
    await client.close();
  });

  test("orders end with the connection, if that was asked for", async () => {
    const open = async () => (await alice.request("GET", "/v1/orders")).json.orders.length;
    const guarded = await connect(ALICE);
    guarded.send({ id: "on", op: "cancel_on_disconnect", enabled: true });
    expect(await guarded.next(({ id }) => id === "on")).toMatchObject({
      op: "cancel_on_disconnect",
      result: { enabled: true },
    });
    await ask(guarded, "place", order("sell", "61000", "0.1"));
    // Sent, but not answered when the connection breaks.
    guarded.send({ id: "late", op: "place", body: order("sell", "61001", "0.1") });
    guarded.webSocket.close();
    await expect.poll(open).toBe(0);

    const unguarded = await connect(ALICE);
    unguarded.send({ id: "on", op: "cancel_on_disconnect", enabled: true });
    unguarded.send({ id: "off", op: "cancel_on_disconnect", enabled: false });
    await unguarded.next(({ id }) => id === "off");
    await ask(unguarded, "place", order("sell", "61000", "0.1"));
    await unguarded.close();
    expect(await open()).toBe(1);

    const reader = await connect(READER);
    reader.send({ id: "on", op: "cancel_on_disconnect", enabled: true });
    expect(await reader.next(({ id }) => id === "on")).toMatchObject({ status: 403 });
    await reader.close();
  });

  test("only by whoever has said who they are, and may trade", async () => {
    const nobody = await WebSocketClient.open(`${exchange.webSocket}/v1/ws`);
    expect(await ask(nobody, "place", order("sell", "61000", "1"))).toMatchObject({
      type: "error",
      code: "not_authenticated",
      status: 401,
    });
    const reader = await connect(READER);
    expect(await ask(reader, "cancel_all", {})).toMatchObject({
      code: "permission_missing",
      status: 403,
    });
    await nobody.close();
    await reader.close();
  });
});

import { encodeVenueCommand, type OperatorRequest } from "@pincex/venue";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { BinanceClient, type Pairs } from "../testing/clients.ts";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";

let exchange: TestExchange;
let alice: BinanceClient;
let bob: BinanceClient;

beforeAll(async () => {
  exchange = await openTestExchange();
  alice = new BinanceClient(exchange.http, ALICE);
  bob = new BinanceClient(exchange.http, BOB);
  await lastPriceIs("60000");
});
afterAll(() => exchange.stop());
afterEach(async () => {
  await alice.request("DELETE", "/api/v3/openOrders", { symbol: "BTCUSDT" });
  await bob.request("DELETE", "/api/v3/openOrders", { symbol: "BTCUSDT" });
  await lastPriceIs("60000");
});

const symbol = "BTCUSDT";

const place = async (client: BinanceClient, pairs: Pairs) =>
  (await client.post("/api/v3/order", { symbol, ...pairs })).json;

const limit = (side: string, price: string, quantity: string, more: Pairs = {}): Pairs => ({
  side,
  type: "LIMIT",
  timeInForce: "GTC",
  price,
  quantity,
  ...more,
});

const asked = async (client: BinanceClient, orderId: number) =>
  (await client.request("GET", "/api/v3/order", { symbol, orderId })).json;

/** Alice and Bob trade at that price. */
const lastPriceIs = async (price: string): Promise<void> => {
  await place(alice, limit("SELL", price, "0.001"));
  await place(bob, limit("BUY", price, "0.001"));
};

const operate = async (request: OperatorRequest): Promise<void> => {
  await exchange.venue.submit(encodeVenueCommand({ kind: "market_command", request }));
};

describe("a limit maker", () => {
  test("rests", async () => {
    const terms = { side: "SELL", type: "LIMIT_MAKER", price: "61000", quantity: "0.1" };
    const order = await place(alice, terms);
    expect(order).toMatchObject({ type: "LIMIT_MAKER", status: "NEW", timeInForce: "GTC" });
    expect(await asked(alice, order.orderId)).toMatchObject({ type: "LIMIT_MAKER" });
  });

  test("is refused if it would take", async () => {
    await place(alice, limit("SELL", "61000", "0.1"));
    const terms = { side: "BUY", type: "LIMIT_MAKER", price: "61000", quantity: "0.1" };
    expect(await place(bob, terms)).toMatchObject({
      code: -2010,
      msg: "Order would immediately match and take.",
      reason: "would_take",
    });
  });
});

describe("an order that waits for a price", () => {
  const waiting: [string, Pairs, string, object][] = [
    [
      "STOP_LOSS SELL",
      { side: "SELL", type: "STOP_LOSS", quantity: "0.1", stopPrice: "59000" },
      "59000",
      { stopPrice: "59000.00", price: "0.00" },
    ],
    [
      "STOP_LOSS BUY",
      { side: "BUY", type: "STOP_LOSS", quantity: "0.1", stopPrice: "61000" },
      "61000",
      { stopPrice: "61000.00", price: "0.00" },
    ],
    [
      "STOP_LOSS_LIMIT BUY",
      { ...limit("BUY", "62000", "0.1"), type: "STOP_LOSS_LIMIT", stopPrice: "61000" },
      "61000",
      { stopPrice: "61000.00", price: "62000.00" },
    ],
    [
      "TAKE_PROFIT SELL",
      { side: "SELL", type: "TAKE_PROFIT", quantity: "0.1", stopPrice: "61000" },
      "61000",
      { stopPrice: "61000.00" },
    ],
    [
      "TAKE_PROFIT_LIMIT BUY",
      { ...limit("BUY", "59000", "0.1"), type: "TAKE_PROFIT_LIMIT", stopPrice: "59000" },
      "59000",
      { stopPrice: "59000.00", price: "59000.00" },
    ],
    [
      "STOP_LOSS SELL, trailing by 1 %",
      { side: "SELL", type: "STOP_LOSS", quantity: "0.1", trailingDelta: 100 },
      "59400",
      { trailingDelta: 100 },
    ],
    [
      "TAKE_PROFIT_LIMIT SELL that trails from a price on",
      {
        ...limit("SELL", "58000", "0.1"),
        type: "TAKE_PROFIT_LIMIT",
        stopPrice: "60000",
        trailingDelta: 100,
      },
      "59400",
      { trailingDelta: 100, stopPrice: "60000.00" },
    ],
  ];

  test.each(waiting)("%s", async (_, terms, trigger, shown) => {
    const order = await place(alice, terms);
    const type = terms["type"];
    expect(order).toMatchObject({ type, status: "NEW", workingTime: -1, ...shown });
    expect(await asked(alice, order.orderId)).toMatchObject({
      type,
      isWorking: false,
      workingTime: -1,
      ...shown,
    });
    // Somebody else is there to trade with, once it is triggered.
    await place(bob, limit(terms["side"] === "SELL" ? "BUY" : "SELL", trigger, "1"));
    await place(alice, limit(terms["side"] as string, trigger, "0.001"));
    expect(await asked(alice, order.orderId)).toMatchObject({
      type,
      status: "FILLED",
      executedQty: "0.10000",
      isWorking: true,
      workingTime: expect.any(Number),
    });
  });

  test("is refused if the price is reached already", async () => {
    for (const terms of [
      { side: "SELL", type: "STOP_LOSS", stopPrice: "60000" },
      { side: "BUY", type: "STOP_LOSS", stopPrice: "59999" },
      { side: "SELL", type: "TAKE_PROFIT", stopPrice: "59000" },
      { side: "BUY", type: "TAKE_PROFIT", stopPrice: "60000" },
    ]) {
      expect(await place(alice, { ...terms, quantity: "0.1" })).toMatchObject({
        code: -2010,
        msg: "Stop price would trigger immediately.",
        reason: "trigger_price_reached",
      });
    }
  });

  test("by market holds 5 % beyond the price that it waits for, and meets nothing worse", async () => {
    const terms = { side: "BUY", type: "STOP_LOSS", quantity: "1", stopPrice: "61000" };
    const order = await place(alice, terms);
    const { json } = await alice.request("GET", "/api/v3/account");
    const [usdt] = json.balances.filter(({ asset }: { asset: string }) => asset === "USDT");
    expect(usdt.locked).toBe("64050.00000000");
    await place(bob, limit("SELL", "61000", "0.001"));
    await place(bob, limit("SELL", "64050.01", "1"));
    await place(alice, limit("BUY", "61000", "0.001"));
    expect(await asked(alice, order.orderId)).toMatchObject({ status: "EXPIRED" });
  });
});

test("an iceberg shows a part", async () => {
  const order = await place(alice, limit("SELL", "61000", "1", { icebergQty: "0.1" }));
  expect(order).toMatchObject({ type: "LIMIT", icebergQty: "0.10000", origQty: "1.00000" });
  const depth = await bob.request("GET", "/api/v3/depth", { symbol });
  expect(depth.json.asks).toEqual([["61000.00", "0.10000"]]);
});

describe("self-trade prevention", () => {
  test.each([
    ["EXPIRE_TAKER", "EXPIRED_IN_MATCH", "NEW"],
    ["EXPIRE_MAKER", "EXPIRED", "EXPIRED_IN_MATCH"],
    ["EXPIRE_BOTH", "EXPIRED_IN_MATCH", "EXPIRED_IN_MATCH"],
    ["DECREMENT", "EXPIRED_IN_MATCH", "EXPIRED_IN_MATCH"],
    ["NONE", "FILLED", "FILLED"],
  ])("%s", async (selfTradePreventionMode, takerStatus, makerStatus) => {
    const maker = await place(alice, limit("SELL", "61000", "0.1"));
    const mode = { selfTradePreventionMode, timeInForce: "IOC" };
    const taker = await place(alice, limit("BUY", "61000", "0.1", mode));
    expect(taker).toMatchObject({ status: takerStatus, selfTradePreventionMode });
    expect(await asked(alice, taker.orderId)).toMatchObject({ status: takerStatus });
    expect(await asked(alice, maker.orderId)).toMatchObject({ status: makerStatus });
  });
});

describe("an amended order", () => {
  const amend = async (pairs: Pairs) =>
    alice.request("PUT", "/api/v3/order/amend/keepPriority", { symbol, ...pairs });

  test("has less and keeps its place", async () => {
    const { orderId } = await place(alice, limit("SELL", "61000", "0.5"));
    await place(bob, limit("SELL", "61000", "0.5"));
    const { json } = await amend({ orderId, newQty: "0.3", newClientOrderId: "another" });
    expect(json).toEqual({
      transactTime: expect.any(Number),
      executionId: expect.any(Number),
      amendedOrder: {
        symbol,
        orderId,
        orderListId: -1,
        origClientOrderId: `pincex-${orderId}`,
        clientOrderId: `pincex-${orderId}`,
        price: "61000.00",
        qty: "0.30000",
        executedQty: "0.00000",
        preventedQty: "0.00000",
        quoteOrderQty: "0.00000000",
        cumulativeQuoteQty: "0.00000000",
        status: "NEW",
        timeInForce: "GTC",
        type: "LIMIT",
        side: "SELL",
        workingTime: expect.any(Number),
        selfTradePreventionMode: "NONE",
      },
    });
    await place(bob, limit("BUY", "61000", "0.3", { selfTradePreventionMode: "EXPIRE_MAKER" }));
    expect(await asked(alice, orderId)).toMatchObject({ status: "FILLED" });
  });

  test("is refused more, the same, and what is not there or waits", async () => {
    const { orderId } = await place(alice, limit("SELL", "61000", "0.5"));
    const refusals: [Pairs, number, string][] = [
      [{ orderId, newQty: "0.6" }, -2038, "Order amend (quantity increase) is not supported."],
      [{ orderId, newQty: "0.5" }, -2038, "The requested action would change no state; rejecting."],
      [{ orderId: 999_999, newQty: "0.4" }, -2013, "Order does not exist."],
    ];
    for (const [pairs, code, msg] of refusals) {
      expect((await amend(pairs)).json).toMatchObject({ code, msg });
    }
    const stop = { side: "SELL", type: "STOP_LOSS", quantity: "0.1", stopPrice: "59000" };
    const waiting = await place(alice, stop);
    const refused = await amend({ orderId: waiting.orderId, newQty: "0.05" });
    expect(refused.json).toMatchObject({ code: -2038, reason: "order_is_waiting" });
  });
});

describe("a cancel-replace", () => {
  const replace = async (pairs: Pairs) =>
    alice.post("/api/v3/order/cancelReplace", {
      symbol,
      cancelReplaceMode: "STOP_ON_FAILURE",
      ...limit("SELL", "62000", "0.2"),
      ...pairs,
    });

  test("does both in one", async () => {
    const old = await place(alice, limit("SELL", "61000", "0.1", { newClientOrderId: "old" }));
    const { status, json } = await replace({ cancelOrigClientOrderId: "old" });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      cancelResult: "SUCCESS",
      newOrderResult: "SUCCESS",
      cancelResponse: { orderId: old.orderId, status: "CANCELED", origClientOrderId: "old" },
      newOrderResponse: { status: "NEW", price: "62000.00", origQty: "0.20000", fills: [] },
    });
    expect(await asked(alice, old.orderId)).toMatchObject({ status: "CANCELED" });
  });

  test("of both or neither leaves the old order where a new one is refused", async () => {
    const { orderId } = await place(alice, limit("SELL", "61000", "0.1"));
    const { status, json } = await replace({ cancelOrderId: orderId, quantity: "100" });
    expect(status).toBe(400);
    expect(json).toMatchObject({
      code: -2022,
      msg: "Order cancel-replace failed.",
      data: {
        cancelResult: "NOT_ATTEMPTED",
        newOrderResult: "FAILURE",
        cancelResponse: null,
        newOrderResponse: {
          code: -2010,
          msg: "Account has insufficient balance for requested action.",
        },
      },
    });
    expect(await asked(alice, orderId)).toMatchObject({ status: "NEW" });
  });

  test("places nothing where there is nothing to cancel", async () => {
    const { status, json } = await replace({ cancelOrderId: 999_999 });
    expect(status).toBe(400);
    expect(json).toMatchObject({
      code: -2022,
      data: {
        cancelResult: "FAILURE",
        newOrderResult: "NOT_ATTEMPTED",
        cancelResponse: { code: -2011, msg: "Unknown order sent." },
        newOrderResponse: null,
      },
    });
  });

  test("that may fail in part does what it can, and says so", async () => {
    const { orderId } = await place(alice, limit("SELL", "61000", "0.1"));
    const allow = { cancelReplaceMode: "ALLOW_FAILURE" };
    const placed = await replace({ ...allow, cancelOrderId: 999_999 });
    expect(placed.status).toBe(409);
    expect(placed.json).toMatchObject({
      code: -2021,
      msg: "Order cancel-replace partially failed.",
      data: {
        cancelResult: "FAILURE",
        newOrderResult: "SUCCESS",
        cancelResponse: { code: -2011 },
        newOrderResponse: { status: "NEW" },
      },
    });
    const cancelled = await replace({ ...allow, cancelOrderId: orderId, quantity: "100" });
    expect(cancelled.status).toBe(409);
    expect(cancelled.json.data).toMatchObject({
      cancelResult: "SUCCESS",
      newOrderResult: "FAILURE",
      cancelResponse: { status: "CANCELED" },
      newOrderResponse: { code: -2010 },
    });
    const neither = await replace({ ...allow, cancelOrderId: orderId, quantity: "100" });
    expect(neither.status).toBe(400);
    expect(neither.json).toMatchObject({
      code: -2022,
      data: { cancelResult: "FAILURE", newOrderResult: "FAILURE" },
    });
  });

  test("cancels only what is untouched, if told so", async () => {
    const { orderId } = await place(alice, limit("SELL", "61000", "0.2"));
    await place(bob, limit("BUY", "61000", "0.1"));
    const answer = await replace({ cancelOrderId: orderId, cancelRestrictions: "ONLY_NEW" });
    expect(answer.json).toMatchObject({
      code: -2022,
      data: {
        cancelResult: "FAILURE",
        newOrderResult: "NOT_ATTEMPTED",
        cancelResponse: { msg: "Order was not canceled due to cancel restrictions." },
      },
    });
  });
});

test("orders of the day, and from one auction to the next, are shown as good till cancelled", async () => {
  const placed = await exchange.venue.submit(
    encodeVenueCommand({
      kind: "place_order",
      account: 1,
      clientOrderId: "day",
      order: {
        market: 1,
        side: "sell",
        type: "limit",
        timeInForce: "day",
        price: 6_100_000,
        quantity: 100,
        quoteQuantity: 0,
      },
    }),
  );
  expect(placed.sequence).toBeGreaterThan(0);
  const { json } = await alice.request("GET", "/api/v3/openOrders", { symbol });
  expect(json).toMatchObject([{ clientOrderId: "day", timeInForce: "GTC", type: "LIMIT" }]);
});

test("a market that does not trade says so, and takes no orders", async () => {
  await operate({ kind: "set_phase", market: 1, phase: "halted" });
  const { json } = await bob.request("GET", "/api/v3/exchangeInfo", { symbol });
  expect(json.symbols).toMatchObject([{ symbol, status: "HALT" }]);
  expect(await place(bob, limit("BUY", "60000", "0.1"))).toMatchObject({
    code: -2010,
    msg: "Market is closed.",
  });
  await operate({ kind: "set_phase", market: 1, phase: "open" });
});

test("an account has no filters of its own", async () => {
  const { json } = await alice.request("GET", "/api/v3/myFilters", { symbol });
  expect(json).toEqual({ exchangeFilters: [], symbolFilters: [], assetFilters: [] });
});

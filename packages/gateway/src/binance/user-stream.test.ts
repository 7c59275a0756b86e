import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BinanceClient, hmac, type Pairs } from "../testing/clients.ts";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";
import { type Message, WebSocketClient } from "../testing/web-socket-client.ts";

let exchange: TestExchange;
let alice: BinanceClient;
let bob: BinanceClient;
let stream: WebSocketClient;

const symbol = "BTCUSDT";

beforeAll(async () => {
  exchange = await openTestExchange();
  alice = new BinanceClient(exchange.http, ALICE);
  bob = new BinanceClient(exchange.http, BOB);
  stream = await WebSocketClient.open(`${exchange.webSocket}/ws-api/v3`);
  const params = { apiKey: ALICE.apiKey, timestamp: Date.now() };
  const payload = `apiKey=${params.apiKey}&timestamp=${params.timestamp}`;
  const signature = hmac(ALICE.secret, payload);
  const method = "userDataStream.subscribe.signature";
  stream.send({ id: 1, method, params: { ...params, signature } });
  await stream.next(({ id }) => id === 1);
  await place(bob, limit("SELL", "60000", "0.001"));
  await place(bob, limit("BUY", "60000", "0.001"));
});
afterAll(async () => {
  await stream.close();
  await exchange.stop();
});

const limit = (side: string, price: string, quantity: string, more: Pairs = {}): Pairs => ({
  side,
  type: "LIMIT",
  timeInForce: "GTC",
  price,
  quantity,
  ...more,
});

const place = async (client: BinanceClient, pairs: Pairs, path = "order") =>
  (await client.post(`/api/v3/${path}`, { symbol, ...pairs })).json;

/** The next so many events that are about orders. */
const heard = async (count: number): Promise<Message[]> => {
  const events: Message[] = [];
  while (events.length < count) {
    const { event } = await stream.next((message) => message.event !== undefined);
    if (event.e !== "outboundAccountPosition") events.push(event);
  }
  return events;
};

describe("the user stream tells", () => {
  test("a stop: when it is placed, when it is triggered, when it trades", async () => {
    const terms = { side: "SELL", type: "STOP_LOSS", quantity: "0.1", stopPrice: "59000" };
    const { orderId } = await place(alice, terms);
    expect(await heard(1)).toMatchObject([
      {
        e: "executionReport",
        i: orderId,
        x: "NEW",
        X: "NEW",
        o: "STOP_LOSS",
        P: "59000.00",
        w: false,
      },
    ]);
    await place(bob, limit("BUY", "59000", "0.2"));
    await place(bob, limit("SELL", "59000", "0.1"));
    const events = await heard(2);
    expect(events).toMatchObject([
      { i: orderId, x: "NEW", X: "NEW", w: true, W: expect.any(Number) },
      { i: orderId, x: "TRADE", X: "FILLED", l: "0.10000", L: "59000.00", g: -1, V: "NONE" },
    ]);
  });

  test("a trailing stop with its distance, an iceberg with what it shows", async () => {
    const trailing = { side: "SELL", type: "STOP_LOSS", quantity: "0.1", trailingDelta: 200 };
    await place(alice, trailing);
    await place(alice, limit("SELL", "61000", "1", { icebergQty: "0.2" }));
    expect(await heard(2)).toMatchObject([
      { d: 200, x: "NEW", w: false },
      { F: "0.20000", x: "NEW", w: true, o: "LIMIT" },
    ]);
    await alice.request("DELETE", "/api/v3/openOrders", { symbol });
    expect(await heard(2)).toMatchObject([{ x: "CANCELED" }, { x: "CANCELED", X: "CANCELED" }]);
  });

  test("an amendment as a replacement", async () => {
    const { orderId } = await place(alice, limit("SELL", "61000", "0.5"));
    const pairs = { symbol, orderId, newQty: "0.3" };
    await alice.request("PUT", "/api/v3/order/amend/keepPriority", pairs);
    await alice.request("DELETE", "/api/v3/order", { symbol, orderId });
    expect(await heard(3)).toMatchObject([
      { x: "NEW", q: "0.50000" },
      { x: "REPLACED", X: "NEW", q: "0.30000", i: orderId },
      { x: "CANCELED", C: `pincex-${orderId}`, c: `cancel-${orderId}` },
    ]);
  });

  test("what self-trade prevention has taken", async () => {
    const selfTradePreventionMode = "DECREMENT";
    await place(alice, limit("SELL", "61000", "0.3"));
    await place(alice, limit("BUY", "61000", "0.1", { selfTradePreventionMode }));
    await alice.request("DELETE", "/api/v3/openOrders", { symbol });
    expect(await heard(6)).toMatchObject([
      { x: "NEW", S: "SELL" },
      { x: "NEW", S: "BUY", V: "DECREMENT" },
      { x: "TRADE_PREVENTION", S: "SELL" },
      { x: "TRADE_PREVENTION", S: "BUY" },
      { x: "EXPIRED", X: "EXPIRED_IN_MATCH", S: "BUY" },
      { x: "CANCELED", S: "SELL" },
    ]);
  });

  test("a list: when it begins, and when the last of its orders is done", async () => {
    const oco = {
      side: "SELL",
      quantity: "0.1",
      aboveType: "LIMIT_MAKER",
      abovePrice: "62000",
      belowType: "STOP_LOSS",
      belowStopPrice: "58000",
      listClientOrderId: "pair",
    };
    const { orderListId, orders } = await place(alice, oco, "orderList/oco");
    expect(await heard(3)).toMatchObject([
      { x: "NEW", o: "LIMIT_MAKER", g: orderListId },
      { x: "NEW", o: "STOP_LOSS", g: orderListId },
      {
        e: "listStatus",
        s: symbol,
        g: orderListId,
        c: "OCO",
        l: "EXEC_STARTED",
        L: "EXECUTING",
        r: "NONE",
        C: "pair",
        O: orders.map((order: Message) => ({
          s: symbol,
          i: order.orderId,
          c: order.clientOrderId,
        })),
      },
    ]);
    await alice.request("DELETE", "/api/v3/orderList", { symbol, orderListId });
    expect(await heard(3)).toMatchObject([
      { x: "CANCELED", X: "CANCELED" },
      { x: "CANCELED", X: "CANCELED" },
      { e: "listStatus", g: orderListId, l: "ALL_DONE", L: "ALL_DONE", C: "pair" },
    ]);
  });

  test("a pending order: that it is one, and when its time has come", async () => {
    const oto = {
      workingType: "LIMIT",
      workingSide: "BUY",
      workingPrice: "58500",
      workingQuantity: "0.1",
      workingTimeInForce: "GTC",
      pendingType: "LIMIT",
      pendingSide: "SELL",
      pendingPrice: "63000",
      pendingQuantity: "0.05",
      pendingTimeInForce: "GTC",
    };
    await place(alice, oto, "orderList/oto");
    expect(await heard(3)).toMatchObject([
      { x: "NEW", X: "NEW" },
      { x: "NEW", X: "PENDING_NEW", w: false },
      { e: "listStatus", c: "OTO" },
    ]);
    // Bob's bids above it go first.
    await bob.request("DELETE", "/api/v3/openOrders", { symbol });
    await place(bob, limit("SELL", "58500", "0.1"));
    expect(await heard(2)).toMatchObject([
      { x: "TRADE", X: "FILLED", m: true },
      { x: "NEW", X: "NEW", w: true, p: "63000.00" },
    ]);
  });
});

test("the WebSocket API has the same methods by name", async () => {
  const api = await WebSocketClient.open(`${exchange.webSocket}/ws-api/v3`);
  const ask = async (method: string, pairs: Pairs): Promise<Message> => {
    const params: Pairs = { ...pairs, apiKey: ALICE.apiKey, timestamp: Date.now() };
    const payload = Object.keys(params)
      .sort()
      .map((name) => `${name}=${params[name]}`)
      .join("&");
    api.send({ id: method, method, params: { ...params, signature: hmac(ALICE.secret, payload) } });
    return api.next(({ id }) => id === method);
  };
  const { result: order } = await ask("order.place", { symbol, ...limit("SELL", "64000", "0.2") });
  const amended = await ask("order.amend.keepPriority", {
    symbol,
    orderId: order.orderId,
    newQty: "0.1",
  });
  expect(amended.result.amendedOrder).toMatchObject({ qty: "0.10000" });
  const replaced = await ask("order.cancelReplace", {
    symbol,
    cancelReplaceMode: "STOP_ON_FAILURE",
    cancelOrderId: order.orderId,
    ...limit("SELL", "65000", "0.2"),
  });
  expect(replaced.result).toMatchObject({ cancelResult: "SUCCESS", newOrderResult: "SUCCESS" });
  const failed = await ask("order.cancelReplace", {
    symbol,
    cancelReplaceMode: "STOP_ON_FAILURE",
    cancelOrderId: order.orderId,
    ...limit("SELL", "65000", "0.2"),
  });
  expect(failed).toMatchObject({
    status: 400,
    error: { code: -2022, data: { cancelResult: "FAILURE", newOrderResult: "NOT_ATTEMPTED" } },
  });
  const { result: list } = await ask("orderList.place.oco", {
    symbol,
    side: "SELL",
    quantity: "0.1",
    aboveType: "LIMIT_MAKER",
    abovePrice: "66000",
    belowType: "STOP_LOSS",
    belowStopPrice: "50000",
  });
  const { orderListId } = list;
  const name = `pincex-list-${orderListId}`;
  expect((await ask("orderList.status", { origClientOrderId: name })).result).toMatchObject({
    orderListId,
    listClientOrderId: name,
  });
  const open = await ask("openOrderLists.status", {});
  expect(open.result.at(-1)).toMatchObject({ orderListId, contingencyType: "OCO" });
  const cancelled = await ask("orderList.cancel", { symbol, orderListId });
  expect(cancelled.result).toMatchObject({ listOrderStatus: "ALL_DONE" });
  expect((await ask("allOrderLists", {})).result.length).toBeGreaterThan(2);
  await api.close();
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { BinanceClient, type Pairs } from "../testing/clients.ts";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";

let exchange: TestExchange;
let alice: BinanceClient;
let bob: BinanceClient;

const symbol = "BTCUSDT";

beforeAll(async () => {
  exchange = await openTestExchange();
  alice = new BinanceClient(exchange.http, ALICE);
  bob = new BinanceClient(exchange.http, BOB);
  await trade("60000");
});
afterAll(() => exchange.stop());
afterEach(async () => {
  await alice.request("DELETE", "/api/v3/openOrders", { symbol });
  await bob.request("DELETE", "/api/v3/openOrders", { symbol });
  await trade("60000");
});

const limit = (side: string, price: string, quantity: string): Pairs => ({
  symbol,
  side,
  type: "LIMIT",
  timeInForce: "GTC",
  price,
  quantity,
});

const trade = async (price: string, quantity = "0.001"): Promise<void> => {
  await bob.post("/api/v3/order", limit("SELL", price, quantity));
  await bob.post("/api/v3/order", limit("BUY", price, quantity));
};

const place = (kind: string, pairs: Pairs) => alice.post(`/api/v3/${kind}`, { symbol, ...pairs });

const list = async (pairs: Pairs) => (await alice.request("GET", "/api/v3/orderList", pairs)).json;

const status = async (orderId: number): Promise<string> =>
  (await alice.request("GET", "/api/v3/order", { symbol, orderId })).json.status;

const statuses = async (orders: readonly { orderId: number }[]): Promise<string[]> =>
  Promise.all(orders.map(({ orderId }) => status(orderId)));

const oco: Pairs = {
  side: "SELL",
  quantity: "0.5",
  aboveType: "LIMIT_MAKER",
  abovePrice: "62000",
  aboveClientOrderId: "profit",
  belowType: "STOP_LOSS_LIMIT",
  belowStopPrice: "59000",
  belowPrice: "58900",
  belowTimeInForce: "GTC",
  listClientOrderId: "bracket",
};

const working: Pairs = {
  workingType: "LIMIT",
  workingSide: "BUY",
  workingPrice: "59500",
  workingQuantity: "0.5",
  workingTimeInForce: "GTC",
};

describe("one cancels the other", () => {
  test("is answered as Binance does, and asked for by number and by name", async () => {
    const { status: code, json } = await place("orderList/oco", oco);
    expect(code).toBe(200);
    const [above, below] = json.orders;
    expect(json).toEqual({
      orderListId: above.orderId,
      contingencyType: "OCO",
      listStatusType: "EXEC_STARTED",
      listOrderStatus: "EXECUTING",
      listClientOrderId: "bracket",
      transactionTime: expect.any(Number),
      symbol,
      orders: [
        { symbol, orderId: above.orderId, clientOrderId: "profit" },
        { symbol, orderId: below.orderId, clientOrderId: `pincex-${below.orderId}` },
      ],
      orderReports: [
        expect.objectContaining({ type: "LIMIT_MAKER", status: "NEW", price: "62000.00" }),
        expect.objectContaining({
          type: "STOP_LOSS_LIMIT",
          status: "NEW",
          stopPrice: "59000.00",
          orderListId: above.orderId,
          workingTime: -1,
        }),
      ],
    });
    const { orderReports: _, ...asked } = json;
    expect(await list({ orderListId: above.orderId })).toEqual(asked);
    expect(await list({ origClientOrderId: "bracket" })).toEqual(asked);
    expect((await alice.request("GET", "/api/v3/openOrderList")).json).toEqual([asked]);
    // One sells what the other sells: it is held once.
    const account = await alice.request("GET", "/api/v3/account");
    expect(account.json.balances[0]).toMatchObject({ asset: "BTC", locked: "0.50000000" });
  });

  test("without a name is asked for by the one that it is shown under; another list's name is none of its own", async () => {
    const { listClientOrderId: _, ...nameless } = oco;
    const { json } = await place("orderList/oco", nameless);
    const { orderListId, listClientOrderId } = json;
    expect(listClientOrderId).toBe(`pincex-list-${orderListId}`);
    const { orderReports: __, ...asked } = json;
    expect(await list({ origClientOrderId: listClientOrderId })).toEqual(asked);
    expect(await list({ orderListId, origClientOrderId: listClientOrderId })).toEqual(asked);
    for (const wrong of [
      { orderListId, origClientOrderId: "bracket" },
      { orderListId: orderListId + 1 },
      { origClientOrderId: `pincex-list-${orderListId + 1}` },
    ]) {
      expect(await list(wrong)).toMatchObject({ code: -2013, reason: "order_list_unknown" });
    }
  });

  test("ends the stop when the limit trades", async () => {
    const { json } = await place("orderList/oco", oco);
    await bob.post("/api/v3/order", limit("BUY", "62000", "0.5"));
    expect(await statuses(json.orders)).toEqual(["FILLED", "EXPIRED"]);
    expect(await list({ orderListId: json.orderListId })).toMatchObject({
      listStatusType: "ALL_DONE",
      listOrderStatus: "ALL_DONE",
    });
    expect((await alice.request("GET", "/api/v3/openOrderList")).json).toEqual([]);
  });

  test("ends the limit when the stop is triggered", async () => {
    const { json } = await place("orderList/oco", oco);
    await trade("59000");
    expect(await statuses(json.orders)).toEqual(["EXPIRED", "NEW"]);
  });

  test("is cancelled as a whole: by its number, by its name, by one of its orders, with all others", async () => {
    const placed = async () => (await place("orderList/oco", oco)).json;
    const cancel = (path: string, pairs: Pairs) =>
      alice.request("DELETE", `/api/v3/${path}`, { symbol, ...pairs });

    const first = await placed();
    const answer = await cancel("orderList", { orderListId: first.orderListId });
    expect(answer.json).toMatchObject({
      orderListId: first.orderListId,
      listOrderStatus: "ALL_DONE",
      orderReports: [
        { origClientOrderId: "profit", status: "CANCELED" },
        { type: "STOP_LOSS_LIMIT", status: "CANCELED" },
      ],
    });
    expect(await statuses(first.orders)).toEqual(["CANCELED", "CANCELED"]);

    const second = await placed();
    await cancel("orderList", { listClientOrderId: "bracket" });
    expect(await statuses(second.orders)).toEqual(["CANCELED", "CANCELED"]);

    const third = await placed();
    await cancel("order", { origClientOrderId: "profit" });
    expect(await statuses(third.orders)).toEqual(["CANCELED", "CANCELED"]);

    await placed();
    await alice.post("/api/v3/order", limit("SELL", "63000", "0.1"));
    const all = await cancel("openOrders", {});
    expect(all.json).toMatchObject([
      { price: "63000.00", status: "CANCELED" },
      { listClientOrderId: "bracket", orderReports: [{}, {}] },
    ]);
    const lists = await alice.request("GET", "/api/v3/allOrderList", { limit: 2 });
    expect(lists.json.map(({ orderListId }: { orderListId: number }) => orderListId)).toEqual([
      third.orderListId,
      all.json[1].orderListId,
    ]);
    const from = await alice.request("GET", "/api/v3/allOrderList", { fromId: first.orderListId });
    expect(from.json).toHaveLength(4);
  });

  test("in the older form", async () => {
    const { json } = await place("order/oco", {
      side: "BUY",
      quantity: "0.5",
      price: "59000",
      stopPrice: "61000",
      stopLimitPrice: "61500",
      stopLimitTimeInForce: "GTC",
      limitClientOrderId: "cheap",
      stopClientOrderId: "late",
    });
    expect(json.orderReports).toMatchObject([
      { type: "STOP_LOSS_LIMIT", clientOrderId: "late", stopPrice: "61000.00" },
      { type: "LIMIT_MAKER", clientOrderId: "cheap", price: "59000.00" },
    ]);
  });

  test.each([
    [{ aboveType: "STOP_LOSS", aboveStopPrice: "62000", abovePrice: "" }, -1197],
    [{ belowType: "LIMIT_MAKER" }, -1168],
    [{ belowType: "TAKE_PROFIT_LIMIT" }, -1199],
    [{ aboveType: "LIMIT" }, -1158],
    [{ side: "BUY" }, -1165],
    [{ abovePrice: "59900" }, -2010],
    [{ belowStopPrice: "60100" }, -2010],
    [{ quantity: "100" }, -2010],
    [{ aboveTimeInForce: "GTC" }, -1106],
    [{ belowPegPriceType: "PRIMARY_PEG" }, -2010],
    [{ belowStopPrice: "1.001" }, -1013],
  ])("is refused with %j by %i, and nothing is placed", async (change, code) => {
    // Not the state's hash: a list is judged at the time that it comes in, and the venue remembers that time.
    const before = (await alice.request("GET", "/api/v3/account")).json.balances;
    const { status: http, json } = await place("orderList/oco", { ...oco, ...change } as Pairs);
    expect(json).toMatchObject({ code });
    expect(http).toBe(400);
    expect((await alice.request("GET", "/api/v3/account")).json.balances).toEqual(before);
    expect((await alice.request("GET", "/api/v3/openOrders")).json).toEqual([]);
  });

  test("that is not there", async () => {
    expect(await list({ orderListId: 999_999 })).toMatchObject({ code: -2013 });
    expect(await list({})).toMatchObject({ code: -1102 });
    const { json } = await alice.request("DELETE", "/api/v3/orderList", {
      symbol,
      orderListId: 999_999,
    });
    expect(json).toMatchObject({ code: -2011 });
  });
});

test("one triggers the other: the second is pending until the first has traded in full", async () => {
  const pending = { pendingType: "MARKET", pendingSide: "SELL", pendingQuantity: "0.4" };
  const { json } = await place("orderList/oto", { ...working, ...pending });
  expect(json).toMatchObject({
    contingencyType: "OTO",
    orderReports: [
      { status: "NEW", side: "BUY" },
      { status: "PENDING_NEW", side: "SELL", type: "MARKET", workingTime: -1 },
    ],
  });
  await bob.post("/api/v3/order", limit("BUY", "59400", "0.4"));
  await bob.post("/api/v3/order", limit("SELL", "59500", "0.5"));
  expect(await statuses(json.orders)).toEqual(["FILLED", "FILLED"]);
});

test("a pending buy by market is bounded by its working order's price", async () => {
  const sell = { ...working, workingSide: "SELL", workingPrice: "60500" };
  const pending = { pendingType: "MARKET", pendingSide: "BUY", pendingQuantity: "0.5" };
  const { json } = await place("orderList/oto", { ...sell, ...pending });
  await bob.post("/api/v3/order", limit("SELL", "63525.01", "1"));
  await bob.post("/api/v3/order", limit("BUY", "60500", "0.5"));
  expect(await statuses(json.orders)).toEqual(["FILLED", "EXPIRED"]);
});

test("one triggers a pair", async () => {
  const pair = {
    pendingSide: "SELL",
    pendingQuantity: "0.4",
    pendingAboveType: "LIMIT_MAKER",
    pendingAbovePrice: "61000",
    pendingBelowType: "STOP_LOSS",
    pendingBelowStopPrice: "58000",
  };
  const { json } = await place("orderList/otoco", { ...working, ...pair });
  expect(json.orderReports).toMatchObject([
    { status: "NEW" },
    { status: "PENDING_NEW", type: "LIMIT_MAKER" },
    { status: "PENDING_NEW", type: "STOP_LOSS" },
  ]);
  await bob.post("/api/v3/order", limit("SELL", "59500", "0.5"));
  expect(await statuses(json.orders)).toEqual(["FILLED", "NEW", "NEW"]);
  await bob.post("/api/v3/order", limit("BUY", "61000", "0.4"));
  expect(await statuses(json.orders)).toEqual(["FILLED", "FILLED", "EXPIRED"]);

  const second = await place("orderList/otoco", { ...working, ...pair });
  const { orderListId } = second.json;
  await alice.request("DELETE", "/api/v3/orderList", { symbol, orderListId });
  expect(await statuses(second.json.orders)).toEqual(["CANCELED", "CANCELED", "CANCELED"]);
  const upsideDown = { pendingAbovePrice: "57000" };
  const refused = await place("orderList/otoco", { ...working, ...pair, ...upsideDown });
  expect(refused.json).toMatchObject({ code: -2010, reason: "list_prices_out_of_order" });
});

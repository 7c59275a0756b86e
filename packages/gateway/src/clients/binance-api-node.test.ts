import { createRequire } from "node:module";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";

// The unmodified `binance-api-node` of npm, told only where the exchange is.
const require = createRequire(import.meta.url);
const { default: connect } = require("binance-api-node");
const symbol = "BTCUSDT";

let exchange: TestExchange;
let alice: ReturnType<typeof connect>;
let bob: ReturnType<typeof connect>;

const client = ({ apiKey, secret }: typeof ALICE) =>
  connect({
    apiKey,
    apiSecret: secret,
    httpBase: exchange.http,
    wsBase: `${exchange.webSocket}/ws`,
    wsApi: `${exchange.webSocket}/ws-api/v3`,
  });

beforeAll(async () => {
  exchange = await openTestExchange();
  alice = client(ALICE);
  bob = client(BOB);
  await alice.order({ ...sell, price: "60000" });
  await bob.order({ ...sell, side: "BUY", price: "60000" });
});
afterAll(() => exchange.stop());

const sell = { symbol, side: "SELL", quantity: "0.1" };

test("reads the market and its account", async () => {
  expect((await alice.exchangeInfo()).symbols).toHaveLength(2);
  expect(await alice.book({ symbol })).toMatchObject({ bids: [], asks: [] });
  expect(await alice.trades({ symbol })).toMatchObject([{ price: "60000.00" }]);
  expect(await alice.candles({ symbol, interval: "1m" })).toHaveLength(1);
  expect(await alice.prices({ symbol })).toEqual({ BTCUSDT: "60000.00" });
  expect((await alice.accountInfo()).balances).toHaveLength(3);
  expect(await alice.myTrades({ symbol })).toMatchObject([{ isMaker: true }]);
});

test("places orders of every type, replaces and cancels them", async () => {
  const stopPrice = "59000";
  await alice.order({ ...sell, type: "STOP_LOSS", stopPrice });
  await alice.order({ ...sell, type: "STOP_LOSS_LIMIT", stopPrice, price: "58000" });
  await alice.order({ ...sell, type: "TAKE_PROFIT", stopPrice: "61000" });
  const takes = { type: "TAKE_PROFIT_LIMIT", stopPrice: "61000", price: "60500" };
  await alice.order({ ...sell, ...takes });
  await alice.order({ ...sell, type: "LIMIT_MAKER", price: "62000" });
  const iceberg = { price: "62000", quantity: "0.5", icebergQty: "0.1" };
  const { orderId } = await alice.order({ ...sell, ...iceberg });
  expect(await alice.openOrders({ symbol })).toHaveLength(6);
  const changed = { ...sell, type: "LIMIT", price: "63000", cancelOrderId: orderId };
  expect(await alice.updateOrder(changed)).toMatchObject({ newOrderResult: "SUCCESS" });
  expect(await alice.getOrder({ symbol, orderId })).toMatchObject({ status: "CANCELED" });
  expect(await alice.cancelOpenOrders({ symbol })).toHaveLength(6);
  expect(await alice.allOrders({ symbol })).toHaveLength(8);
  await expect(alice.cancelOrder({ symbol, orderId })).rejects.toMatchObject({ code: -2011 });
});

test("places, asks for and cancels pairs", async () => {
  const pair = { ...sell, price: "62000", stopPrice: "59000", stopLimitPrice: "58900" };
  const { orderListId, orders } = await alice.orderOco(pair);
  expect(orders).toHaveLength(2);
  expect(await alice.getOrderOco({ orderListId })).toMatchObject({ contingencyType: "OCO" });
  expect(await alice.cancelOrderOco({ symbol, orderListId })).toMatchObject({
    listOrderStatus: "ALL_DONE",
  });
  expect(await alice.allOrdersOCO({})).toHaveLength(1);
});

test("hears what becomes of its orders", async () => {
  const heard: { eventType: string; executionType?: string; orderStatus?: string }[] = [];
  const stop = await alice.ws.user((event: (typeof heard)[0]) => heard.push(event));
  await alice.order({ ...sell, type: "STOP_LOSS", stopPrice: "59000" });
  await bob.order({ ...sell, side: "BUY", price: "59000", quantity: "0.2" });
  await bob.order({ ...sell, price: "59000" });
  const reports = () =>
    heard
      .filter(({ eventType }) => eventType === "executionReport")
      .map(({ executionType, orderStatus }) => `${executionType} ${orderStatus}`);
  await expect.poll(reports).toEqual(["NEW NEW", "NEW NEW", "TRADE FILLED"]);
  stop({ delay: 0, fastClose: true, keepClosed: true });
});

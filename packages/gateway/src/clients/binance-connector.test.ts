import { createRequire } from "node:module";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";

// Binance's older client, unmodified, told only where the exchange is. It has no types.
const require = createRequire(import.meta.url);
const { Spot, WebsocketAPI } = require("@binance/connector");
const symbol = "BTCUSDT";

let exchange: TestExchange;
let alice: InstanceType<typeof Spot>;
let bob: InstanceType<typeof Spot>;

beforeAll(async () => {
  exchange = await openTestExchange();
  const options = { baseURL: exchange.http };
  alice = new Spot(ALICE.apiKey, ALICE.secret, options);
  bob = new Spot(BOB.apiKey, BOB.secret, options);
  await alice.newOrder(symbol, "SELL", "LIMIT", limit("60000", "0.1"));
  await bob.newOrder(symbol, "BUY", "LIMIT", limit("60000", "0.1"));
});
afterAll(() => exchange.stop());

const limit = (price: string, quantity: string) => ({ price, quantity, timeInForce: "GTC" });

test("reads the market and its account", async () => {
  const info = await alice.exchangeInfo({ symbol });
  expect(info.data.symbols).toMatchObject([{ symbol, cancelReplaceAllowed: true }]);
  expect((await alice.depth(symbol)).data).toMatchObject({ bids: [], asks: [] });
  expect((await alice.trades(symbol)).data).toMatchObject([{ price: "60000.00" }]);
  expect((await alice.klines(symbol, "1m")).data).toHaveLength(1);
  expect((await alice.ticker24hr(symbol)).data).toMatchObject({ count: 1 });
  expect((await alice.account()).data.balances).toHaveLength(3);
  expect((await alice.myTrades(symbol)).data).toMatchObject([{ isMaker: true }]);
});

test("places orders of every type, replaces and cancels them", async () => {
  const stopPrice = "59000";
  const place = async (type: string, options: object) =>
    (await alice.newOrder(symbol, "SELL", type, { quantity: "0.1", ...options })).data;
  await place("STOP_LOSS", { stopPrice });
  await place("STOP_LOSS_LIMIT", { stopPrice, price: "58000", timeInForce: "GTC" });
  await place("TAKE_PROFIT", { stopPrice: "61000" });
  await place("TAKE_PROFIT_LIMIT", { stopPrice: "61000", price: "60500", timeInForce: "GTC" });
  await place("STOP_LOSS", { trailingDelta: 250 });
  await place("LIMIT_MAKER", { price: "62000" });
  const { orderId } = await place("LIMIT", { ...limit("62000", "0.5"), icebergQty: "0.1" });
  expect((await alice.openOrders({ symbol })).data).toHaveLength(7);
  const options = { cancelOrderId: orderId, ...limit("63000", "0.2") };
  const replaced = await alice.cancelAndReplace(
    symbol,
    "SELL",
    "LIMIT",
    "STOP_ON_FAILURE",
    options,
  );
  expect(replaced.data).toMatchObject({ cancelResult: "SUCCESS", newOrderResult: "SUCCESS" });
  expect((await alice.getOrder(symbol, { orderId })).data).toMatchObject({ status: "CANCELED" });
  expect((await alice.cancelOpenOrders(symbol)).data).toHaveLength(7);
  expect((await alice.allOrders(symbol)).data).toHaveLength(9);
  const gone = await alice.cancelOrder(symbol, { orderId }).catch((error: unknown) => error);
  expect(gone.response.data).toMatchObject({ code: -2011, msg: "Unknown order sent." });
});

test("places, asks for and cancels lists", async () => {
  const options = { abovePrice: "62000", belowStopPrice: "59000" };
  const oco = await alice.newOCOOrder(symbol, "SELL", "0.1", "LIMIT_MAKER", "STOP_LOSS", options);
  const { orderListId } = oco.data;
  expect((await alice.getOCOOrder({ orderListId })).data).toMatchObject({ contingencyType: "OCO" });
  expect((await alice.getOpenOCOOrders()).data).toHaveLength(1);
  const ended = await alice.cancelOCOOrder(symbol, { orderListId });
  expect(ended.data).toMatchObject({ listOrderStatus: "ALL_DONE" });
  expect((await alice.getOCOOrders()).data).toHaveLength(1);
});

test("enters orders over the WebSocket", async () => {
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any message
  const heard: any[] = [];
  let isOpen = false;
  const callbacks = {
    open: () => {
      isOpen = true;
    },
    message: (text: string) => heard.push(JSON.parse(text)),
  };
  const silent = { info: () => {}, error: () => {}, warn: () => {}, debug: () => {} };
  const socket = new WebsocketAPI(ALICE.apiKey, ALICE.secret, {
    wsURL: `${exchange.webSocket}/ws-api/v3`,
    callbacks,
    logger: silent,
  });
  await expect.poll(() => isOpen).toBe(true);
  socket.newOrder(symbol, "SELL", "LIMIT", { id: "new", ...limit("61000", "0.1") });
  await expect.poll(() => heard.find(({ id }) => id === "new")?.status).toBe(200);
  const { orderId } = heard.find(({ id }) => id === "new").result;
  socket.cancelOrder(symbol, { id: "cancel", orderId });
  await expect.poll(() => heard.find(({ id }) => id === "cancel")?.result.status).toBe("CANCELED");
  socket.disconnect();
});

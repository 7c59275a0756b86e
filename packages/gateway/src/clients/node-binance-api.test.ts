import Binance from "node-binance-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";

// The unmodified `node-binance-api` of npm, told only where the exchange is.
const symbol = "BTCUSDT";

let exchange: TestExchange;
let alice: Binance;
let bob: Binance;

const client = ({ apiKey, secret }: typeof ALICE): Binance => {
  const binance = new Binance({
    APIKEY: apiKey,
    APISECRET: secret,
    urls: {
      base: `${exchange.http}/api/`,
      sapi: `${exchange.http}/sapi/`,
      stream: `${exchange.webSocket}/ws/`,
      combineStream: `${exchange.webSocket}/stream?streams=`,
    },
  });
  binance.wsApi = `${exchange.webSocket}/ws-api/v3`;
  // Said to the constructor it would be passed over.
  binance.Options.reconnect = false;
  return binance;
};

beforeAll(async () => {
  exchange = await openTestExchange();
  alice = client(ALICE);
  bob = client(BOB);
  await alice.sell(symbol, 0.1, 60_000);
  await bob.buy(symbol, 0.1, 60_000);
});
afterAll(() => exchange.stop());

test("reads the market and its account", async () => {
  expect((await alice.exchangeInfo()).symbols).toHaveLength(2);
  expect(await alice.prices(symbol)).toEqual({ BTCUSDT: 60_000 });
  // A second one, where a minute began between the trade and the question.
  expect([1, 2]).toContain((await alice.candlesticks(symbol, "1m")).length);
  expect(Object.keys(await alice.balance())).toEqual(["BTC", "ETH", "USDT"]);
  expect(await alice.trades(symbol)).toMatchObject([{ isMaker: true }]);
});

test("places orders of every type, and cancels them", async () => {
  const stopPrice = 59_000;
  // Its types know fewer types of orders than it places.
  const place = (type: string, price: number, params: object) =>
    alice.order(type as "LIMIT", "SELL", symbol, 0.1, price, params);
  await place("STOP_LOSS", 0, { stopPrice });
  await place("STOP_LOSS_LIMIT", 58_000, { stopPrice });
  await place("TAKE_PROFIT", 0, { stopPrice: 61_000 });
  await place("TAKE_PROFIT_LIMIT", 60_500, { stopPrice: 61_000 });
  await place("STOP_LOSS", 0, { trailingDelta: 250 });
  await place("LIMIT_MAKER", 62_000, {});
  await place("LIMIT", 62_000, { icebergQty: 0.05 });
  const open = await alice.openOrders(symbol);
  expect(open).toHaveLength(7);
  const orderId = String(open[0]?.orderId);
  expect(await alice.cancel(symbol, orderId)).toMatchObject({ status: "CANCELED" });
  expect(await alice.orderStatus(symbol, orderId)).toMatchObject({ status: "CANCELED" });
  await alice.cancelAll(symbol);
  expect(await alice.openOrders(symbol)).toEqual([]);
  await expect(alice.marketSell(symbol, 100)).rejects.toThrow(/insufficient balance/);
});

test("places a pair", async () => {
  const list = await alice.ocoOrder("SELL", symbol, 0.1, {
    aboveType: "LIMIT_MAKER",
    abovePrice: 62_000,
    belowType: "STOP_LOSS",
    belowStopPrice: 59_000,
  });
  expect(list).toMatchObject({ contingencyType: "OCO", listOrderStatus: "EXECUTING" });
  await alice.cancelAll(symbol);
});

test("hears what becomes of its orders and lists", async () => {
  const heard: { e?: string; x?: string }[] = [];
  const listen = (event: object) => heard.push(event);
  let isSubscribed = false;
  alice.userData(
    undefined,
    listen,
    listen,
    () => {
      isSubscribed = true;
    },
    listen,
  );
  await expect.poll(() => isSubscribed).toBe(true);
  await alice.ocoOrder("SELL", symbol, 0.1, {
    aboveType: "LIMIT_MAKER",
    abovePrice: 62_000,
    belowType: "STOP_LOSS",
    belowStopPrice: 59_000,
  });
  await bob.buy(symbol, 0.1, 62_000);
  await expect.poll(() => heard.filter(({ e }) => e === "listStatus").length).toBe(2);
  const executions = heard.filter(({ e }) => e === "executionReport").map(({ x }) => x);
  expect(executions).toEqual(["NEW", "NEW", "TRADE", "EXPIRED"]);
  alice.terminateWsApi("userData");
});

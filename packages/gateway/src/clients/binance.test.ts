import { MainClient, WebsocketAPIClient } from "binance";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";

// The unmodified `binance` of npm, told only where the exchange is.
const symbol = "BTCUSDT";

let exchange: TestExchange;
let alice: MainClient;
let bob: MainClient;
let socket: WebsocketAPIClient;
const heard: { e?: string; x?: string; X?: string; o?: string; c?: string }[] = [];

const client = ({ apiKey, secret }: typeof ALICE): MainClient =>
  new MainClient({
    api_key: apiKey,
    api_secret: secret,
    baseUrl: exchange.http,
    disableTimeSync: true,
  });

beforeAll(async () => {
  exchange = await openTestExchange();
  alice = client(ALICE);
  bob = client(BOB);
  const silent = { trace: () => {}, info: () => {}, error: () => {} };
  socket = new WebsocketAPIClient(
    {
      api_key: ALICE.apiKey,
      api_secret: ALICE.secret,
      wsUrl: exchange.webSocket,
      attachEventListeners: false,
    },
    silent,
  );
  socket.getWSClient().on("message", (message) => {
    heard.push(message as (typeof heard)[0]);
  });
  await socket.subscribeUserDataStream("mainWSAPI");
});
afterAll(async () => {
  socket.getWSClient().closeAll(true);
  await exchange.stop();
});

/** Its types ask for what it adds by itself. */
const now = () => ({ timestamp: Date.now() });

const limit = (side: "BUY" | "SELL", price: number, quantity: number) =>
  ({ symbol, side, type: "LIMIT", timeInForce: "GTC", price, quantity }) as const;

test("reads the market", async () => {
  await alice.submitNewOrder(limit("SELL", 60_000, 0.1));
  await bob.submitNewOrder(limit("BUY", 60_000, 0.1));
  const info = await alice.getExchangeInfo({ symbol });
  expect(info.symbols).toMatchObject([{ symbol, allowTrailingStop: true, ocoAllowed: true }]);
  expect(await alice.getOrderBook({ symbol, limit: 5 })).toMatchObject({ bids: [], asks: [] });
  expect(await alice.getRecentTrades({ symbol })).toMatchObject([{ price: "60000.00" }]);
  expect(await alice.getAggregateTrades({ symbol })).toHaveLength(1);
  expect(await alice.getKlines({ symbol, interval: "1m" })).toHaveLength(1);
  expect(await alice.get24hrChangeStatistics({ symbol })).toMatchObject({ count: 1 });
  expect(await alice.getSymbolPriceTicker({ symbols: [symbol] })).toMatchObject([{ symbol }]);
  expect(await alice.getSymbolOrderBookTicker({ symbol })).toMatchObject({ symbol });
  expect(await alice.getAvgPrice({ symbol })).toMatchObject({ mins: 5 });
});

test("places orders of every type, sees them, and cancels them", async () => {
  const stop = { symbol, side: "SELL", quantity: 0.1, stopPrice: 59_000 } as const;
  const placed = [
    await alice.submitNewOrder({ ...stop, type: "STOP_LOSS" }),
    await alice.submitNewOrder({
      ...stop,
      type: "STOP_LOSS_LIMIT",
      price: 58_000,
      timeInForce: "GTC",
    }),
    await alice.submitNewOrder({ ...stop, type: "TAKE_PROFIT", stopPrice: 61_000 }),
    await alice.submitNewOrder({
      ...stop,
      type: "TAKE_PROFIT_LIMIT",
      stopPrice: 61_000,
      price: 60_500,
      timeInForce: "GTC",
    }),
    await alice.submitNewOrder({
      symbol,
      side: "SELL",
      type: "STOP_LOSS",
      quantity: 0.1,
      trailingDelta: 250,
    }),
    await alice.submitNewOrder({
      symbol,
      side: "SELL",
      type: "LIMIT_MAKER",
      quantity: 0.1,
      price: 62_000,
    }),
    await alice.submitNewOrder({ ...limit("SELL", 62_000, 0.5), icebergQty: 0.1 }),
  ];
  expect(placed.every(({ orderId }) => Number.isSafeInteger(orderId))).toBe(true);
  const open = await alice.getOpenOrders({ symbol });
  expect(open.map(({ type }) => type)).toEqual([
    "STOP_LOSS",
    "STOP_LOSS_LIMIT",
    "TAKE_PROFIT",
    "TAKE_PROFIT_LIMIT",
    "STOP_LOSS",
    "LIMIT_MAKER",
    "LIMIT",
  ]);
  await alice.testNewOrder(limit("SELL", 62_000, 0.5));
  const [first] = open;
  expect(await alice.cancelOrder({ symbol, orderId: Number(first?.orderId) })).toMatchObject({
    status: "CANCELED",
  });
  expect(await alice.cancelAllSymbolOrders({ symbol })).toHaveLength(6);
  expect((await alice.getAllOrders({ symbol })).length).toBeGreaterThan(6);
});

test("trades by market, and sees trades and balances", async () => {
  await alice.submitNewOrder(limit("SELL", 60_000, 0.3));
  const cost = await bob.submitNewOrder({
    symbol,
    side: "BUY",
    type: "MARKET",
    quoteOrderQty: 6_000,
    newOrderRespType: "FULL",
  });
  expect(cost).toMatchObject({ status: "FILLED", executedQty: "0.10000" });
  await alice.cancelAllSymbolOrders({ symbol });
  expect((await bob.getAccountTradeList({ symbol })).at(-1)).toMatchObject({ qty: "0.10000" });
  const { balances } = await bob.getAccountInformation();
  expect(balances).toMatchObject([{ asset: "BTC" }, { asset: "ETH" }, { asset: "USDT" }]);
});

test("replaces an order, and places, asks for and cancels lists", async () => {
  const order = await alice.submitNewOrder(limit("SELL", 61_000, 0.2));
  const replaced = await alice.replaceOrder({
    ...limit("SELL", 62_000, 0.2),
    cancelReplaceMode: "STOP_ON_FAILURE",
    cancelOrderId: order.orderId,
  });
  expect(replaced).toMatchObject({ cancelResult: "SUCCESS", newOrderResult: "SUCCESS" });
  await alice.cancelAllSymbolOrders({ symbol });

  const oco = await alice.submitNewOrderList({
    symbol,
    side: "SELL",
    quantity: 0.1,
    aboveType: "LIMIT_MAKER",
    abovePrice: 62_000,
    belowType: "STOP_LOSS_LIMIT",
    belowStopPrice: 59_000,
    belowPrice: 58_900,
    belowTimeInForce: "GTC",
    newOrderRespType: "RESULT",
  });
  expect(oco.orders).toHaveLength(2);
  expect(await alice.getOCO({ orderListId: oco.orderListId })).toMatchObject({
    listOrderStatus: "EXECUTING",
    listClientOrderId: oco.listClientOrderId,
  });
  expect(await alice.getAllOpenOCO()).toHaveLength(1);
  const ended = await alice.cancelOCO({ symbol, orderListId: oco.orderListId });
  expect(ended).toMatchObject({ listOrderStatus: "ALL_DONE" });

  const working = {
    symbol,
    workingType: "LIMIT",
    workingSide: "BUY",
    workingPrice: "59000",
    workingQuantity: "0.1",
    workingTimeInForce: "GTC",
    pendingSide: "SELL",
    pendingQuantity: "0.05",
  } as const;
  const old = await alice.submitNewOCO({
    symbol,
    side: "BUY",
    quantity: 0.1,
    price: 59_000,
    stopPrice: 61_000,
  });
  expect(old).toMatchObject({ contingencyType: "OCO" });
  const oto = await alice.submitNewOrderListOTO({
    ...working,
    pendingType: "LIMIT",
    pendingPrice: "63000",
    pendingTimeInForce: "GTC",
  });
  expect(oto).toMatchObject({ contingencyType: "OTO" });
  const otoco = await alice.submitNewOrderListOTOCO({
    ...working,
    pendingAboveType: "LIMIT_MAKER",
    pendingAbovePrice: "63000",
    pendingBelowType: "STOP_LOSS",
    pendingBelowStopPrice: "58000",
  });
  expect(otoco.orders).toHaveLength(3);
  expect((await alice.getAllOCO()).length).toBeGreaterThan(3);
  expect(await alice.cancelAllSymbolOrders({ symbol })).toHaveLength(3);
});

test("enters, amends and replaces orders over the WebSocket, and hears what becomes of them", async () => {
  const { result: order } = await socket.submitNewSpotOrder({
    ...limit("SELL", 61_000, 0.2),
    newOrderRespType: "FULL",
    ...now(),
  });
  const { orderId } = order;
  const amended = await socket.amendSpotOrderKeepPriority({
    symbol,
    orderId,
    newQty: "0.1",
    ...now(),
  });
  expect(amended.result).toMatchObject({ amendedOrder: { qty: "0.10000" } });
  const replaced = await socket.cancelReplaceSpotOrder({
    ...limit("SELL", 62_000, 0.2),
    cancelReplaceMode: "STOP_ON_FAILURE",
    cancelOrderId: orderId,
    ...now(),
  });
  expect(replaced.result).toMatchObject({ cancelResult: "SUCCESS", newOrderResult: "SUCCESS" });
  const list = await socket.placeSpotOCOOrderList({
    symbol,
    side: "SELL",
    quantity: "0.1",
    aboveType: "LIMIT_MAKER",
    abovePrice: "63000",
    belowType: "STOP_LOSS",
    belowStopPrice: "59000",
    ...now(),
  });
  expect(list.result.orders).toHaveLength(2);
  const open = await socket.getSpotOpenOrders({ symbol, ...now() });
  expect(open.result).toHaveLength(3);
  await socket.cancelAllSpotOpenOrders({ symbol, ...now() });

  const executions = () => heard.filter(({ e }) => e === "executionReport").map(({ x }) => x);
  await expect.poll(() => executions().slice(-3)).toEqual(["CANCELED", "CANCELED", "CANCELED"]);
  expect(executions()).toEqual(expect.arrayContaining(["NEW", "TRADE", "REPLACED"]));
  expect(heard.some(({ e }) => e === "listStatus")).toBe(true);
  expect(heard.some(({ e }) => e === "outboundAccountPosition")).toBe(true);
});

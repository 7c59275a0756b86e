import { Spot } from "@binance/spot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";

// Binance's own client for Spot, unmodified, told only where the exchange is.
const symbol = "BTCUSDT";

let exchange: TestExchange;
let alice: Spot;
let bob: Spot;

const client = ({ apiKey, secret }: typeof ALICE): Spot => {
  const key = { apiKey, apiSecret: secret };
  return new Spot({
    configurationRestAPI: { ...key, basePath: exchange.http },
    configurationWebsocketAPI: { ...key, wsURL: `${exchange.webSocket}/ws-api/v3` },
    configurationWebsocketStreams: { wsURL: exchange.webSocket },
  });
};

beforeAll(async () => {
  exchange = await openTestExchange();
  alice = client(ALICE);
  bob = client(BOB);
});
afterAll(() => exchange.stop());

const limit = (side: "BUY" | "SELL", price: number, quantity: number) =>
  // biome-ignore lint/suspicious/noExplicitAny: the client's enumerations are strings to everybody else
  ({ symbol, side, type: "LIMIT", timeInForce: "GTC", price, quantity }) as any;

const dataOf = async <T>(answer: Promise<{ data(): Promise<T> }>): Promise<T> =>
  (await answer).data();

// biome-ignore lint/suspicious/noExplicitAny: as above
const place = (of: Spot, order: any) => dataOf(of.restAPI.newOrder(order));

test("reads the market", async () => {
  await place(alice, limit("SELL", 60_000, 0.1));
  await place(bob, limit("BUY", 60_000, 0.1));
  const { restAPI } = alice;
  const info = await dataOf(restAPI.exchangeInfo({ symbol }));
  expect(info.symbols).toMatchObject([
    { symbol, orderTypes: expect.arrayContaining(["STOP_LOSS"]) },
  ]);
  expect(await dataOf(restAPI.depth({ symbol }))).toMatchObject({ bids: [], asks: [] });
  expect(await dataOf(restAPI.getTrades({ symbol }))).toMatchObject([{ price: "60000.00" }]);
  expect(await dataOf(restAPI.ticker24hr({ symbol }))).toMatchObject({ count: 1 });
  expect(await dataOf(restAPI.tickerPrice({ symbol }))).toMatchObject({ price: "60000.00" });
  const day = { symbol, openPrice: "60000.00", volume: "0.10000", priceChange: "0.00", count: 1 };
  expect(await dataOf(restAPI.tickerTradingDay({ symbol }))).toMatchObject(day);
  const untouched = await dataOf(
    restAPI.tickerTradingDay({ symbol: "ETHUSDT", type: "MINI" as never }),
  );
  expect(untouched).toMatchObject({ symbol: "ETHUSDT", lastPrice: "0.00", firstId: -1, count: 0 });
  await expect(restAPI.tickerTradingDay({ symbol, timeZone: "3" })).rejects.toThrow(/timeZone/);
});

test("places orders of every type, sees them, amends, replaces and cancels them", async () => {
  const stop = { symbol, side: "SELL", quantity: 0.1, stopPrice: 59_000 };
  const timed = { timeInForce: "GTC" };
  await place(alice, { ...stop, type: "STOP_LOSS" });
  await place(alice, { ...stop, ...timed, type: "STOP_LOSS_LIMIT", price: 58_000 });
  await place(alice, { ...stop, type: "TAKE_PROFIT", stopPrice: 61_000 });
  await place(alice, {
    ...stop,
    ...timed,
    type: "TAKE_PROFIT_LIMIT",
    stopPrice: 61_000,
    price: 60_500,
  });
  const { stopPrice: _, ...unstopped } = stop;
  await place(alice, { ...unstopped, type: "STOP_LOSS", trailingDelta: 250 });
  await place(alice, { ...unstopped, type: "LIMIT_MAKER", price: 62_000 });
  const iceberg = await place(alice, { ...limit("SELL", 62_000, 0.5), icebergQty: 0.1 });

  const { restAPI } = alice;
  expect(await dataOf(restAPI.getOpenOrders({ symbol }))).toHaveLength(7);
  const orderId = Number((iceberg as { orderId?: number }).orderId);
  const amended = await dataOf(restAPI.orderAmendKeepPriority({ symbol, orderId, newQty: 0.4 }));
  expect(amended.amendedOrder).toMatchObject({ qty: "0.40000" });
  const replacing = { ...limit("SELL", 63_000, 0.2), cancelReplaceMode: "STOP_ON_FAILURE" };
  const replaced = await dataOf(
    restAPI.orderCancelReplace({ ...replacing, cancelOrderId: orderId }),
  );
  expect(replaced).toMatchObject({ cancelResult: "SUCCESS", newOrderResult: "SUCCESS" });
  expect(await dataOf(restAPI.getOrder({ symbol, orderId }))).toMatchObject({
    status: "CANCELED",
    origQty: "0.40000",
  });
  expect(await dataOf(restAPI.deleteOpenOrders({ symbol }))).toHaveLength(7);
  await expect(place(alice, limit("BUY", 60_000, 100))).rejects.toThrow(/insufficient balance/);
});

test("places, asks for and cancels lists", async () => {
  const { restAPI } = alice;
  const pair = {
    symbol,
    side: "SELL",
    quantity: 0.1,
    aboveType: "LIMIT_MAKER",
    abovePrice: 62_000,
    belowType: "STOP_LOSS",
    belowStopPrice: 59_000,
    listClientOrderId: "pair",
    // biome-ignore lint/suspicious/noExplicitAny: as above
  } as any;
  const oco = await dataOf(restAPI.orderListOco(pair));
  expect(oco.orders).toHaveLength(2);
  const asked = await dataOf(restAPI.getOrderList({ origClientOrderId: "pair" }));
  expect(asked).toMatchObject({ orderListId: oco.orderListId, contingencyType: "OCO" });
  const listClientOrderId = "pair";
  const ended = await dataOf(restAPI.deleteOrderList({ symbol, listClientOrderId }));
  expect(ended).toMatchObject({ listOrderStatus: "ALL_DONE" });

  const working = {
    symbol,
    workingType: "LIMIT",
    workingSide: "BUY",
    workingPrice: 59_000,
    workingQuantity: 0.1,
    workingTimeInForce: "GTC",
    pendingSide: "SELL",
    pendingQuantity: 0.05,
  };
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const oto = { ...working, pendingType: "MARKET" } as any;
  expect(await dataOf(restAPI.orderListOto(oto))).toMatchObject({ contingencyType: "OTO" });
  const otoco = {
    ...working,
    pendingAboveType: "LIMIT_MAKER",
    pendingAbovePrice: 63_000,
    pendingBelowType: "STOP_LOSS",
    pendingBelowStopPrice: 58_000,
    // biome-ignore lint/suspicious/noExplicitAny: as above
  } as any;
  expect((await dataOf(restAPI.orderListOtoco(otoco))).orders).toHaveLength(3);
  expect(await dataOf(restAPI.openOrderList())).toHaveLength(2);
  expect(await dataOf(restAPI.allOrderList())).toHaveLength(3);
  await dataOf(restAPI.deleteOpenOrders({ symbol }));
});

test("sees its account and its trades", async () => {
  const account = await dataOf(bob.restAPI.getAccount());
  expect(account.balances).toMatchObject([{ asset: "BTC" }, { asset: "ETH" }, { asset: "USDT" }]);
  expect(await dataOf(bob.restAPI.myTrades({ symbol }))).toMatchObject([{ qty: "0.10000" }]);
  expect(await dataOf(bob.restAPI.accountCommission({ symbol }))).toMatchObject({ symbol });
  expect(await dataOf(bob.restAPI.myFilters({ symbol }))).toMatchObject({ symbolFilters: [] });
  expect(await dataOf(bob.restAPI.rateLimitOrder())).toHaveLength(2);
});

test("enters orders over the WebSocket and hears what becomes of them", async () => {
  const connection = await alice.websocketAPI.connect();
  const heard: { x?: string; e?: string }[] = [];
  const { stream } = await connection.userDataStreamSubscribeSignature();
  stream.on("message", (message) => {
    const { event = message } = message as { event?: object };
    heard.push(event as object);
  });
  const placed = await connection.orderPlace(limit("SELL", 61_000, 0.2));
  const orderId = Number((placed.data as { orderId?: number }).orderId);
  const amended = await connection.orderAmendKeepPriority({ symbol, orderId, newQty: 0.1 });
  expect(amended.data).toMatchObject({ amendedOrder: { qty: "0.10000" } });
  const cancelled = await connection.orderCancel({ symbol, orderId });
  expect(cancelled.data).toMatchObject({ status: "CANCELED" });
  await expect
    .poll(() => heard.filter(({ e }) => e === "executionReport").map(({ x }) => x))
    .toEqual(["NEW", "REPLACED", "CANCELED"]);
  await connection.disconnect();
});

import ccxt from "ccxt";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type CcxtClient, ccxtClient } from "./testing/ccxt-client.ts";
import { ALICE, BOB, openTestExchange, type TestExchange } from "./testing/test-exchange.ts";

// Every order that an unmodified ccxt can place.
const SYMBOL = "BTC/USDT";

let exchange: TestExchange;
let alice: CcxtClient;
let bob: CcxtClient;

beforeAll(async () => {
  exchange = await openTestExchange();
  alice = await ccxtClient(exchange, ALICE);
  bob = await ccxtClient(exchange, BOB);
  await trade(60_000);
});
afterAll(async () => {
  await Promise.all([alice.close(), bob.close()]);
  await exchange.stop();
});
afterEach(async () => {
  for (const client of [alice, bob]) {
    if ((await client.fetchOpenOrders(SYMBOL)).length > 0) await client.cancelAllOrders(SYMBOL);
  }
  await trade(60_000);
});

/** What an order is called; ccxt's types allow that it has no name. */
const idOf = ({ id }: { id?: string | undefined }): string => id ?? "";

const trade = async (price: number): Promise<void> => {
  await bob.createOrder(SYMBOL, "limit", "sell", 0.001, price);
  await bob.createOrder(SYMBOL, "limit", "buy", 0.001, price);
};

describe("ccxt places", () => {
  test.each([
    ["a stop", "market", "sell", undefined, { stopLossPrice: 59_000 }, 59_000],
    ["a stop-limit", "limit", "sell", 58_900, { triggerPrice: 59_000 }, 59_000],
    ["a take-profit", "market", "sell", undefined, { takeProfitPrice: 61_000 }, 61_000],
    ["a take-profit-limit", "limit", "buy", 59_000, { takeProfitPrice: 59_000 }, 59_000],
    [
      "a trailing stop",
      "market",
      "sell",
      undefined,
      { trailingPercent: 1, stopLossOrTakeProfit: "stopLoss" },
      59_400,
    ],
    ["a stop by its type", "STOP_LOSS_LIMIT", "buy", 62_000, { stopPrice: 61_000 }, 61_000],
  ] as const)("%s, which waits and then trades", async (_, type, side, price, params, trigger) => {
    const order = await alice.createOrder(SYMBOL, type, side, 0.1, price, params);
    expect(order).toMatchObject({ status: "open", amount: 0.1, filled: 0 });
    const open = await alice.fetchOpenOrders(SYMBOL);
    expect(open).toMatchObject([{ id: order.id, status: "open" }]);
    await bob.createOrder(SYMBOL, "limit", side === "sell" ? "buy" : "sell", 1, trigger);
    await alice.createOrder(SYMBOL, "limit", side, 0.001, trigger);
    expect(await alice.fetchOrder(idOf(order), SYMBOL)).toMatchObject({
      status: "closed",
      filled: 0.1,
    });
  });

  test("a post-only order, and is told where it would take", async () => {
    const postOnly = { postOnly: true };
    const order = await alice.createOrder(SYMBOL, "limit", "sell", 0.1, 61_000, postOnly);
    expect(order).toMatchObject({ status: "open", postOnly: true });
    await expect(
      bob.createOrder(SYMBOL, "limit", "buy", 0.1, 61_000, postOnly),
    ).rejects.toBeInstanceOf(ccxt.OrderImmediatelyFillable);
  });

  test("an iceberg, and one that prevents self-trades", async () => {
    await alice.createOrder(SYMBOL, "limit", "sell", 1, 61_000, { icebergQty: "0.1" });
    expect((await bob.fetchOrderBook(SYMBOL)).asks).toEqual([[61_000, 0.1]]);
    const stp = { selfTradePrevention: "EXPIRE_TAKER", selfTradePreventionMode: "EXPIRE_TAKER" };
    const taker = await alice.createOrder(SYMBOL, "limit", "buy", 0.1, 61_000, stp);
    expect(taker).toMatchObject({ status: "expired", filled: 0 });
  });

  test("an order that trades at once or not at all, and one on trial", async () => {
    const fok = { timeInForce: "FOK" };
    const order = await alice.createOrder(SYMBOL, "limit", "buy", 0.1, 61_000, fok);
    expect(order).toMatchObject({ status: "expired", timeInForce: "FOK" });
    const trial = { test: true, triggerPrice: 59_000 };
    await alice.createOrder(SYMBOL, "limit", "sell", 0.1, 58_000, trial);
    expect(await alice.fetchOpenOrders(SYMBOL)).toEqual([]);
  });

  test("a stop whose price is reached, and is told", async () => {
    const reached = { stopLossPrice: 60_000 };
    await expect(
      alice.createOrder(SYMBOL, "market", "sell", 0.1, undefined, reached),
    ).rejects.toBeInstanceOf(ccxt.OrderImmediatelyFillable);
  });
});

describe("ccxt changes", () => {
  test("an order by cancelling and placing anew", async () => {
    const order = await alice.createOrder(SYMBOL, "limit", "sell", 0.5, 61_000);
    const edited = await alice.editOrder(idOf(order), SYMBOL, "limit", "sell", 0.4, 62_000);
    expect(edited).toMatchObject({ status: "open", amount: 0.4, price: 62_000 });
    expect(await alice.fetchOrder(idOf(order), SYMBOL)).toMatchObject({ status: "canceled" });
    await expect(
      alice.editOrder("999999", SYMBOL, "limit", "sell", 0.4, 62_000),
    ).rejects.toBeInstanceOf(ccxt.BaseError);
  });

  test("an order over the WebSocket", async () => {
    const order = await alice.createOrderWs(SYMBOL, "limit", "sell", 0.5, 61_000);
    const edited = await alice.editOrderWs(idOf(order), SYMBOL, "limit", "sell", 0.4, 62_000);
    expect(edited).toMatchObject({ status: "open", price: 62_000 });
    await alice.createOrderWs(SYMBOL, "limit", "sell", 0.1, 58_000, { stopPrice: 59_000 });
    expect(await alice.fetchOpenOrdersWs(SYMBOL)).toHaveLength(2);
    await alice.cancelAllOrdersWs(SYMBOL);
    expect(await alice.fetchOpenOrdersWs(SYMBOL)).toEqual([]);
  });

  test("an order by what it passes on: amendments and lists", async () => {
    const order = await alice.createOrder(SYMBOL, "limit", "sell", 0.5, 61_000);
    const names = { symbol: "BTCUSDT", orderId: idOf(order), newQty: "0.3" };
    const amended = await alice.request("order/amend/keepPriority", "private", "PUT", names);
    expect(amended["amendedOrder"]).toMatchObject({ qty: "0.30000" });
    const list = await alice.privatePostOrderListOco({
      symbol: "BTCUSDT",
      side: "SELL",
      quantity: "0.1",
      aboveType: "LIMIT_MAKER",
      abovePrice: "62000",
      belowType: "STOP_LOSS",
      belowStopPrice: "59000",
    });
    expect(list["orders"]).toHaveLength(2);
    expect(await alice.fetchOpenOrders(SYMBOL)).toHaveLength(3);
    expect(await alice.privateGetOpenOrderList({})).toHaveLength(1);
    expect(await alice.cancelAllOrders(SYMBOL)).toHaveLength(2);
    expect(await alice.fetchOpenOrders(SYMBOL)).toEqual([]);
  });
});

test("ccxt.pro watches orders that wait, are triggered and trade, its fills and its balance", async () => {
  const listens = vi.spyOn(exchange.views, "onAccount");
  const statuses: (string | undefined)[] = [];
  const watching = (async () => {
    while (statuses.at(-1) !== "closed") {
      for (const { status } of await alice.watchOrders(SYMBOL)) statuses.push(status);
    }
  })();
  await expect.poll(() => listens.mock.calls.length).toBe(1);
  const fills = alice.watchMyTrades(SYMBOL);
  const balance = alice.watchBalance();
  const stop = await alice.createOrder(SYMBOL, "market", "sell", 0.1, undefined, {
    stopLossPrice: 59_000,
  });
  await bob.createOrder(SYMBOL, "limit", "buy", 1, 59_000);
  await bob.createOrder(SYMBOL, "limit", "sell", 0.1, 59_000);
  expect((await fills)[0]).toMatchObject({ order: stop.id, price: 59_000, amount: 0.1 });
  expect((await balance)["BTC"]).toMatchObject({ used: expect.any(Number) });
  await watching;
  expect(statuses[0]).toBe("open");
});

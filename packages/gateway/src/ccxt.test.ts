import ccxt from "ccxt";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type CcxtClient, ccxtClient } from "./testing/ccxt-client.ts";
import { ALICE, BOB, openTestExchange, type TestExchange } from "./testing/test-exchange.ts";

const SYMBOL = "BTC/USDT";

let exchange: TestExchange;
let alice: CcxtClient;
let bob: CcxtClient;

/** What an order is called; ccxt's types allow that it has no name. */
const idOf = ({ id }: { id?: string | undefined }): string => id ?? "";

beforeAll(async () => {
  exchange = await openTestExchange();
  alice = await ccxtClient(exchange, ALICE);
  bob = await ccxtClient(exchange, BOB);
});
afterAll(async () => {
  await Promise.all([alice.close(), bob.close()]);
  await exchange.stop();
});

describe("ccxt over REST", () => {
  test("loads the markets with their rules", async () => {
    const markets = await alice.loadMarkets();
    expect(Object.keys(markets).sort()).toEqual(["BTC/USDT", "ETH/USDT"]);
    expect(markets[SYMBOL]).toMatchObject({
      id: "BTCUSDT",
      spot: true,
      active: true,
      precision: { amount: 0.00001, price: 0.01 },
      limits: { amount: { min: 0.00001, max: 900 }, cost: { min: 5 } },
    });
    expect(Object.keys(alice.currencies)).toEqual(expect.arrayContaining(["BTC", "ETH", "USDT"]));
  });

  test("asks for time and status", async () => {
    expect(Math.abs(((await alice.fetchTime()) ?? 0) - Date.now())).toBeLessThan(5_000);
    expect(await alice.fetchStatus()).toMatchObject({ status: "ok" });
  });

  test("sees its balance", async () => {
    const balance = await alice.fetchBalance();
    expect(balance["BTC"]).toEqual({ free: 10, used: 0, total: 10 });
    expect(balance["USDT"]).toEqual({ free: 1_000_000, used: 0, total: 1_000_000 });
  });

  test("places a limit order, sees it in the book and among its open orders, cancels it", async () => {
    const order = await alice.createOrder(SYMBOL, "limit", "sell", 0.5, 64_000.1);
    expect(order).toMatchObject({ status: "open", price: 64_000.1, amount: 0.5, filled: 0 });
    const book = await bob.fetchOrderBook(SYMBOL);
    expect(book.asks).toEqual([[64_000.1, 0.5]]);
    expect(book.bids).toEqual([]);
    expect(await alice.fetchOpenOrders(SYMBOL)).toMatchObject([{ id: order.id }]);
    expect((await alice.fetchBalance())["BTC"]).toEqual({ free: 9.5, used: 0.5, total: 10 });
    expect(await alice.cancelOrder(idOf(order), SYMBOL)).toMatchObject({ status: "canceled" });
    expect(await alice.fetchOpenOrders(SYMBOL)).toEqual([]);
    expect(await alice.fetchOrder(idOf(order), SYMBOL)).toMatchObject({ status: "canceled" });
  });

  test("trades by a market order and sees its fills", async () => {
    await alice.createOrder(SYMBOL, "limit", "sell", 0.3, 64_000);
    await alice.createOrder(SYMBOL, "limit", "sell", 0.3, 64_010);
    const order = await bob.createOrder(SYMBOL, "market", "buy", 0.4);
    expect(order).toMatchObject({ status: "closed", filled: 0.4, type: "market" });
    expect(order.average).toBeCloseTo((0.3 * 64_000 + 0.1 * 64_010) / 0.4, 6);
    const mine = await bob.fetchMyTrades(SYMBOL);
    expect(mine).toMatchObject([
      { order: order.id, price: 64_000, amount: 0.3, side: "buy", takerOrMaker: "taker" },
      { order: order.id, price: 64_010, amount: 0.1, fee: { cost: 0.0001, currency: "BTC" } },
    ]);
    expect(await alice.fetchMyTrades(SYMBOL)).toMatchObject([
      { takerOrMaker: "maker", fee: { cost: 19.2, currency: "USDT" } },
      { takerOrMaker: "maker" },
    ]);
    const balance = await bob.fetchBalance();
    expect(balance["BTC"]?.total).toBeCloseTo(10.3996, 8);
    expect(await alice.cancelAllOrders(SYMBOL)).toHaveLength(1);
  });

  test("spends a cost", async () => {
    await alice.createOrder(SYMBOL, "limit", "sell", 0.3, 64_000);
    const order = await bob.createMarketBuyOrderWithCost(SYMBOL, 1_000);
    expect(order).toMatchObject({ status: "closed", filled: 0.01562, cost: 999.68 });
    await alice.cancelAllOrders(SYMBOL);
  });

  test("reads trades, candles and tickers", async () => {
    const trades = await bob.fetchTrades(SYMBOL);
    expect(trades.map(({ price, side }) => [price, side])).toEqual([
      [64_000, "buy"],
      [64_010, "buy"],
      [64_000, "buy"],
    ]);
    const candles = await bob.fetchOHLCV(SYMBOL, "1d");
    expect(candles.at(-1)?.slice(1)).toEqual([64_000, 64_010, 64_000, 64_000, 0.41562]);
    expect(await bob.fetchTicker(SYMBOL)).toMatchObject({ last: 64_000, high: 64_010 });
    expect(Object.keys(await bob.fetchTickers())).toEqual(["BTC/USDT", "ETH/USDT"]);
    expect(Object.keys(await bob.fetchBidsAsks())).toHaveLength(2);
    expect(await bob.fetchTradingFee(SYMBOL)).toMatchObject({ maker: 0.001, taker: 0.001 });
  });

  test("finds its history", async () => {
    const orders = await bob.fetchOrders(SYMBOL);
    expect(orders.map(({ status }) => status)).toEqual(["closed", "closed"]);
    expect(await bob.fetchClosedOrders(SYMBOL)).toHaveLength(2);
    expect(await bob.fetchOrderTrades(orders[0]?.id ?? "", SYMBOL)).toHaveLength(2);
    expect(await bob.fetchDeposits()).toEqual([]);
    expect(await bob.fetchWithdrawals()).toEqual([]);
  });
});

describe("ccxt understands what is refused", () => {
  test.each([
    [
      "no money",
      () => bob.createOrder(SYMBOL, "limit", "buy", 100, 64_000),
      ccxt.InsufficientFunds,
    ],
    [
      "a price off the tick",
      () =>
        bob.privatePostOrder({
          symbol: "BTCUSDT",
          side: "BUY",
          type: "LIMIT",
          timeInForce: "GTC",
          price: "64000.001",
          quantity: "0.1",
        }),
      ccxt.InvalidOrder,
    ],
    [
      "a quantity off the lot",
      () =>
        bob.privatePostOrder({
          symbol: "BTCUSDT",
          side: "BUY",
          type: "LIMIT",
          timeInForce: "GTC",
          price: "64000",
          quantity: "0.100001",
        }),
      ccxt.InvalidOrder,
    ],
    ["a cancel of nothing", () => bob.cancelOrder("999", SYMBOL), ccxt.OrderNotFound],
    ["a question about nothing", () => bob.fetchOrder("999", SYMBOL), ccxt.OrderNotFound],
    ["an unknown symbol", () => bob.publicGetDepth({ symbol: "DOGEUSDT" }), ccxt.BadSymbol],
    [
      "a wrong secret",
      async () => (await ccxtClient(exchange, { ...BOB, secret: "guess" })).fetchBalance(),
      ccxt.AuthenticationError,
    ],
    [
      "an unknown key",
      async () => (await ccxtClient(exchange, { ...BOB, apiKey: "nobody" })).fetchBalance(),
      ccxt.AuthenticationError,
    ],
  ])("%s", async (_, call, error) => {
    await expect(call()).rejects.toBeInstanceOf(error);
  });
});

describe("ccxt.pro over WebSockets", () => {
  test("watches the book, and it is the book", async () => {
    await alice.createOrder(SYMBOL, "limit", "sell", 0.3, 65_000);
    const first = await bob.watchOrderBook(SYMBOL);
    expect(first.asks).toEqual([[65_000, 0.3]]);
    for (const price of [60_000, 60_001, 60_002]) {
      await alice.createOrder(SYMBOL, "limit", "buy", 0.001, price);
      await expect.poll(() => bob.orderbooks[SYMBOL]?.bids[0]).toEqual([price, 0.001]);
    }
    await alice.cancelAllOrders(SYMBOL);
    await expect.poll(() => bob.orderbooks[SYMBOL]?.bids.length).toBe(0);
  });

  test("watches trades, its orders, its fills and its balance", async () => {
    const listensToAccounts = vi.spyOn(exchange.views, "onAccount");
    const trades = bob.watchTrades(SYMBOL);
    const orders = bob.watchOrders(SYMBOL);
    const fills = bob.watchMyTrades(SYMBOL);
    const balance = bob.watchBalance();
    await expect.poll(() => exchange.marketData.listenerCount("trade")).toBe(1);
    await expect.poll(() => listensToAccounts.mock.calls.length).toBe(1);
    await alice.createOrder(SYMBOL, "limit", "sell", 0.1, 64_000);
    const { id } = await bob.createOrder(SYMBOL, "limit", "buy", 0.1, 64_000);
    expect(await trades).toMatchObject([{ price: 64_000, amount: 0.1, side: "buy" }]);
    expect((await orders)[0]).toMatchObject({ id });
    expect((await fills)[0]).toMatchObject({ order: id, price: 64_000 });
    expect((await balance)["BTC"]).toMatchObject({ total: expect.any(Number) });
  });

  test("watches candles and tickers", async () => {
    const candles = bob.watchOHLCV(SYMBOL, "1m");
    const ticker = bob.watchTicker(SYMBOL);
    const quotes = bob.watchBidsAsks([SYMBOL]);
    for (const event of ["candle", "ticker", "quotes"] as const) {
      await expect.poll(() => exchange.marketData.listenerCount(event)).toBe(1);
    }
    await alice.createOrder(SYMBOL, "limit", "sell", 0.1, 63_000);
    await bob.createOrder(SYMBOL, "limit", "buy", 0.05, 63_000);
    // The first to come may be that of a minute that has just ended.
    await candles;
    await expect.poll(() => bob.ohlcvs[SYMBOL]?.["1m"]?.at(-1)?.[4]).toBe(63_000);
    await ticker;
    await expect.poll(() => bob.tickers[SYMBOL]?.last).toBe(63_000);
    expect((await quotes)[SYMBOL]).toMatchObject({ symbol: SYMBOL });
    await alice.cancelAllOrders(SYMBOL);
  });

  test("places and cancels orders", async () => {
    const order = await alice.createOrderWs(SYMBOL, "limit", "buy", 0.1, 60_000);
    expect(order).toMatchObject({ status: "open", price: 60_000 });
    expect(await alice.fetchOpenOrdersWs(SYMBOL)).toMatchObject([{ id: order.id }]);
    expect(await alice.cancelOrderWs(idOf(order), SYMBOL)).toMatchObject({ status: "canceled" });
    expect(await alice.fetchOrderWs(idOf(order), SYMBOL)).toMatchObject({ status: "canceled" });
    // ccxt reads futures balances out of this answer, whatever the exchange; what it was sent is in `info`.
    expect((await alice.fetchBalanceWs())["info"]).toMatchObject({
      balances: [{ asset: "BTC" }, { asset: "ETH" }, { asset: "USDT" }],
    });
    expect((await alice.fetchOHLCVWs(SYMBOL, "1m")).at(-1)).toHaveLength(6);
    await expect(alice.createOrderWs(SYMBOL, "limit", "buy", 100, 60_000)).rejects.toBeInstanceOf(
      ccxt.InsufficientFunds,
    );
  });
});

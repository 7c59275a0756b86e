import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NativeClient } from "../testing/clients.ts";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";

let exchange: TestExchange;
let alice: NativeClient;
let bob: NativeClient;
let anybody: NativeClient;

beforeAll(async () => {
  exchange = await openTestExchange();
  alice = new NativeClient(exchange.http, ALICE);
  bob = new NativeClient(exchange.http, BOB);
  anybody = new NativeClient(exchange.http);
});
afterAll(() => exchange.stop());

const limit = (side: string, price: string, quantity: string, more: object = {}) => ({
  market: "BTC-USDT",
  side,
  type: "limit",
  price,
  quantity,
  ...more,
});

describe("anybody", () => {
  test("reads the markets and their rules", async () => {
    const { status, json } = await anybody.request("GET", "/v1/markets");
    expect(status).toBe(200);
    expect(json.markets.map(({ symbol }: { symbol: string }) => symbol)).toEqual([
      "BTC-USDT",
      "ETH-USDT",
    ]);
    expect((await anybody.request("GET", "/v1/markets/BTC-USDT")).json).toEqual({
      symbol: "BTC-USDT",
      status: "trading",
      base: "BTC",
      quote: "USDT",
      baseDecimals: 8,
      quoteDecimals: 8,
      priceIncrement: "0.01",
      quantityIncrement: "0.00001",
      maxPrice: "1000000.00",
      minQuantity: "0.00001",
      maxQuantity: "900.00000",
      minNotional: "5.00000000",
      makerFeePpm: 1_000,
      takerFeePpm: 1_000,
    });
  });

  test("asks for the time, in two forms that agree", async () => {
    const { json } = await anybody.request("GET", "/v1/time");
    expect(Date.parse(json.time)).toBe(json.epochMs);
    expect((await anybody.request("GET", "/v1/status")).json).toMatchObject({ status: "open" });
  });

  test("sees that a market which never traded has no prices yet", async () => {
    const { json } = await anybody.request("GET", "/v1/markets/ETH-USDT/ticker");
    expect(json).toMatchObject({ market: "ETH-USDT", last: null, bid: null, ask: null, trades: 0 });
    const candles = await anybody.request("GET", "/v1/markets/ETH-USDT/candles?interval=1m");
    expect(candles.json).toEqual({ market: "ETH-USDT", interval: "1m", candles: [] });
  });
});

describe("two traders", () => {
  test("trade at the maker's price, and read what they did at once", async () => {
    const resting = await alice.request("POST", "/v1/orders", limit("sell", "64000.10", "0.50000"));
    expect(resting.status).toBe(201);
    expect(resting.json).toMatchObject({
      order: {
        clientOrderId: null,
        market: "BTC-USDT",
        side: "sell",
        type: "limit",
        timeInForce: "gtc",
        price: "64000.10",
        quantity: "0.50000",
        executedQuantity: "0.00000",
        status: "open",
        reason: null,
      },
      fills: [],
    });
    const { id } = resting.json.order;

    const taken = await bob.request(
      "POST",
      "/v1/orders",
      limit("buy", "64001", "0.2", { clientOrderId: "bob-1" }),
    );
    expect(taken.json).toMatchObject({
      order: {
        clientOrderId: "bob-1",
        quantity: "0.20000",
        executedQuantity: "0.20000",
        executedQuoteQuantity: "12800.02000000",
        status: "filled",
        reason: "filled",
      },
      fills: [{ price: "64000.10", quantity: "0.20000", fee: "0.00020000", feeAsset: "BTC" }],
    });

    // The same through every other door.
    expect((await bob.request("GET", "/v1/orders/client:bob-1")).json).toEqual(taken.json.order);
    expect((await bob.request("GET", `/v1/orders/${taken.json.order.id}`)).json).toEqual(
      taken.json.order,
    );
    expect((await bob.request("GET", "/v1/orders?status=closed")).json.orders).toEqual([
      taken.json.order,
    ]);
    expect((await alice.request("GET", "/v1/orders")).json.orders).toMatchObject([
      { id, executedQuantity: "0.20000", status: "open" },
    ]);
    const fills = await alice.request("GET", "/v1/fills?market=BTC-USDT");
    expect(fills.json.fills).toMatchObject([
      { orderId: id, side: "sell", liquidity: "maker", fee: "12.80002000", feeAsset: "USDT" },
    ]);
    const trades = await anybody.request("GET", "/v1/markets/BTC-USDT/trades");
    expect(trades.json.trades).toMatchObject([
      { id: taken.json.fills[0].tradeId, price: "64000.10", quantity: "0.20000", takerSide: "buy" },
    ]);
    const book = await anybody.request("GET", "/v1/markets/BTC-USDT/book?depth=1");
    expect(book.json).toMatchObject({ bids: [], asks: [["64000.10", "0.30000"]] });
    const balances = await alice.request("GET", "/v1/balances");
    expect(balances.json.balances).toEqual([
      { asset: "BTC", total: "9.80000000", held: "0.30000000", available: "9.50000000" },
      {
        asset: "ETH",
        total: "100.000000000000000000",
        held: "0.000000000000000000",
        available: "100.000000000000000000",
      },
      {
        asset: "USDT",
        total: "1012787.21998000",
        held: "0.00000000",
        available: "1012787.21998000",
      },
    ]);
  });

  test("cancel one order, then the rest", async () => {
    const place = async (price: string) =>
      (await bob.request("POST", "/v1/orders", limit("buy", price, "0.001"))).json.order.id;
    const [first, second, third] = [
      await place("50000"),
      await place("50001"),
      await place("50002"),
    ];
    const cancelled = await bob.request("DELETE", `/v1/orders/${second}`);
    expect(cancelled.status).toBe(200);
    expect(cancelled.json.order).toMatchObject({ id: second, status: "cancelled" });
    const again = await bob.request("DELETE", `/v1/orders/${second}`);
    expect(again.status).toBe(409);
    expect(again.json).toMatchObject({ code: "order_not_open", field: "id", executed: "no" });

    const rest = await bob.request("DELETE", "/v1/orders?market=BTC-USDT");
    expect(rest.json.orders.map((order: { id: string }) => order.id)).toEqual([first, third]);
    expect((await bob.request("DELETE", "/v1/orders")).json.orders).toEqual([]);
  });

  test("a placement that is repeated gives the same order, with another body a conflict", async () => {
    const body = limit("buy", "40000", "0.001", { clientOrderId: "once" });
    const first = await bob.request("POST", "/v1/orders", body);
    const second = await bob.request("POST", "/v1/orders", body);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.json).toEqual(first.json);
    const other = await bob.request("POST", "/v1/orders", { ...body, quantity: "0.002" });
    expect(other.status).toBe(409);
    expect(other.json).toMatchObject({ code: "command_id_conflict", field: "clientOrderId" });
    await bob.request("DELETE", "/v1/orders/client:once");
  });
});

describe("a market order", () => {
  test("by quantity stops at 5 % beyond the best price; repeated, it is the same", async () => {
    await alice.request("POST", "/v1/orders", limit("sell", "70000", "1"));
    const body = {
      market: "BTC-USDT",
      side: "buy",
      type: "market",
      quantity: "0.5",
      clientOrderId: "market-1",
    };
    // 0.3 rest at 64,000.10; 70,000 is more than 5 % above.
    const { json } = await bob.request("POST", "/v1/orders", body);
    expect(json.order).toMatchObject({
      price: "67200.11",
      executedQuantity: "0.30000",
      status: "expired",
      reason: "no_liquidity",
    });
    // The best ask has moved, and with it the bound that a new order would get.
    const repeated = await bob.request("POST", "/v1/orders", body);
    expect(repeated.status).toBe(200);
    expect(repeated.json).toEqual(json);
  });

  test("sent twice before the first is answered is one order", async () => {
    await alice.request("POST", "/v1/orders", limit("sell", "66000", "0.001"));
    const body = {
      market: "BTC-USDT",
      side: "buy",
      type: "market",
      quantity: "0.001",
      clientOrderId: "market-2",
    };
    const answers = await Promise.all([
      bob.request("POST", "/v1/orders", body),
      bob.request("POST", "/v1/orders", body),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect(answers[0]?.json).toEqual(answers[1]?.json);
  });

  test("by quote quantity spends what it may", async () => {
    const { json } = await bob.request("POST", "/v1/orders", {
      market: "BTC-USDT",
      side: "buy",
      type: "market",
      quoteQuantity: "1000",
    });
    expect(json.order).toMatchObject({
      quantity: null,
      quoteQuantity: "1000.00000000",
      executedQuantity: "0.01428",
      executedQuoteQuantity: "999.60000000",
      status: "filled",
      reason: "budget_spent",
    });
  });

  test("finds nothing in an empty market and expires", async () => {
    for (const side of ["buy", "sell"]) {
      for (const amount of [{ quantity: "1" }, { quoteQuantity: "100" }]) {
        const { status, json } = await bob.request("POST", "/v1/orders", {
          market: "ETH-USDT",
          side,
          type: "market",
          ...amount,
        });
        expect(status).toBe(201);
        expect(json.order).toMatchObject({ status: "expired", executedQuantity: "0.0000" });
      }
    }
  });
});

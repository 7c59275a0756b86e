import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BinanceClient } from "../testing/clients.ts";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";

let exchange: TestExchange;
let alice: BinanceClient;
let bob: BinanceClient;
let anybody: BinanceClient;

beforeAll(async () => {
  exchange = await openTestExchange();
  alice = new BinanceClient(exchange.http, ALICE);
  bob = new BinanceClient(exchange.http, BOB);
  anybody = new BinanceClient(exchange.http);
});
afterAll(() => exchange.stop());

const limit = (side: string, price: string, quantity: string, more: object = {}) => ({
  symbol: "BTCUSDT",
  side,
  type: "LIMIT",
  timeInForce: "GTC",
  price,
  quantity,
  ...more,
});

describe("before anybody trades", () => {
  test("exchangeInfo tells the markets' rules as filters", async () => {
    const { status, json } = await anybody.request("GET", "/api/v3/exchangeInfo");
    expect(status).toBe(200);
    expect(json.symbols).toHaveLength(2);
    expect(json.symbols[0]).toMatchObject({
      symbol: "BTCUSDT",
      status: "TRADING",
      baseAsset: "BTC",
      quoteAsset: "USDT",
      orderTypes: expect.arrayContaining(["LIMIT", "STOP_LOSS_LIMIT", "TAKE_PROFIT"]),
      ocoAllowed: true,
      permissionSets: [["SPOT"]],
      filters: [
        { filterType: "PRICE_FILTER", minPrice: "0.01", maxPrice: "1000000.00", tickSize: "0.01" },
        { filterType: "LOT_SIZE", minQty: "0.00001", maxQty: "900.00000", stepSize: "0.00001" },
        { filterType: "MARKET_LOT_SIZE", stepSize: "0.00001" },
        { filterType: "NOTIONAL", minNotional: "5.00000000", applyMinToMarket: false },
        { filterType: "TRAILING_DELTA", minTrailingBelowDelta: 1, maxTrailingBelowDelta: 9_999 },
      ],
    });
  });

  test("tickers and candles are there, with zeros", async () => {
    const ticker = await anybody.request("GET", "/api/v3/ticker/24hr", { symbol: "ETHUSDT" });
    expect(ticker.json).toMatchObject({ lastPrice: "0.00", count: 0, firstId: -1, lastId: -1 });
    const klines = await anybody.request("GET", "/api/v3/klines", {
      symbol: "ETHUSDT",
      interval: "1m",
    });
    expect(klines.json).toEqual([]);
    expect((await anybody.request("GET", "/api/v3/avgPrice", { symbol: "ETHUSDT" })).json).toEqual({
      mins: 5,
      price: "0.00",
      closeTime: expect.any(Number),
    });
  });
});

describe("two traders", () => {
  test("trade; each answer has Binance's form", async () => {
    const resting = await alice.post("/api/v3/order", limit("SELL", "64000.10", "0.50000"));
    expect(resting.status).toBe(200);
    const { orderId } = resting.json;
    expect(Number.isSafeInteger(orderId)).toBe(true);
    expect(resting.json).toEqual({
      symbol: "BTCUSDT",
      orderId,
      orderListId: -1,
      clientOrderId: `pincex-${orderId}`,
      transactTime: expect.any(Number),
      price: "64000.10",
      origQty: "0.50000",
      executedQty: "0.00000",
      origQuoteOrderQty: "0.00000000",
      cummulativeQuoteQty: "0.00000000",
      status: "NEW",
      timeInForce: "GTC",
      type: "LIMIT",
      side: "SELL",
      workingTime: resting.json.transactTime,
      selfTradePreventionMode: "NONE",
      fills: [],
    });
    expect(resting.headers.get("x-mbx-order-count-10s")).toBe("1");
    expect(Number(resting.headers.get("x-mbx-used-weight-1m"))).toBeGreaterThan(0);

    const taken = await bob.request(
      "POST",
      "/api/v3/order",
      limit("BUY", "64001", "0.2", { newClientOrderId: "x-BOB:1", newOrderRespType: "FULL" }),
    );
    expect(taken.json).toMatchObject({
      clientOrderId: "x-BOB:1",
      price: "64001.00",
      executedQty: "0.20000",
      cummulativeQuoteQty: "12800.02000000",
      status: "FILLED",
      fills: [
        {
          price: "64000.10",
          qty: "0.20000",
          commission: "0.00020000",
          commissionAsset: "BTC",
          tradeId: expect.any(Number),
        },
      ],
    });

    const asked = await alice.request("GET", "/api/v3/order", { symbol: "BTCUSDT", orderId });
    expect(asked.json).toMatchObject({ status: "PARTIALLY_FILLED", executedQty: "0.20000" });
    const byShownName = await alice.request("GET", "/api/v3/order", {
      symbol: "BTCUSDT",
      origClientOrderId: `pincex-${orderId}`,
    });
    expect(byShownName.json).toEqual(asked.json);
    expect((await alice.request("GET", "/api/v3/openOrders")).json).toEqual([asked.json]);
    expect(
      (await bob.request("GET", "/api/v3/allOrders", { symbol: "BTCUSDT" })).json,
    ).toMatchObject([{ clientOrderId: "x-BOB:1", status: "FILLED" }]);

    const [{ tradeId }] = taken.json.fills;
    expect((await bob.request("GET", "/api/v3/myTrades", { symbol: "BTCUSDT" })).json).toEqual([
      {
        symbol: "BTCUSDT",
        id: tradeId,
        orderId: taken.json.orderId,
        orderListId: -1,
        price: "64000.10",
        qty: "0.20000",
        quoteQty: "12800.02000000",
        commission: "0.00020000",
        commissionAsset: "BTC",
        time: expect.any(Number),
        isBuyer: true,
        isMaker: false,
        isBestMatch: true,
      },
    ]);
    const account = await alice.request("GET", "/api/v3/account", { omitZeroBalances: "true" });
    expect(account.json).toMatchObject({ makerCommission: 10, canTrade: true, uid: 1 });
    expect(account.json.balances).toEqual([
      { asset: "BTC", free: "9.50000000", locked: "0.30000000" },
      { asset: "ETH", free: "100.000000000000000000", locked: "0.000000000000000000" },
      { asset: "USDT", free: "1012787.21998000", locked: "0.00000000" },
    ]);
  });

  test("and the public sees it everywhere", async () => {
    const symbol = { symbol: "BTCUSDT" };
    const get = async (path: string, more = {}) =>
      (await anybody.request("GET", `/api/v3/${path}`, { ...symbol, ...more })).json;
    expect(await get("depth", { limit: 5 })).toEqual({
      lastUpdateId: expect.any(Number),
      bids: [],
      asks: [["64000.10", "0.30000"]],
    });
    const [trade] = await get("trades");
    expect(trade).toMatchObject({ price: "64000.10", qty: "0.20000", isBuyerMaker: false });
    expect(await get("historicalTrades", { fromId: trade.id })).toEqual([trade]);
    expect(await get("aggTrades", { startTime: trade.time })).toEqual([
      {
        a: trade.id,
        p: "64000.10",
        q: "0.20000",
        f: trade.id,
        l: trade.id,
        T: trade.time,
        m: false,
        M: true,
      },
    ]);
    const [candle] = await get("klines", { interval: "1d" });
    expect(candle).toEqual([
      expect.any(Number),
      "64000.10",
      "64000.10",
      "64000.10",
      "64000.10",
      "0.20000",
      candle[0] + 86_399_999,
      "12800.02000000",
      1,
      "0.20000",
      "12800.02000000",
      "0",
    ]);
    expect(await get("uiKlines", { interval: "1d" })).toEqual([candle]);
    expect(await get("avgPrice")).toMatchObject({ price: "64000.10000000" });
    expect(await get("ticker/24hr")).toMatchObject({
      lastPrice: "64000.10",
      askPrice: "64000.10",
      volume: "0.20000",
      weightedAvgPrice: "64000.10000000",
      count: 1,
    });
    const day = await get("ticker", { windowSize: "1d" });
    for (const windowSize of ["1m", "59m", "1h", "23h"]) {
      const window = await get("ticker", { windowSize });
      expect(window).toEqual({ ...day, openTime: window.openTime, closeTime: window.closeTime });
    }
    expect(await get("ticker", { windowSize: "60m" })).toMatchObject({ field: "windowSize" });
    expect(await get("ticker/24hr", { type: "MINI" })).not.toHaveProperty("bidPrice");
    expect(await get("ticker/price")).toEqual({ symbol: "BTCUSDT", price: "64000.10" });
    expect(await get("ticker/bookTicker")).toMatchObject({ bidPrice: "0.00", askQty: "0.30000" });
    const listed = await anybody.request("GET", "/api/v3/ticker/price", {
      symbols: '["ETHUSDT","BTCUSDT"]',
    });
    expect(listed.json.map(({ symbol }: { symbol: string }) => symbol)).toEqual([
      "ETHUSDT",
      "BTCUSDT",
    ]);
    expect((await anybody.request("GET", "/api/v3/ticker/bookTicker")).json).toHaveLength(2);
  });

  test("cancel by either id, and all at once", async () => {
    const named = limit("BUY", "50000", "0.001", { newClientOrderId: "b-1" });
    const { orderId } = (await bob.post("/api/v3/order", named)).json;
    const cancelled = await bob.request("DELETE", "/api/v3/order", {
      symbol: "BTCUSDT",
      origClientOrderId: "b-1",
      newClientOrderId: "cancel-it",
    });
    expect(cancelled.json).toMatchObject({
      orderId,
      origClientOrderId: "b-1",
      clientOrderId: "cancel-it",
      status: "CANCELED",
    });
    const again = await bob.request("DELETE", "/api/v3/order", { symbol: "BTCUSDT", orderId });
    expect(again.status).toBe(400);
    expect(again.json).toMatchObject({ code: -2011, msg: "Unknown order sent." });

    await bob.post("/api/v3/order", named);
    await bob.post("/api/v3/order", limit("BUY", "50001", "0.001"));
    const all = await bob.request("DELETE", "/api/v3/openOrders", { symbol: "BTCUSDT" });
    expect(all.json.map(({ status }: { status: string }) => status)).toEqual([
      "CANCELED",
      "CANCELED",
    ]);
    const none = await bob.request("DELETE", "/api/v3/openOrders", { symbol: "BTCUSDT" });
    expect(none.json).toMatchObject({ code: -2011 });
  });

  test.each([
    ["ACK", ["symbol", "orderId", "orderListId", "clientOrderId", "transactTime"]],
    ["RESULT", expect.not.arrayContaining(["fills"])],
    ["FULL", expect.arrayContaining(["fills"])],
  ])("ask for an answer of type %s", async (newOrderRespType, keys) => {
    const order = limit("BUY", "50000", "0.001", { newOrderRespType });
    const { json } = await bob.post("/api/v3/order", order);
    expect(Object.keys(json)).toEqual(keys);
    await bob.request("DELETE", "/api/v3/order", { symbol: "BTCUSDT", orderId: json.orderId });
  });

  test("IOC and FOK orders never rest", async () => {
    const ioc = await bob.post(
      "/api/v3/order",
      limit("BUY", "64000.10", "0.4", { timeInForce: "IOC" }),
    );
    expect(ioc.json).toMatchObject({
      status: "EXPIRED",
      executedQty: "0.30000",
      timeInForce: "IOC",
    });
    const fok = await bob.post(
      "/api/v3/order",
      limit("BUY", "64000.10", "0.4", { timeInForce: "FOK" }),
    );
    expect(fok.json).toMatchObject({ status: "EXPIRED", executedQty: "0.00000", fills: [] });
  });
});

describe("a market order", () => {
  test("by quantity, by quote quantity", async () => {
    await alice.post("/api/v3/order", limit("SELL", "64000", "1"));
    const market = { symbol: "BTCUSDT", side: "BUY", type: "MARKET" };
    const byQuantity = await bob.post("/api/v3/order", { ...market, quantity: "0.1" });
    expect(byQuantity.json).toMatchObject({
      status: "FILLED",
      type: "MARKET",
      timeInForce: "GTC",
      price: "0.00",
      cummulativeQuoteQty: "6400.00000000",
    });
    const byQuote = await bob.post("/api/v3/order", { ...market, quoteOrderQty: "1000" });
    expect(byQuote.json).toMatchObject({
      status: "FILLED",
      origQty: "0.01562",
      executedQty: "0.01562",
      origQuoteOrderQty: "1000.00000000",
      cummulativeQuoteQty: "999.68000000",
    });
  });

  test("finds no one and expires", async () => {
    const market = { symbol: "ETHUSDT", side: "BUY", type: "MARKET", quantity: "1" };
    const { status, json } = await bob.post("/api/v3/order", market);
    expect(status).toBe(200);
    expect(json).toMatchObject({ status: "EXPIRED", executedQty: "0.0000", fills: [] });
  });
});

describe("what clients ask before they trade", () => {
  test.each([
    ["/api/v3/ping", {}],
    ["/sapi/v1/system/status", { status: 0, msg: "normal" }],
    ["/fapi/v1/exchangeInfo", expect.objectContaining({ symbols: [] })],
    ["/dapi/v1/exchangeInfo", expect.objectContaining({ symbols: [] })],
    ["/api/v3/time", { serverTime: expect.any(Number) }],
  ])("GET %s", async (path, answer) => {
    expect((await anybody.request("GET", path)).json).toEqual(answer);
  });

  test.each([
    ["/sapi/v1/margin/allPairs", []],
    ["/sapi/v1/margin/isolated/allPairs", []],
    ["/sapi/v1/capital/deposit/hisrec", []],
    ["/sapi/v1/capital/withdraw/history", []],
    [
      "/sapi/v1/capital/config/getall",
      expect.arrayContaining([expect.objectContaining({ coin: "BTC" })]),
    ],
    [
      "/sapi/v1/asset/tradeFee",
      [
        { symbol: "BTCUSDT", makerCommission: "0.001", takerCommission: "0.001" },
        { symbol: "ETHUSDT", makerCommission: "0.001", takerCommission: "0.001" },
      ],
    ],
    [
      "/api/v3/rateLimit/order",
      [expect.objectContaining({ count: expect.any(Number) }), expect.anything()],
    ],
  ])("signed GET %s", async (path, answer) => {
    expect((await bob.request("GET", path)).json).toEqual(answer);
  });

  test("their commission", async () => {
    const { json } = await bob.request("GET", "/api/v3/account/commission", { symbol: "BTCUSDT" });
    expect(json).toMatchObject({
      standardCommission: { maker: "0.00100000", taker: "0.00100000" },
    });
  });

  test("whether an order would be accepted, without placing it", async () => {
    const hash = exchange.venue.stateHash();
    expect((await bob.post("/api/v3/order/test", limit("BUY", "1000", "0.01"))).json).toEqual({});
    const rates = await bob.post(
      "/api/v3/order/test",
      limit("BUY", "1000", "0.01", { computeCommissionRates: "true" }),
    );
    expect(rates.json.standardCommissionForOrder).toEqual({
      maker: "0.00100000",
      taker: "0.00100000",
    });
    const off = await bob.post("/api/v3/order/test", limit("BUY", "1000.001", "0.01"));
    expect(off.json).toMatchObject({ code: -1013, msg: "Filter failure: PRICE_FILTER" });
    expect(exchange.venue.stateHash()).toBe(hash);
  });
});

describe("the ways in which clients send the same", () => {
  const order = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&price=1000&quantity=0.01";

  test.each([
    ["everything in the query, JSON content type and no body", "application/json"],
    ["everything in the query, no content type", undefined],
  ])("%s", async (_, type) => {
    const response = await fetch(`${exchange.http}/api/v3/order?${bob.signed(order)}`, {
      method: "POST",
      headers: {
        "X-MBX-APIKEY": BOB.apiKey,
        ...(type === undefined ? {} : { "content-type": type }),
      },
    });
    expect(await response.json()).toMatchObject({ status: "NEW" });
  });

  test("half in the query, half in the body", async () => {
    const signed = bob.signed("side=BUY&type=LIMIT&timeInForce=GTC&price=1000&quantity=0.01");
    // The signature covers query and body put together.
    const timestamp = /timestamp=(\d+)/.exec(signed)?.[1];
    const query = "symbol=BTCUSDT";
    const body = `side=BUY&type=LIMIT&timeInForce=GTC&price=1000&quantity=0.01&timestamp=${timestamp}`;
    const { createHmac } = await import("node:crypto");
    const signature = createHmac("sha256", BOB.secret)
      .update(query + body)
      .digest("hex");
    const answer = await bob.send("POST", "/api/v3/order", query, `${body}&signature=${signature}`);
    expect(answer.json).toMatchObject({ status: "NEW" });
  });

  test("slashes doubled by careless joining", async () => {
    expect((await anybody.send("GET", "//api//v3/ping", "", "")).json).toEqual({});
  });

  test("from a page: preflight and exposed headers", async () => {
    const preflight = await fetch(`${exchange.http}/api/v3/order`, {
      method: "OPTIONS",
      headers: { "access-control-request-method": "POST", origin: "http://elsewhere.test" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toContain("X-MBX-APIKEY");
    const { headers } = await anybody.request("GET", "/api/v3/time");
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-expose-headers")).toContain("X-MBX-USED-WEIGHT");
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { HmacKey } from "../api-key.ts";
import { BinanceClient, hmac } from "../testing/clients.ts";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";
import { type Message, WebSocketClient } from "../testing/web-socket-client.ts";

let exchange: TestExchange;
let bob: BinanceClient;
const open: WebSocketClient[] = [];

beforeAll(async () => {
  exchange = await openTestExchange();
  bob = new BinanceClient(exchange.http, BOB);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
});
afterAll(() => exchange.stop());

const connect = async (): Promise<WebSocketClient> => {
  const client = await WebSocketClient.open(`${exchange.webSocket}/ws-api/v3`);
  open.push(client);
  return client;
};

let lastId = 0;

const ask = async (client: WebSocketClient, method: string, params?: object): Promise<Message> => {
  const id = ++lastId;
  client.send({ id, method, ...(params === undefined ? {} : { params }) });
  return client.next((message) => message.id === id);
};

/** Parameters as a client signs them: sorted, not encoded. */
const signed = (params: Record<string, string | number>, key: HmacKey = ALICE): object => {
  const all: Record<string, string | number> = {
    ...params,
    apiKey: key.apiKey,
    timestamp: Date.now(),
  };
  const payload = Object.keys(all)
    .sort()
    .map((name) => `${name}=${all[name]}`)
    .join("&");
  return { ...all, signature: hmac(key.secret, payload) };
};

const limit = (side: string, price: string, quantity: string, more = {}) => ({
  symbol: "BTCUSDT",
  side,
  type: "LIMIT",
  timeInForce: "GTC",
  price,
  quantity,
  ...more,
});

describe("the WebSocket API", () => {
  test("answers what anybody may ask, as REST does", async () => {
    const client = await connect();
    expect(await ask(client, "ping")).toMatchObject({ status: 200, result: {} });
    expect(await ask(client, "time")).toMatchObject({ result: { serverTime: expect.any(Number) } });
    const info = await ask(client, "exchangeInfo", { symbols: ["BTCUSDT"] });
    expect(info.result.symbols).toMatchObject([{ symbol: "BTCUSDT" }]);
    expect(info.rateLimits).toMatchObject([{ rateLimitType: "REQUEST_WEIGHT", count: 22 }]);
    for (const method of [
      "depth",
      "trades.recent",
      "trades.aggregate",
      "ticker.24hr",
      "ticker.price",
      "ticker.book",
      "avgPrice",
      "ticker",
    ]) {
      const answer = await ask(client, method, { symbol: "BTCUSDT", limit: 5 });
      expect(answer, method).toMatchObject({ status: 200 });
    }
    const klines = await ask(client, "klines", { symbol: "BTCUSDT", interval: "1m" });
    expect(klines.result).toEqual([]);
    const quiet = await ask(client, "ping", { returnRateLimits: false });
    expect(quiet).not.toHaveProperty("rateLimits");
  });

  test("places, shows and cancels orders that are signed one by one", async () => {
    const client = await connect();
    const placed = await ask(client, "order.place", signed(limit("SELL", "64000", "0.1")));
    expect(placed).toMatchObject({ status: 200, result: { status: "NEW", fills: [] } });
    const { orderId } = placed.result;
    const symbol = "BTCUSDT";
    const shown = await ask(client, "order.status", signed({ symbol, orderId }));
    expect(shown.result).toMatchObject({ orderId, status: "NEW" });
    expect((await ask(client, "openOrders.status", signed({ symbol }))).result).toEqual([
      shown.result,
    ]);
    const cancelled = await ask(client, "order.cancel", signed({ symbol, orderId }));
    expect(cancelled.result).toMatchObject({ orderId, status: "CANCELED" });
    await ask(client, "order.place", signed(limit("SELL", "64000", "0.1")));
    expect((await ask(client, "openOrders.cancelAll", signed({ symbol }))).result).toHaveLength(1);
    expect((await ask(client, "allOrders", signed({ symbol }))).result).toHaveLength(2);
    expect((await ask(client, "myTrades", signed({ symbol }))).result).toEqual([]);
    expect((await ask(client, "account.status", signed({}))).result).toMatchObject({ uid: 1 });
  });

  test("checks the signature over numbers as they were written", async () => {
    const client = await connect();
    const timestamp = Date.now();
    const body = `apiKey=${ALICE.apiKey}&limit=1e+01&symbol=BTCUSDT&timestamp=${timestamp}`;
    const signature = hmac(ALICE.secret, body);
    client.send(
      `{"id":"py","method":"allOrders","params":{"symbol":"BTCUSDT","limit":1e+01,"timestamp":${timestamp},"apiKey":"${ALICE.apiKey}","signature":"${signature}"}}`,
    );
    // The signature was right: it is the limit that is not.
    expect(await client.next()).toMatchObject({ id: "py", error: { code: -1100, field: "limit" } });
  });

  test("lets a session be logged on, at once for what is sent behind it", async () => {
    const client = await connect();
    client.send({ id: 1, method: "session.logon", params: signed({}) });
    client.send({ id: 2, method: "account.status" });
    expect(await client.next()).toMatchObject({ id: 1, result: { apiKey: ALICE.apiKey } });
    expect(await client.next()).toMatchObject({ id: 2, result: { uid: 1 } });
    expect((await ask(client, "session.status")).result).toMatchObject({ apiKey: ALICE.apiKey });
    const placed = await ask(client, "order.place", limit("SELL", "64000", "0.1"));
    expect(placed.rateLimits).toHaveLength(3);
    await ask(client, "openOrders.cancelAll", { symbol: "BTCUSDT" });
    expect((await ask(client, "session.logout")).result).toMatchObject({ apiKey: null });
    expect(await ask(client, "account.status")).toMatchObject({
      status: 400,
      error: { code: -1102 },
    });
  });

  test.each([
    ["an unknown method", "order.dance", {}, 400, -1020],
    ["an unknown market", "depth", { symbol: "DOGEUSDT" }, 400, -1121],
    ["no market", "depth", {}, 400, -1102],
    ["no signature", "account.status", { apiKey: "alice-key", timestamp: Date.now() }, 400, -1102],
    [
      "a wrong one",
      "account.status",
      { apiKey: "alice-key", timestamp: Date.now(), signature: "00" },
      400,
      -1022,
    ],
    [
      "a key that nobody has",
      "account.status",
      { apiKey: "x", timestamp: Date.now(), signature: "00" },
      401,
      -2015,
    ],
    ["a stream without logon", "userDataStream.subscribe", {}, 400, -1022],
    ["a stream that does not run", "userDataStream.unsubscribe", { subscriptionId: 7 }, 400, -1130],
    ["parameters that are none", "ping", 1, 400, -1130],
  ])("refuses %s", async (_, method, params, status, code) => {
    const client = await connect();
    const hash = exchange.venue.stateHash();
    expect(await ask(client, method, params as object)).toMatchObject({ status, error: { code } });
    expect(exchange.venue.stateHash()).toBe(hash);
  });

  test("refuses what is no request, and stays", async () => {
    const client = await connect();
    client.send("{");
    expect(await client.next()).toMatchObject({ id: null, status: 400, error: { code: -1135 } });
    client.send({ id: 5 });
    expect(await client.next()).toMatchObject({
      id: 5,
      error: { code: -1102, field: "method" },
    });
    expect(await ask(client, "ping")).toMatchObject({ status: 200 });
  });
});

describe("the user stream", () => {
  test("reports each step of an order, then the balances", async () => {
    const client = await connect();
    const subscribed = await ask(client, "userDataStream.subscribe.signature", signed({}));
    expect(subscribed.result).toEqual({ subscriptionId: 0 });
    const report = async (): Promise<Message> =>
      (await client.next(({ event }) => event?.e === "executionReport")).event;

    const order = limit("SELL", "64000", "0.3", { newClientOrderId: "mine" });
    const { result } = await ask(client, "order.place", signed(order));
    const reports = () => client.heard.filter(({ event }) => event?.e === "executionReport");
    await expect.poll(() => reports().length).toBe(1);
    expect(reports()[0]).toMatchObject({
      subscriptionId: 0,
      event: {
        s: "BTCUSDT",
        c: "mine",
        S: "SELL",
        o: "LIMIT",
        f: "GTC",
        q: "0.30000",
        p: "64000.00",
        x: "NEW",
        X: "NEW",
        i: result.orderId,
        t: -1,
        N: null,
        w: true,
      },
    });
    const held = client.heard.find(({ event }) => event?.e === "outboundAccountPosition").event;
    expect(held.B).toEqual([{ a: "BTC", f: "9.70000000", l: "0.30000000" }]);

    await bob.post("/api/v3/order", limit("BUY", "64000", "0.1"));
    expect(await report()).toMatchObject({
      c: "mine",
      x: "TRADE",
      X: "PARTIALLY_FILLED",
      l: "0.10000",
      L: "64000.00",
      z: "0.10000",
      Z: "6400.00000000",
      n: "6.40000000",
      N: "USDT",
      m: true,
    });
    const paid = await client.next(({ event }) => event?.e === "outboundAccountPosition");
    expect(paid.event.B.map(({ a }: { a: string }) => a).sort()).toEqual(["BTC", "USDT"]);

    await ask(client, "order.cancel", signed({ symbol: "BTCUSDT", origClientOrderId: "mine" }));
    await expect.poll(() => reports().at(-1).event.x).toBe("CANCELED");
    expect(reports().at(-1).event).toMatchObject({
      C: "mine",
      X: "CANCELED",
      z: "0.10000",
      w: false,
    });

    await ask(client, "userDataStream.unsubscribe", { subscriptionId: 0 });
    const before = client.heard.length;
    await ask(client, "order.place", signed(limit("SELL", "70000", "0.001")));
    expect(client.heard.length).toBe(before + 1);
    await ask(client, "openOrders.cancelAll", signed({ symbol: "BTCUSDT" }));
  });

  test("says with its last fill that an order by quote quantity is filled", async () => {
    const client = await connect();
    await ask(client, "session.logon", signed({}, BOB));
    await ask(client, "userDataStream.subscribe");
    const seller = await connect();
    await ask(seller, "order.place", signed(limit("SELL", "64000", "1")));
    const market = { symbol: "BTCUSDT", side: "BUY", type: "MARKET", quoteOrderQty: "1000" };
    await ask(client, "order.place", market);
    const steps = () =>
      client.heard.flatMap(({ event }) =>
        event?.e === "executionReport" ? [[event.x, event.X]] : [],
      );
    await expect.poll(steps).toEqual([
      ["NEW", "NEW"],
      ["TRADE", "FILLED"],
    ]);
    await ask(seller, "openOrders.cancelAll", signed({ symbol: "BTCUSDT" }));
  });
});

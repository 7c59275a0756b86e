import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { BinanceClient, hmac, NativeClient } from "../testing/clients.ts";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";
import { WebSocketClient } from "../testing/web-socket-client.ts";

let exchange: TestExchange;
let now = 1_800_000_000_000;

beforeAll(async () => {
  exchange = await openTestExchange({
    clock: () => now,
    limits: { perAddress: { burst: 6, perSecond: 1 }, perKey: { burst: 3, perSecond: 0.5 } },
  });
});
afterAll(() => exchange.stop());
beforeEach(() => {
  // All that was taken has come back.
  now += 60_000;
});

const order = { market: "BTC-USDT", side: "sell", type: "limit", price: "60000", quantity: "0.1" };

describe("the native API", () => {
  const ask = (key: typeof ALICE, method: string, path: string, body = "") =>
    new NativeClient(exchange.http, key).raw(method, path, body, now);

  test("says what is left, then refuses with when to come back", async () => {
    const first = await ask(ALICE, "GET", "/v1/orders");
    expect(first.headers.get("ratelimit-policy")).toBe('"address";q=6;w=6, "key";q=3;w=6');
    expect(first.headers.get("ratelimit")).toBe('"address";r=5;t=1, "key";r=2;t=2');
    await ask(ALICE, "GET", "/v1/orders");
    await ask(ALICE, "GET", "/v1/orders");
    const over = await ask(ALICE, "POST", "/v1/orders", JSON.stringify(order));
    expect(over.status).toBe(429);
    expect(over.json).toMatchObject({
      code: "too_many_requests",
      retryable: true,
      executed: "no",
    });
    expect(over.headers.get("retry-after")).toBe("2");
    expect(over.headers.get("content-type")).toBe("application/problem+json");
    now += 2_000;
    expect((await ask(ALICE, "GET", "/v1/orders")).status).toBe(200);
  });

  test("counts keys by themselves, and addresses whatever their keys", async () => {
    for (let times = 0; times < 3; times++) await ask(ALICE, "GET", "/v1/orders");
    for (let times = 0; times < 3; times++) {
      expect((await ask(BOB, "GET", "/v1/orders")).status).toBe(200);
    }
    const over = await new NativeClient(exchange.http).request("GET", "/v1/time");
    expect(over.status).toBe(429);
    expect(over.headers.get("ratelimit")).toBe('"address";r=0;t=6');
  });

  test("never limits cancels", async () => {
    const placed = await ask(ALICE, "POST", "/v1/orders", JSON.stringify(order));
    while ((await ask(ALICE, "GET", "/v1/orders")).status !== 429);
    const cancelled = await ask(ALICE, "DELETE", `/v1/orders/${placed.json.order.id}`);
    expect(cancelled.status).toBe(200);
    expect(cancelled.headers.get("ratelimit")).toBeNull();
    for (let times = 0; times < 10; times++) {
      expect((await ask(ALICE, "DELETE", "/v1/orders")).status).toBe(200);
    }
    expect((await ask(ALICE, "POST", "/v1/cancel-after", '{"timeoutMs":0}')).status).toBe(200);
  });

  test("counts cancels that are signed by nobody", async () => {
    const forged = { ...ALICE, secret: "guessed" };
    const statuses: number[] = [];
    for (let times = 0; times < 7; times++) {
      statuses.push((await ask(forged, "DELETE", "/v1/orders")).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429]);
    // Whose signature is right gets out from there all the same.
    expect((await ask(ALICE, "DELETE", "/v1/orders")).status).toBe(200);
  });

  test("counts each order of a batch and of a list", async () => {
    const batch = (orders: number) =>
      ask(ALICE, "POST", "/v1/orders/batch", JSON.stringify({ orders: Array(orders).fill(order) }));
    expect((await batch(4)).json).toMatchObject({ status: 422, code: "requests_above_limit" });
    const { market, ...leg } = order;
    const pair = { market, contingency: "oto", orders: [leg, leg] };
    const listed = await ask(ALICE, "POST", "/v1/order-lists", JSON.stringify(pair));
    expect([listed.status, listed.headers.get("ratelimit")?.split(", ")[1]]).toEqual([
      201,
      '"key";r=1;t=4',
    ]);
    expect((await batch(2)).json).toMatchObject({ status: 429, executed: "no" });
    now += 4_000;
    expect((await batch(3)).json.results).toHaveLength(3);
    expect((await ask(ALICE, "DELETE", "/v1/orders")).json.orders).toHaveLength(5);
  });

  test("counts what it can't read, over a WebSocket", async () => {
    const client = await WebSocketClient.open(`${exchange.webSocket}/v1/ws`);
    for (let times = 0; times < 2; times++) {
      client.send("{");
      client.send({ id: 1, op: "no such" });
      client.send({ id: 2, op: "cancel_all" });
    }
    client.send({ id: "over", op: "cancel_all" });
    expect(await client.next(({ id }) => id === "over")).toMatchObject({ status: 429 });
    expect(client.heard.map(({ status }) => status)).toEqual([400, 400, 401, 400, 400, 401, 429]);
    await client.close();
  });

  test("over a WebSocket, too", async () => {
    const client = await WebSocketClient.open(`${exchange.webSocket}/v1/ws`);
    const timestamp = String(now);
    const signature = hmac(ALICE.secret, `${timestamp}GET/v1/ws`);
    client.send({ id: "auth", op: "auth", key: ALICE.apiKey, timestamp, signature });
    await client.next(({ id }) => id === "auth");
    for (let id = 1; id <= 4; id++) client.send({ id, op: "place", body: order });
    expect(await client.next(({ id }) => id === 4)).toMatchObject({
      type: "error",
      status: 429,
      code: "too_many_requests",
      executed: "no",
    });
    client.send({ id: "out", op: "cancel_all" });
    const all = await client.next(({ id }) => id === "out");
    expect(all.result.orders).toHaveLength(3);
    await client.close();
  });
});

describe("the Binance dialect", () => {
  const client = new BinanceClient("", ALICE);
  const ask = (method: string, path: string, query = "symbol=BTCUSDT") =>
    new BinanceClient(exchange.http, ALICE).send(method, path, client.signed(query, now), "");

  test("refuses with Binance's number, and never a cancel", async () => {
    for (let times = 0; times < 3; times++) {
      expect((await ask("GET", "/api/v3/openOrders")).status).toBe(200);
    }
    const over = await ask("GET", "/api/v3/openOrders");
    expect(over.status).toBe(429);
    expect(over.json).toMatchObject({
      code: -1003,
      msg: "Too many requests; current limit is 3 requests per 6 SECONDS.",
      reason: "too_many_requests",
    });
    expect(over.headers.get("retry-after")).toBe("2");
    expect((await ask("DELETE", "/api/v3/openOrders")).json).toMatchObject({ code: -2011 });
  });

  test("counts cancels that are signed by nobody, and what is no method", async () => {
    const forged = new BinanceClient(exchange.http, { ...ALICE, secret: "guessed" });
    const codes: number[] = [];
    for (let times = 0; times < 3; times++) {
      const query = forged.signed("symbol=BTCUSDT", now);
      codes.push((await forged.send("DELETE", "/api/v3/openOrders", query, "")).json.code);
      codes.push((await forged.send("GET", "/api/v3/no-such", "", "")).status);
    }
    const last = forged.signed("symbol=BTCUSDT", now);
    codes.push((await forged.send("DELETE", "/api/v3/openOrders", last, "")).json.code);
    expect(codes).toEqual([-1022, 404, -1022, 404, -1022, 404, -1003]);
    expect((await ask("DELETE", "/api/v3/openOrders")).json).toMatchObject({ code: -2011 });
  });

  test("counts what it can't read, and whoever asks to be known, by the WebSocket API", async () => {
    const api = await WebSocketClient.open(`${exchange.webSocket}/ws-api/v3`);
    for (const text of ["{", "[]", '{"id":1}', '{"id":1,"method":"no.such"}']) api.send(text);
    api.send({ id: 1, method: "session.logon", params: { apiKey: "a", timestamp: now } });
    api.send({ id: 1, method: "order.cancel", params: { apiKey: "a", symbol: "BTCUSDT" } });
    api.send("{");
    await expect.poll(() => api.heard.length).toBe(7);
    const codes = api.heard.map(({ error }) => error.code);
    expect(codes).toEqual([-1135, -1135, -1102, -1020, -1102, -1102, -1003]);
    await api.close();
  });

  test("by the WebSocket API as well", async () => {
    const api = await WebSocketClient.open(`${exchange.webSocket}/ws-api/v3`);
    for (let id = 1; id <= 7; id++) api.send({ id, method: "time" });
    expect(await api.next(({ id }) => id === 7)).toMatchObject({
      status: 429,
      error: { code: -1003, data: { serverTime: now, retryAfter: now + 1_000 } },
    });
    await api.close();
  });
});

test("a host that sets a limit which is none is told", async () => {
  await expect(
    openTestExchange({ limits: { perKey: { burst: 0, perSecond: 1 } } }),
  ).rejects.toThrow(RangeError);
});

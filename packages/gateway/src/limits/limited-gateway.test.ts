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

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { BinanceClient } from "../testing/clients.ts";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";
import { type Message, WebSocketClient } from "../testing/web-socket-client.ts";

let exchange: TestExchange;
let alice: BinanceClient;
let bob: BinanceClient;
const open: WebSocketClient[] = [];

beforeAll(async () => {
  exchange = await openTestExchange();
  alice = new BinanceClient(exchange.http, ALICE);
  bob = new BinanceClient(exchange.http, BOB);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
  await Promise.all(
    [alice, bob].map((trader) =>
      trader.request("DELETE", "/api/v3/openOrders", { symbol: "BTCUSDT" }),
    ),
  );
});
afterAll(() => exchange.stop());

const connect = async (path: string): Promise<WebSocketClient> => {
  const client = await WebSocketClient.open(exchange.webSocket + path);
  open.push(client);
  return client;
};

const place = async (trader: BinanceClient, side: string, price: string, quantity: string) => {
  const order = { symbol: "BTCUSDT", side, type: "LIMIT", timeInForce: "GTC", price, quantity };
  const { status } = await trader.post("/api/v3/order", order);
  expect(status).toBe(200);
};

const trade = async (price: string, quantity = "0.001"): Promise<void> => {
  await place(alice, "SELL", price, quantity);
  await place(bob, "BUY", price, quantity);
};

describe("the depth stream", () => {
  test("continues a REST snapshot without a gap, also across quiet times", async () => {
    const client = await connect("/ws/btcusdt@depth@100ms");
    await place(alice, "BUY", "60000", "0.001");
    await client.next();
    const snapshot = (await alice.request("GET", "/api/v3/depth", { symbol: "BTCUSDT" })).json;
    const bids = new Map<string, string>(snapshot.bids);
    let last = snapshot.lastUpdateId;
    for (const price of ["60001", "60002", "60001"]) {
      await place(alice, "BUY", price, "0.001");
      const update = await client.next(({ u }) => u > last);
      expect(update).toMatchObject({ e: "depthUpdate", s: "BTCUSDT", U: last + 1 });
      for (const [level, quantity] of update.b) bids.set(level, quantity);
      last = update.u;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    const now = (await alice.request("GET", "/api/v3/depth", { symbol: "BTCUSDT" })).json;
    expect(now.lastUpdateId).toBe(last);
    expect([...bids].sort().reverse()).toEqual(now.bids);
  });

  test("of 5 levels sends the whole of them", async () => {
    const client = await connect("/ws/btcusdt@depth5@100ms");
    for (let price = 60_000; price < 60_007; price += 1) {
      await place(alice, "BUY", String(price), "0.001");
    }
    await expect
      .poll(() => client.heard.at(-1)?.bids)
      .toEqual(
        ["60006", "60005", "60004", "60003", "60002"].map((price) => [`${price}.00`, "0.00100"]),
      );
  });
});

describe("the other streams", () => {
  test("tell a trade in all their forms", async () => {
    const feeds = ["trade", "aggTrade", "kline_1m", "bookTicker", "ticker", "miniTicker"];
    const streams = [...feeds, "ticker_1h", "avgPrice"].map((feed) => `btcusdt@${feed}`);
    const forAll = ["!miniTicker@arr", "!ticker_4h@arr"];
    const client = await connect(`/stream?streams=${[...streams, ...forAll].join("/")}`);
    await trade("61000");
    const heard = async (stream: string): Promise<Message> => {
      const seen = () => client.heard.findLast((message) => message.stream === stream);
      await expect.poll(seen, { timeout: 3_000 }).toBeDefined();
      return seen().data;
    };
    const told = await heard("btcusdt@trade");
    expect(told).toEqual({
      e: "trade",
      E: expect.any(Number),
      s: "BTCUSDT",
      t: expect.any(Number),
      p: "61000.00",
      q: "0.00100",
      T: told.E,
      m: false,
      M: true,
    });
    expect(await heard("btcusdt@aggTrade")).toMatchObject({ a: told.t, f: told.t, l: told.t });
    expect(await heard("btcusdt@kline_1m")).toMatchObject({
      e: "kline",
      k: { i: "1m", c: "61000.00", x: false, L: told.t },
    });
    expect(await heard("btcusdt@bookTicker")).toMatchObject({ s: "BTCUSDT", a: "0.00" });
    expect(await heard("btcusdt@ticker")).toMatchObject({ e: "24hrTicker", c: "61000.00" });
    expect(await heard("btcusdt@miniTicker")).toMatchObject({ e: "24hrMiniTicker", c: "61000.00" });
    expect(await heard("!miniTicker@arr")).toMatchObject([{ s: "BTCUSDT", c: "61000.00" }]);
    expect(await heard("btcusdt@ticker_1h")).toMatchObject({
      e: "1hTicker",
      c: "61000.00",
      F: expect.any(Number),
      L: told.t,
    });
    expect(await heard("!ticker_4h@arr")).toMatchObject([{ e: "4hTicker", s: "BTCUSDT" }]);
    expect(await heard("btcusdt@avgPrice")).toMatchObject({ e: "avgPrice", i: "5m", T: told.T });
  });
});

describe("a connection", () => {
  test("subscribes, lists, unsubscribes; ids come back as they were", async () => {
    const client = await connect("/ws");
    client.send({ method: "SUBSCRIBE", params: ["btcusdt@trade"], id: 1 });
    expect(await client.next()).toEqual({ result: null, id: 1 });
    client.send({ method: "LIST_SUBSCRIPTIONS", id: "list" });
    expect(await client.next()).toEqual({ result: ["btcusdt@trade"], id: "list" });
    await trade("61000");
    expect(await client.next()).toMatchObject({ e: "trade" });
    client.send({ method: "UNSUBSCRIBE", params: ["btcusdt@trade"], id: null });
    expect(await client.next()).toEqual({ result: null, id: null });
    await trade("61000");
    client.send({ method: "LIST_SUBSCRIPTIONS", id: 2 });
    expect(await client.next()).toEqual({ result: [], id: 2 });
  });

  test("may switch to combined messages", async () => {
    const client = await connect("/ws/btcusdt@trade");
    client.send({ method: "SET_PROPERTY", params: ["combined", true], id: 1 });
    await client.next();
    client.send({ method: "GET_PROPERTY", params: ["combined"], id: 2 });
    expect(await client.next()).toEqual({ result: true, id: 2 });
    await trade("61000");
    expect(await client.next()).toMatchObject({ stream: "btcusdt@trade", data: { e: "trade" } });
  });

  test.each(["/ws", "/stream?streams=", "/stream/ws/7", "//stream//ws/7", "/stream"])(
    "opens at %s with nothing subscribed",
    async (path) => {
      const client = await connect(path);
      client.send({ method: "LIST_SUBSCRIPTIONS", id: 1 });
      expect(await client.next()).toEqual({ result: [], id: 1 });
    },
  );

  test.each([
    ["no JSON", "{", { error: { code: 3 }, id: null }],
    ["an unknown method", { method: "DANCE", id: 1 }, { error: { code: 2 }, id: 1 }],
    [
      "no list",
      { method: "SUBSCRIBE", params: "btcusdt@trade", id: 1 },
      { error: { code: 2 }, id: 1 },
    ],
    [
      "an unknown property",
      { method: "GET_PROPERTY", params: ["x"], id: 1 },
      { error: { code: 0 }, id: 1 },
    ],
  ])("is told about %s, and stays", async (_, message, answer) => {
    const client = await connect("/ws");
    client.send(message);
    expect(await client.next()).toMatchObject(answer);
    client.send({ method: "LIST_SUBSCRIPTIONS", id: 2 });
    expect(await client.next()).toEqual({ result: [], id: 2 });
  });

  test("gets all of the streams it asks for or none", async () => {
    const client = await connect("/ws");
    client.send({ method: "SUBSCRIBE", params: ["btcusdt@trade", "dogeusdt@trade"], id: 1 });
    expect(await client.next()).toEqual({
      error: { code: 2, msg: 'Invalid request: unknown stream "dogeusdt@trade"' },
      id: 1,
    });
    client.send({ method: "LIST_SUBSCRIPTIONS", id: 2 });
    expect(await client.next()).toEqual({ result: [], id: 2 });
  });

  test.each([
    ["/ws/btcusdt@nothing", 400],
    ["/ws/constructor", 400],
    ["/wherever", 404],
    ["/stream/other", 404],
  ])("is refused at %s with %i", async (path, status) => {
    await expect(WebSocketClient.open(exchange.webSocket + path)).rejects.toThrow(
      status === 400 ? "400" : /404|hang up/,
    );
  });
});

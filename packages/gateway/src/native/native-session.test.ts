import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hmac, NativeClient } from "../testing/clients.ts";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";
import { type Message, WebSocketClient } from "../testing/web-socket-client.ts";

let exchange: TestExchange;
let alice: NativeClient;
let bob: NativeClient;
const open: WebSocketClient[] = [];

beforeAll(async () => {
  exchange = await openTestExchange();
  alice = new NativeClient(exchange.http, ALICE);
  bob = new NativeClient(exchange.http, BOB);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
  await Promise.all([alice, bob].map((trader) => trader.request("DELETE", "/v1/orders")));
});
afterAll(() => exchange.stop());

const connect = async (): Promise<WebSocketClient> => {
  const client = await WebSocketClient.open(`${exchange.webSocket}/v1/ws`);
  open.push(client);
  return client;
};

const loggedOn = async (key = ALICE): Promise<WebSocketClient> => {
  const client = await connect();
  const timestamp = String(Date.now());
  const signature = hmac(key.secret, `${timestamp}GET/v1/ws`);
  client.send({ id: "a", op: "auth", key: key.apiKey, timestamp, signature });
  expect(await client.next()).toEqual({ type: "authenticated", id: "a", account: key.name });
  return client;
};

const place = async (trader: NativeClient, side: string, price: string, quantity: string) => {
  const body = { market: "BTC-USDT", side, type: "limit", price, quantity };
  const { status, json } = await trader.request("POST", "/v1/orders", body);
  expect(status).toBe(201);
  return json.order;
};

type Levels = Map<string, string>;

const change = (side: Levels, rows: [string, string][]): void => {
  for (const [price, quantity] of rows) {
    if (Number(quantity) === 0) side.delete(price);
    else side.set(price, quantity);
  }
};

const sorted = (side: Levels, direction: 1 | -1): [string, string][] =>
  [...side].sort(([one], [other]) => (Number(one) - Number(other)) * direction);

describe("the book channel", () => {
  test("reproduces the book with no gap, for one who joined early and one who joined late", async () => {
    const books: { bids: Levels; asks: Levels; seq: number }[] = [];
    const follow = async (): Promise<void> => {
      const book = { bids: new Map(), asks: new Map(), seq: -1 };
      books.push(book);
      const client = await connect();
      client.webSocket.on("message", (data) => {
        const message: Message = JSON.parse(String(data));
        if (message.type === "snapshot") book.seq = message.seq;
        else if (message.type !== "update") return;
        else {
          expect(message.prevSeq).toBe(book.seq);
          book.seq = message.seq;
        }
        change(book.bids, message.bids);
        change(book.asks, message.asks);
      });
      client.send({ id: 1, op: "subscribe", channel: "book", market: "BTC-USDT" });
      await client.next(({ type }) => type === "snapshot");
    };

    await follow();
    for (let round = 0; round < 30; round += 1) {
      // Prices overlap, so some of it rests and some of it trades.
      const orders = [0, 1, 2].map((step) => {
        const price = String(60_000 + ((round * 7 + step * 3) % 10));
        return place(step % 2 === 0 ? alice : bob, step % 2 === 0 ? "buy" : "sell", price, "0.002");
      });
      await Promise.all(orders);
      if (round === 15) await follow();
    }
    await alice.request("DELETE", "/v1/orders");
    await place(bob, "sell", "60500", "0.003");

    const { json } = await alice.request("GET", "/v1/markets/BTC-USDT/book?depth=5000");
    await expect
      .poll(() => books.map(({ seq }) => seq), { timeout: 5_000 })
      .toEqual([json.seq, json.seq]);
    for (const book of books) {
      expect(sorted(book.bids, -1)).toEqual(json.bids);
      expect(sorted(book.asks, 1)).toEqual(json.asks);
    }
  });
});

describe("the other public channels", () => {
  test("trades follow each other by id, candles and ticker show the last price", async () => {
    const client = await connect();
    for (const channel of ["trades", "ticker"]) {
      client.send({ id: channel, op: "subscribe", channel, market: "BTC-USDT" });
      const answer = { type: "subscribed", id: channel, channel, market: "BTC-USDT" };
      expect(await client.next(({ id }) => id === channel)).toEqual(answer);
    }
    client.send({ op: "subscribe", channel: "candles", market: "BTC-USDT", interval: "1m" });
    const snapshot = await client.next(({ channel }) => channel === "candles");
    expect(snapshot).toMatchObject({ type: "subscribed", interval: "1m", id: null });

    await place(alice, "sell", "61000", "0.01");
    await place(bob, "buy", "61000", "0.004");
    await place(bob, "buy", "61000", "0.006");
    const updates = () =>
      client.heard.filter(({ type, channel }) => type === "update" && channel === "trades");
    await expect.poll(() => updates().length).toBe(2);
    const [first, second] = updates();
    expect(first.trades).toMatchObject([
      { price: "61000.00", quantity: "0.00400", takerSide: "buy" },
    ]);
    expect(second.prevSeq).toBe(first.seq);
    expect(second.trades[0].id).toBe(String(second.seq));
    // The first to come may be that of a minute that has just ended.
    await client.next(({ candle }) => candle?.close === "61000.00");
    await client.next(({ ticker }) => ticker?.last === "61000.00");

    client.send({ id: 9, op: "unsubscribe", channel: "trades", market: "BTC-USDT" });
    await client.next(({ type }) => type === "unsubscribed");
    await place(alice, "sell", "61000", "0.001");
    await place(bob, "buy", "61000", "0.001");
    client.send({ id: 10, op: "ping" });
    await client.next(({ type }) => type === "pong");
    expect(updates()).toHaveLength(2);
  });
});

describe("the private channels", () => {
  test("tell orders, fills and balances, each command in one message", async () => {
    const client = await loggedOn();
    for (const channel of ["orders", "fills", "balances"]) {
      client.send({ op: "subscribe", channel });
      const snapshot = await client.next(({ type }) => type === "snapshot");
      expect(snapshot).toMatchObject({ channel, seq: exchange.views.sequence });
    }
    const resting = await place(alice, "sell", "62000", "0.01");
    const opened = await client.next(
      ({ channel, type }) => channel === "orders" && type === "update",
    );
    expect(opened.orders).toMatchObject([{ id: resting.id, status: "open" }]);
    const held = await client.next(({ channel }) => channel === "balances");
    expect(held.balances).toMatchObject([{ asset: "BTC", held: "0.01000000" }]);

    await place(bob, "buy", "62000", "0.01");
    const filled = await client.next(({ channel }) => channel === "orders");
    expect(filled).toMatchObject({ prevSeq: opened.seq, orders: [{ status: "filled" }] });
    expect(filled.orders).toHaveLength(1);
    const fills = await client.next(({ channel }) => channel === "fills");
    expect(fills).toMatchObject({
      seq: filled.seq,
      fills: [{ orderId: resting.id, liquidity: "maker", price: "62000.00" }],
    });
    const paid = await client.next(({ channel }) => channel === "balances");
    expect(paid.balances.map(({ asset }: { asset: string }) => asset).sort()).toEqual([
      "BTC",
      "USDT",
    ]);
  });

  test("may be asked for right behind the auth, without waiting for its answer", async () => {
    const client = await connect();
    const timestamp = String(Date.now());
    const signature = hmac(ALICE.secret, `${timestamp}GET/v1/ws`);
    client.send({ op: "auth", key: ALICE.apiKey, timestamp, signature });
    client.send({ op: "subscribe", channel: "balances" });
    expect(await client.next(({ type }) => type === "snapshot")).toMatchObject({
      channel: "balances",
    });
  });
});

describe("a message is refused, and the connection stays", () => {
  test.each([
    ["no JSON", "{", "message_malformed", null],
    ["a number", "1", "message_malformed", null],
    ["an unknown op", { op: "dance" }, "field_invalid", "op"],
    ["no channel", { op: "subscribe" }, "field_invalid", "channel"],
    [
      "an unknown market",
      { op: "subscribe", channel: "book", market: "X-Y" },
      "unknown_market",
      "market",
    ],
    [
      "no interval",
      { op: "subscribe", channel: "candles", market: "BTC-USDT" },
      "field_missing",
      "interval",
    ],
    ["another field", { op: "ping", extra: 1 }, "field_unknown", "extra"],
    ["a field twice", '{"op":"ping","id":1,"op":"auth"}', "field_duplicate", "op"],
    [
      "what was not subscribed",
      { op: "unsubscribe", channel: "book", market: "BTC-USDT" },
      "not_subscribed",
      "channel",
    ],
    [
      "private without auth",
      { op: "subscribe", channel: "orders" },
      "not_authenticated",
      "channel",
    ],
  ])("%s", async (_, message, code, field) => {
    const client = await connect();
    client.send(message);
    expect(await client.next()).toMatchObject({ type: "error", code, field, executed: "no" });
    client.send({ id: 1, op: "ping" });
    expect(await client.next()).toMatchObject({ type: "pong", id: 1 });
  });

  test("a wrong signature", async () => {
    const client = await connect();
    client.send({ op: "auth", key: ALICE.apiKey, timestamp: Date.now(), signature: "00" });
    expect(await client.next()).toMatchObject({
      type: "error",
      code: "signature_invalid",
      field: "pincex-signature",
    });
  });

  test("the same subscription twice", async () => {
    const client = await connect();
    const subscribe = { id: 1, op: "subscribe", channel: "trades", market: "BTC-USDT" };
    client.send(subscribe);
    client.send(subscribe);
    expect(await client.next(({ type }) => type === "error")).toMatchObject({
      id: 1,
      code: "already_subscribed",
    });
  });
});

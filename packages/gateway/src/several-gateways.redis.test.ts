import { describe, expect, onTestFinished, test } from "vitest";
import { hmac, NativeClient } from "./testing/clients.ts";
import { type Process, startChild } from "./testing/process.ts";
import { missingRedis, startRedis, temporaryDirectory } from "./testing/redis.ts";
import { StreamClient } from "./testing/stream-client.ts";
import { ALICE, BOB } from "./testing/test-exchange.ts";
import { type Message, WebSocketClient } from "./testing/web-socket-client.ts";

const startVenue = (redis: string, directory: string): Promise<Process> =>
  startChild("venue-child.ts", [redis, directory], /the venue is open/);

/** A gateway in a process of its own, and how to reach it. */
interface Gateway extends Process {
  readonly alice: NativeClient;
  readonly bob: NativeClient;
  readonly streams: string;
  webSocket(): Promise<WebSocketClient>;
}

const startGateway = async (redis: string): Promise<Gateway> => {
  const child = await startChild("gateway-child.ts", [redis], /listening on port (\d+)/);
  const host = `127.0.0.1:${child.said[1]}`;
  return {
    ...child,
    alice: new NativeClient(`http://${host}`, ALICE),
    bob: new NativeClient(`http://${host}`, BOB),
    streams: `ws://${host}/v1/ws`,
    webSocket: async () => {
      const client = await WebSocketClient.open(`ws://${host}/v1/ws`);
      onTestFinished(() => client.webSocket.terminate());
      return client;
    },
  };
};

const order = (side: "buy" | "sell", price: string, quantity: string, more: object = {}) => ({
  market: "BTC-USDT",
  side,
  type: "limit",
  price,
  quantity,
  ...more,
});

const place = async (trader: NativeClient, body: object): Promise<Message> => {
  const { status, json } = await trader.request("POST", "/v1/orders", body);
  expect([status, json]).toEqual([201, expect.anything()]);
  return json.order;
};

/** Channels whose messages are the same, one by one, at every gateway. */
const EXACT = [
  { channel: "book", market: "BTC-USDT", conflateMs: 0 },
  { channel: "trades", market: "BTC-USDT" },
  { channel: "orders" },
  { channel: "fills" },
  { channel: "balances" },
];

const PUBLIC = ["book", "trades"];
const PRIVATE = ["orders", "fills", "balances"];

/** All that Alice is told on a connection, from its subscriptions on. */
const listening = async (gateway: Gateway): Promise<WebSocketClient> => {
  const client = await gateway.webSocket();
  const timestamp = String(Date.now());
  const signature = hmac(ALICE.secret, `${timestamp}GET/v1/ws`);
  client.send({ id: "a", op: "auth", key: ALICE.apiKey, timestamp, signature });
  await client.next(({ type }) => type === "authenticated");
  for (const channel of PUBLIC)
    client.send({ id: 1, op: "subscribe", channel, market: "BTC-USDT" });
  for (const channel of PRIVATE) client.send({ id: 1, op: "subscribe", channel });
  const snapshots = new Set<string>();
  while (snapshots.size < PUBLIC.length + PRIVATE.length) {
    const { channel } = await client.next(({ type }) => type === "snapshot");
    snapshots.add(channel);
  }
  return client;
};

/** The updates of each channel, in order. */
const updatesHeard = ({ heard }: WebSocketClient): Record<string, Message[]> =>
  Object.fromEntries(
    [...PUBLIC, ...PRIVATE].map((channel) => [
      channel,
      heard.filter((message) => message.type === "update" && message.channel === channel),
    ]),
  );

/** The book that snapshot and updates lead to. */
const bookHeard = (client: WebSocketClient | undefined): { seq: number; asks: string[][] } => {
  const asks = new Map<string, string>();
  let seq = 0;
  for (const message of client?.heard ?? []) {
    if (message.channel !== "book" || message.asks === undefined) continue;
    seq = message.seq;
    for (const [price, quantity] of message.asks) {
      if (Number(quantity) === 0) asks.delete(price);
      else asks.set(price, quantity);
    }
  }
  return { seq, asks: [...asks].sort(([one], [other]) => Number(one) - Number(other)) };
};

/** Lets things happen on the other gateway, has the client go on there, and expects all that one heard who was there already. */
const movedTo = async (
  gateway: Gateway,
  moves: StreamClient,
  stays: StreamClient,
): Promise<void> => {
  moves.broken();
  for (let round = 0; round < 5; round += 1) {
    await place(gateway.alice, order("sell", `${48_000 - round}`, "0.01"));
    await place(gateway.bob, order("buy", `${48_000 - round}`, "0.004"));
  }
  await moves.come(gateway.streams);
  await stays.settle();
  for (const { channel } of EXACT) expect(moves.of(channel)).toEqual(stays.of(channel));
  expect(stays.of("fills", "update")).toHaveLength(15);
};

const reason = missingRedis();

describe.skipIf(reason !== undefined)(`with Redis${reason ? ` (skipped: ${reason})` : ""}`, () => {
  test("two gateways in processes of their own are one venue", { timeout: 60_000 }, async () => {
    const { url: redis } = await startRedis();
    const directory = temporaryDirectory();
    const venue = await startVenue(redis, directory);
    const [one, other] = await Promise.all([startGateway(redis), startGateway(redis)]);
    const clients = [await listening(one), await listening(other)];
    const [moves, stays] = [new StreamClient(ALICE, EXACT), new StreamClient(ALICE, EXACT)];
    await moves.come(one.streams);
    await stays.come(other.streams);

    // Whoever is answered reads what it wrote; a client on either sees the same stream.
    const placed: Message[] = [];
    for (let round = 0; round < 10; round += 1) {
      placed.push(await place(one.alice, order("sell", `${50_000 - round}`, "0.01")));
      await place(other.bob, order("buy", `${50_000 - round}`, "0.005"));
      const { json } = await other.bob.request("GET", "/v1/fills?limit=1");
      expect(json.fills[0].price).toBe(`${50_000 - round}.00`);
    }
    await expect
      .poll(() => clients.map((client) => updatesHeard(client)["fills"]?.length))
      .toEqual([10, 10]);
    const streams = clients.map((client) => {
      const { orders, fills, trades } = updatesHeard(client);
      return { orders, fills, trades };
    });
    expect(streams[1]).toEqual(streams[0]);
    // Each gateway takes changes of the book together as they come; what comes out is the same book.
    await expect
      .poll(() => {
        const [first, second] = clients.map((client) => JSON.stringify(bookHeard(client)));
        return first === second && bookHeard(clients[0]).asks.length === 10;
      })
      .toBe(true);

    // The same command through another gateway is the same command.
    const once = order("buy", "40000", "0.01", { clientOrderId: "once" });
    const first = await place(one.bob, once);
    const again = await other.bob.request("POST", "/v1/orders", once);
    expect([again.status < 300, again.json.order.orderId]).toEqual([true, first.orderId]);

    // The venue is killed: nothing that was answered is lost, and the streams go on where they were.
    await venue.kill();
    const unanswered = await one.alice.request(
      "POST",
      "/v1/orders",
      order("sell", "60000", "0.01"),
    );
    expect(unanswered.json).toMatchObject({ code: "outcome_unknown", executed: "unknown" });
    await startVenue(redis, directory);
    placed.push(await place(other.alice, order("sell", "60001", "0.01")));
    await expect
      .poll(async () => {
        const { json } = await one.alice.request("GET", "/v1/orders?status=open");
        return json.orders.map(({ orderId }: Message) => orderId);
      })
      .toEqual(placed.map(({ orderId }) => orderId));
    for (const updates of clients.map(updatesHeard)) {
      for (const channel of ["book", "orders"]) {
        const numbers = (updates[channel] ?? []).map(({ seq, prevSeq }) => [prevSeq, seq]);
        numbers.slice(1).forEach(([before], at) => {
          expect(before).toBe(numbers[at]?.[1]);
        });
      }
    }

    // A gateway is killed: its clients find everything on another, one that starts only now too.
    await one.kill();
    await movedTo(other, moves, stays);
    const third = await startGateway(redis);
    for (const path of ["/v1/orders?status=open", "/v1/fills", "/v1/balances"]) {
      const answers = await Promise.all(
        [other, third].map(async ({ alice }) => (await alice.request("GET", path)).json),
      );
      expect(answers[1]).toEqual(answers[0]);
    }
  });
});

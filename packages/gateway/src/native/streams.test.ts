import { bookChecksum, type ChecksummedLevel } from "@pincex/market-data";
import { encodeVenueCommand, type VenueCommand } from "@pincex/venue";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ReplayWindow } from "../streaming/replay-window.ts";
import { hmac, NativeClient } from "../testing/clients.ts";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";
import { type Message, WebSocketClient } from "../testing/web-socket-client.ts";
import { HEARTBEAT_MS } from "./native-dialect.ts";

let exchange: TestExchange;
afterEach(async () => {
  await exchange.stop();
  vi.useRealTimers();
});

const market = "BTC-USDT";

const traders = () => [ALICE, BOB].map((key) => new NativeClient(exchange.http, key));

const place = async (
  trader: NativeClient | undefined,
  side: string,
  price: string,
  quantity: string,
) => {
  const order = { market, side, type: "limit", price, quantity };
  const { json } = (await trader?.request("POST", "/v1/orders", order)) ?? {};
  return json.order;
};

const operate = (command: VenueCommand) => exchange.venue.submit(encodeVenueCommand(command));

const setPhase = (phase: "open" | "auction") =>
  operate({ kind: "market_command", request: { kind: "set_phase", market: 1, phase } });

const connected = async (): Promise<WebSocketClient> => {
  const client = await WebSocketClient.open(`${exchange.webSocket}/v1/ws`);
  const timestamp = String(Date.now());
  const signature = hmac(ALICE.secret, `${timestamp}GET/v1/ws`);
  client.send({ op: "auth", key: ALICE.apiKey, timestamp, signature });
  await client.next(({ type }) => type === "authenticated");
  return client;
};

const subscribed = async (
  channel: string,
  more: object = {},
): Promise<[WebSocketClient, Message]> => {
  const client = await connected();
  client.send({ op: "subscribe", channel, ...more });
  return [client, await client.next(({ type }) => type === "snapshot" || type === "resync")];
};

describe("a book message", () => {
  /** Ticks and lots as the client was shown them: without the point. */
  const shown = (levels: Map<string, string>, direction: 1 | -1): ChecksummedLevel[] =>
    [...levels]
      .sort(([one], [other]) => direction * (Number(one) - Number(other)))
      .map(([price, quantity]) => [
        BigInt(price.replace(".", "")),
        BigInt(quantity.replace(".", "")),
      ]);

  test.each([0, 100])(
    "conflated to %i ms carries the checksum of the client's own copy",
    async (conflateMs) => {
      exchange = await openTestExchange();
      const [alice, bob] = traders();
      for (let level = 0; level < 12; level += 1)
        await place(alice, "sell", `${61_000 + level}`, "0.01");
      const [client, snapshot] = await subscribed("book", { market, conflateMs });
      const sides = { bids: new Map<string, string>(), asks: new Map<string, string>() };
      const change = (side: "bids" | "asks", rows: [string, string][]): void => {
        for (const [price, quantity] of rows) {
          if (Number(quantity) === 0) sides[side].delete(price);
          else sides[side].set(price, quantity);
        }
      };
      const apply = ({ bids, asks, checksum }: Message): void => {
        change("bids", bids);
        change("asks", asks);
        const book = { asks: shown(sides.asks, 1), bids: shown(sides.bids, -1) };
        expect(checksum).toBe(bookChecksum(book));
      };
      apply(snapshot);
      await place(bob, "buy", "61001", "0.015");
      await place(bob, "buy", "60000", "0.5");
      await place(alice, "sell", "60500", "0.001");
      while (sides.bids.size < 1 || sides.asks.size < 12) {
        apply(await client.next(({ type }) => type === "update"));
      }
      await client.close();
    },
  );
});

describe("the trades channel", () => {
  test("tells a trade again that was taken back", async () => {
    exchange = await openTestExchange();
    const [alice, bob] = traders();
    const [client, { seq }] = await subscribed("trades", { market });
    await place(alice, "sell", "60000", "0.01");
    await place(bob, "buy", "60000", "0.01");
    await operate({ kind: "bust_trade", market: 1, tradeId: 1, reference: "fat finger" });
    const [trade, bust] = [
      await client.next(({ type }) => type === "update"),
      await client.next(({ type }) => type === "update"),
    ];
    expect(trade).toMatchObject({ seq: seq + 1, prevSeq: seq, trades: [{ id: "1" }] });
    expect(bust).toMatchObject({
      seq: seq + 2,
      prevSeq: seq + 1,
      trades: [{ ...trade.trades[0], busted: true }],
    });
    const [fills] = await subscribed("fills", { fromSeq: 0 });
    expect(fills.heard.at(-1)).toMatchObject({ fills: [{ tradeId: "1", busted: true }] });
    await Promise.all([client.close(), fills.close()]);
  });
});

describe("the auction channel", () => {
  test("tells the phase, and what uncrossing would do", async () => {
    exchange = await openTestExchange();
    const [alice, bob] = traders();
    const [client, snapshot] = await subscribed("auction", { market });
    expect(snapshot).toMatchObject({ seq: 0, phase: "trading", indicative: null });
    await setPhase("auction");
    await place(alice, "sell", "60000", "0.01");
    await place(bob, "buy", "60000", "0.03");
    const indicated = await client.next(({ indicative }) => indicative?.price === "60000.00");
    expect(indicated).toMatchObject({
      phase: "auction",
      indicative: { quantity: "0.01000", surplus: "0.02000" },
    });
    await setPhase("open");
    expect(await client.next(({ phase }) => phase === "trading")).toMatchObject({
      indicative: null,
    });
    await client.close();
  });
});

describe("the level3 channel", () => {
  test("shows the book order by order", async () => {
    exchange = await openTestExchange();
    const [alice, bob] = traders();
    const first = await place(alice, "sell", "60000", "0.01");
    const [client, snapshot] = await subscribed("level3", { market });
    expect(snapshot).toMatchObject({ bids: [], asks: [[first.id, "60000.00", "0.01000"]] });
    const second = await place(alice, "sell", "60000", "0.02");
    await place(bob, "buy", "60000", "0.015");
    const update = async (): Promise<Message> => client.next(({ type }) => type === "update");
    expect(await update()).toMatchObject({
      prevSeq: snapshot.seq,
      changes: [
        { kind: "shown", id: second.id, side: "sell", price: "60000.00", quantity: "0.02000" },
      ],
    });
    expect(await update()).toMatchObject({
      changes: [
        { kind: "gone", id: first.id },
        { kind: "changed", id: second.id, quantity: "0.01500" },
      ],
    });
    await client.close();
  });

  test("is refused where the venue does not publish it", async () => {
    exchange = await openTestExchange({ orderBooks: undefined as never });
    const client = await connected();
    client.send({ op: "subscribe", channel: "level3", market });
    expect(await client.next()).toMatchObject({ type: "error", code: "channel_not_published" });
    await client.close();
  });
});

describe("a balance message", () => {
  test("names the ledger's entry, and the fill or the order behind it", async () => {
    exchange = await openTestExchange();
    const [alice, bob] = traders();
    const [client] = await subscribed("balances");
    const sold = await place(alice, "sell", "60000", "0.01");
    const reserved = await client.next(({ type }) => type === "update");
    expect(reserved.balances).toMatchObject([
      { asset: "BTC", causes: [{ kind: "order", orderId: sold.id }] },
    ]);
    await place(bob, "buy", "60000", "0.01");
    const paid = await client.next(({ type }) => type === "update");
    const [entry] = await exchangeEntries(paid);
    expect(paid.balances).toMatchObject([
      { asset: "USDT", causes: [{ kind: "fill", entry, tradeId: "1", orderId: sold.id }] },
      {
        asset: "BTC",
        causes: [
          { kind: "fill", entry },
          { kind: "order", orderId: sold.id },
        ],
      },
    ]);
    await operate({ kind: "credit_deposit", account: 1, asset: 1, amount: 1n, reference: "" });
    const credited = await client.next(({ type }) => type === "update");
    expect(credited.balances).toMatchObject([
      { causes: [{ kind: "entry", entryKind: "deposit", entry: String(Number(entry) + 1) }] },
    ]);
    await client.close();
  });

  const exchangeEntries = async (message: Message): Promise<string[]> =>
    message.balances.flatMap(({ causes }: Message) =>
      causes.flatMap(({ entry }: Message) => entry ?? []),
    );
});

describe("who asks for what is not known any more", () => {
  test("is told so, and gets a snapshot", async () => {
    exchange = await openTestExchange();
    const [alice] = traders();
    const [client, resync] = await subscribed("orders", { fromSeq: 1 });
    // The gateway was made after the venue had been set up.
    expect(resync).toEqual({ type: "resync", channel: "orders", fromSeq: 1 });
    const snapshot = await client.next();
    expect(snapshot).toMatchObject({ type: "snapshot", seq: exchange.views.sequence });
    await place(alice, "sell", "60000", "0.01");
    expect(await client.next()).toMatchObject({ type: "update", prevSeq: snapshot.seq });
    await client.close();
  });

  test("or was never told is waited for, then told so", async () => {
    exchange = await openTestExchange();
    const [alice] = traders();
    const client = await connected();
    client.send({ op: "subscribe", channel: "level3", market, fromSeq: 1 });
    await place(alice, "sell", "60000", "0.01");
    await place(alice, "sell", "60001", "0.01");
    expect(await client.next(({ type }) => type !== "subscribed")).toMatchObject({
      type: "update",
      seq: 2,
      prevSeq: 1,
    });
    const [ahead, resync] = await subscribed("trades", { market, fromSeq: 9 });
    expect(resync).toMatchObject({ type: "resync", fromSeq: 9 });
    await Promise.all([client.close(), ahead.close()]);
  });

  test("within the bound that the host chose", async () => {
    exchange = await openTestExchange();
    const { views, marketData, venue } = exchange;
    const replay = new ReplayWindow({ views, marketData, changes: 3 });
    for (let amount = 1n; amount <= 5n; amount += 1n) {
      await operate({ kind: "credit_deposit", account: 1, asset: 1, amount, reference: "" });
    }
    const told = (after: number) =>
      replay.accountChanges(1, after)?.map(({ sequence }) => sequence);
    const last = venue.sequence;
    expect(told(last - 4)).toBeUndefined();
    expect(told(last - 3)).toEqual([last - 2, last - 1, last]);
    expect(told(last)).toEqual([]);
    replay.close();
    expect(() => new ReplayWindow({ views, marketData, changes: 0 })).toThrow(RangeError);
  });
});

describe("heartbeats", () => {
  test("carry the last sequence of each channel", async () => {
    vi.useFakeTimers({ toFake: ["setInterval"] });
    exchange = await openTestExchange();
    const [alice] = traders();
    const client = await connected();
    client.send({ op: "subscribe", channel: "orders" });
    client.send({ op: "subscribe", channel: "candles", market, interval: "1m" });
    await place(alice, "sell", "60000", "0.01");
    const { seq } = await client.next(({ type }) => type === "update");
    vi.advanceTimersByTime(HEARTBEAT_MS);
    const { type, channels } = await client.next(({ type }) => type === "heartbeat");
    expect({ type, channels }).toEqual({
      type: "heartbeat",
      channels: [
        { channel: "orders", seq },
        { channel: "candles", market, interval: "1m", seq: 0 },
      ],
    });
    await client.close();
  });
});

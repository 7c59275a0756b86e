import { createRequire } from "node:module";
import { encodeVenueCommand } from "@pincex/venue";
import { Ajv, type ValidateFunction } from "ajv";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NativeClient } from "../testing/clients.ts";
import { StreamClient, type Wish } from "../testing/stream-client.ts";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";
import { type Message, WebSocketClient } from "../testing/web-socket-client.ts";
import { channelMessages, PRIVATE_BODIES, PUBLIC_BODIES } from "./message-schemas.ts";
import { CLIENT_MESSAGES } from "./schemas.ts";

let exchange: TestExchange;
let document: Message;

beforeAll(async () => {
  exchange = await openTestExchange();
  document = (await new NativeClient(exchange.http).request("GET", "/v1/asyncapi.json")).json;
});
afterAll(() => exchange.stop());

// The formats of dates are judged by the schemas themselves, below.
const ajv = new Ajv({ strict: false, validateFormats: false, logger: false });

const isValid = (validate: ValidateFunction, value: unknown): void => {
  expect(validate(value) ? [] : [value, validate.errors]).toEqual([]);
};

test("is a document as AsyncAPI 3.0 defines it", () => {
  const official = createRequire(import.meta.url)("@asyncapi/specs/schemas/3.0.0-without-$id.json");
  isValid(ajv.compile(official), document);
  const { messages } = document.channels.stream;
  const { listen, tell } = document.operations;
  for (const [operation, action] of [
    [listen, "receive"],
    [tell, "send"],
  ]) {
    expect(operation.action).toBe(action);
    for (const { $ref } of operation.messages)
      expect(messages[$ref.split("/").at(-1)]).toBeDefined();
  }
  for (const name of Object.keys(messages)) {
    expect(document.components.messages[name]?.payload).toBeDefined();
  }
});

/** The name by which a message is described. */
const nameOf = ({ type, channel }: Message): string =>
  channel === undefined || !["snapshot", "update", "resync"].includes(type)
    ? type
    : `${channel}${type.charAt(0).toUpperCase()}${type.slice(1)}`;

const market = "BTC-USDT";
const WISHES: readonly Wish[] = [
  { channel: "book", market },
  { channel: "trades", market },
  { channel: "ticker", market },
  { channel: "candles", market, interval: "1m" },
  { channel: "level3", market },
  { channel: "auction", market },
  { channel: "orders" },
  { channel: "fills" },
  { channel: "balances", fromSeq: 0 },
];

test("describes every message that is really sent", async () => {
  const [alice, bob] = [ALICE, BOB].map((key) => new NativeClient(exchange.http, key));
  const stream = new StreamClient(ALICE, WISHES);
  await stream.come(`${exchange.webSocket}/v1/ws`);
  const order = { market, type: "limit", price: "60000", quantity: "0.01" };
  const conditions = { clientOrderId: "mine", displayQuantity: "0.005" };
  await alice?.request("POST", "/v1/orders", { ...order, ...conditions, side: "sell" });
  await bob?.request("POST", "/v1/orders", { ...order, side: "buy", quantity: "0.02" });
  const bust = { kind: "bust_trade", market: 1, tradeId: 1, reference: "" } as const;
  await exchange.venue.submit(encodeVenueCommand(bust));
  for (const phase of ["auction", "open"] as const) {
    const request = { kind: "set_phase", market: 1, phase } as const;
    await exchange.venue.submit(encodeVenueCommand({ kind: "market_command", request }));
    await alice?.request("POST", "/v1/orders", { ...order, side: "sell" });
  }
  await expect
    .poll(
      async () => {
        await stream.settle();
        return Math.min(...["ticker", "candles"].map((name) => stream.of(name, "update").length));
      },
      { timeout: 5_000 },
    )
    .toBeGreaterThanOrEqual(1);

  const client = await WebSocketClient.open(`${exchange.webSocket}/v1/ws`);
  client.send({ id: 1, op: "subscribe", channel: "book", market, conflateMs: 1_000 });
  client.send({ id: 2, op: "unsubscribe", channel: "book", market });
  client.send({ id: 3, op: "place", body: order });
  await client.next(({ id }) => id === 3);

  const heard = [...stream.heard, ...client.heard];
  const names = new Set(heard.map(nameOf));
  expect([...names]).toEqual(expect.arrayContaining(["subscribed", "unsubscribed", "error"]));
  for (const { channel } of WISHES) {
    expect([...names]).toEqual(expect.arrayContaining([`${channel}Snapshot`, `${channel}Update`]));
  }
  expect(names).toContain("balancesResync");
  for (const message of heard) {
    const described = document.components.messages[nameOf(message)];
    isValid(ajv.compile(described.payload), message);
  }
  for (const message of stream.heard) {
    const schema = channelMessages(message.channel)[message.type as "update"];
    expect(schema.safeParse(message).error).toBeUndefined();
  }
  await Promise.all([stream.leave(), client.close()]);
});

test("refuses what is not sent", () => {
  const payload = document.components.messages.tradesUpdate.payload;
  const update = { type: "update", channel: "trades", market, seq: 2, prevSeq: 1, trades: [] };
  const validate = ajv.compile(payload);
  isValid(validate, update);
  expect(validate({ ...update, prevSeq: "1" })).toBe(false);
  expect(validate({ ...update, extra: 1 })).toBe(false);
  expect(validate({ ...update, trades: [{ id: 1 }] })).toBe(false);
});

test("says of clients' messages what their schemas say", () => {
  const subscribe = ajv.compile(document.components.messages.subscribe.payload);
  isValid(subscribe, { op: "subscribe", channel: "book", market, conflateMs: 0, fromSeq: 7 });
  expect(subscribe({ op: "subscribe", channel: "book", market, conflateMs: 50 })).toBe(false);
  expect(subscribe({ op: "subscribe", channel: "orders", market })).toBe(false);
  const channels = [...Object.keys(PUBLIC_BODIES), ...Object.keys(PRIVATE_BODIES)];
  for (const channel of channels) {
    const wish = { op: "subscribe", channel, ...(channel in PUBLIC_BODIES ? { market } : {}) };
    const message = channel === "candles" ? { ...wish, interval: "1m" } : wish;
    isValid(subscribe, message);
    expect(CLIENT_MESSAGES.subscribe.safeParse(message).success).toBe(true);
  }
});

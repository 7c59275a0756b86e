import { afterEach, beforeEach, expect, test } from "vitest";
import { keyAuthenticator } from "../key-authenticator.ts";
import { BinanceClient } from "../testing/clients.ts";
import { ALICE, BOB, openTestExchange, type TestExchange } from "../testing/test-exchange.ts";
import { type Message, WebSocketClient } from "../testing/web-socket-client.ts";
import { LISTEN_KEY_MS } from "./listen-keys.ts";

const PATH = "/api/v3/userDataStream";

let exchange: TestExchange;
let ahead = 0;
const open: WebSocketClient[] = [];

beforeEach(async () => {
  ahead = 0;
  exchange = await openTestExchange({
    authenticator: keyAuthenticator([ALICE, BOB], { listenKeys: true }),
    clock: () => Date.now() + ahead,
  });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
  await exchange.stop();
});

/** As clients ask: with a key, nothing signed. */
const ask = async (method: string, query = "", apiKey = ALICE.apiKey, path = PATH) => {
  const address = `${exchange.http}${path}${query === "" ? "" : `?${query}`}`;
  const response = await fetch(address, { method, headers: { "x-mbx-apikey": apiKey } });
  return { status: response.status, json: (await response.json()) as Message };
};

const connect = async (path: string): Promise<WebSocketClient> => {
  const client = await WebSocketClient.open(exchange.webSocket + path);
  open.push(client);
  return client;
};

const placeAsAlice = async (): Promise<number> => {
  const terms = { side: "SELL", type: "LIMIT", timeInForce: "GTC", price: "61000", quantity: "1" };
  const pairs = { symbol: "BTCUSDT", ...terms };
  const alice = new BinanceClient(exchange.http, ALICE);
  const signed = alice.signed(String(new URLSearchParams(pairs)), Date.now() + ahead);
  return (await alice.send("POST", "/api/v3/order", "", signed)).json.orderId;
};

test("a listen key is given for an API key; its stream tells what the account does", async () => {
  const { json } = await ask("POST");
  expect(json).toEqual({ listenKey: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect((await ask("POST")).json).toEqual(json);
  const { listenKey } = json;
  const raw = await connect(`/ws/${listenKey}`);
  const combined = await connect(`/stream?streams=btcusdt@trade/${listenKey}`);
  const i = await placeAsAlice();
  expect(await raw.next()).toMatchObject({ e: "executionReport", x: "NEW", i });
  expect(await raw.next()).toMatchObject({ e: "outboundAccountPosition" });
  expect(await combined.next()).toMatchObject({
    stream: listenKey,
    data: { e: "executionReport", i },
  });
});

test("it lasts an hour from when it was last asked for or kept alive", async () => {
  const { listenKey } = (await ask("POST", "", ALICE.apiKey, "/api/v1/userDataStream")).json;
  ahead = LISTEN_KEY_MS - 60_000;
  expect(await ask("PUT", `listenKey=${listenKey}`)).toEqual({ status: 200, json: {} });
  ahead += LISTEN_KEY_MS - 60_000;
  const stream = await connect(`/ws/${listenKey}`);
  ahead += 120_000;
  await expect
    .poll(() => stream.heard, { timeout: 9_000 })
    .toMatchObject([{ e: "listenKeyExpired", listenKey }]);
  expect((await ask("PUT", `listenKey=${listenKey}`)).json).toMatchObject({ code: -1125 });
  const next = (await ask("POST")).json.listenKey;
  expect(next).not.toBe(listenKey);
  // As clients do: first the new stream, then the end of the old one, which ends nobody else's.
  const following = await connect(`/ws/${next}`);
  await stream.close();
  const i = await placeAsAlice();
  expect(await following.next()).toMatchObject({ e: "executionReport", i });
}, 15_000);

test("it ends when it is taken back, and is nobody else's", async () => {
  const { listenKey } = (await ask("POST")).json;
  const other = await ask("DELETE", `listenKey=${listenKey}`, BOB.apiKey);
  expect(other.json).toMatchObject({ code: -1125, field: "listenKey" });
  expect(await ask("DELETE", `listenKey=${listenKey}`)).toEqual({ status: 200, json: {} });
  await expect(WebSocketClient.open(`${exchange.webSocket}/ws/${listenKey}`)).rejects.toThrow();
});

test("the WebSocket API gives it, too", async () => {
  const api = await connect("/ws-api/v3");
  const params = { apiKey: ALICE.apiKey };
  api.send({ id: 1, method: "userDataStream.start", params });
  const { listenKey } = (await api.next()).result;
  expect(listenKey).toBe((await ask("POST")).json.listenKey);
  api.send({ id: 2, method: "userDataStream.ping", params: { ...params, listenKey } });
  expect(await api.next()).toMatchObject({ id: 2, status: 200, result: {} });
  api.send({ id: 3, method: "userDataStream.stop", params: { ...params, listenKey } });
  expect(await api.next()).toMatchObject({ id: 3, status: 200, result: {} });
});

test.each([
  ["an unknown key", "nobodys", 401, -2015],
  ["no key", "", 401, -2014],
])("%s gets none", async (_, apiKey, status, code) => {
  expect(await ask("POST", "", apiKey)).toMatchObject({ status, json: { code } });
});

test("where the host does not say whose a key is that nobody proved, they are gone", async () => {
  const plain = await openTestExchange();
  const headers = { "x-mbx-apikey": ALICE.apiKey };
  const response = await fetch(plain.http + PATH, { method: "POST", headers });
  expect(response.status).toBe(410);
  await plain.stop();
});

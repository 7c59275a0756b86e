import { afterAll, beforeAll, expect, test } from "vitest";
import type { Authenticator, Credentials } from "./authenticator.ts";
import { openTestExchange, type TestExchange } from "./testing/test-exchange.ts";
import { WebSocketClient } from "./testing/web-socket-client.ts";

const asked: Credentials[] = [];
const nobodys: Authenticator = {
  async authenticate(credentials) {
    asked.push(credentials);
    return { ok: false, code: "api_key_unknown" };
  },
};

let exchange: TestExchange;
beforeAll(async () => {
  exchange = await openTestExchange({ authenticator: nobodys });
});
afterAll(() => exchange.stop());

test("whoever knows the keys is told where a request came from, in both dialects, by REST and WebSocket", async () => {
  const timestamp = String(Date.now());
  const headers = { "pincex-key": "a", "pincex-timestamp": timestamp, "pincex-signature": "s" };
  await fetch(`${exchange.http}/v1/balances`, { headers });
  const query = `timestamp=${timestamp}&signature=s`;
  await fetch(`${exchange.http}/api/v3/account?${query}`, { headers: { "x-mbx-apikey": "b" } });
  const native = await WebSocketClient.open(`${exchange.webSocket}/v1/ws`);
  native.send({ id: 1, op: "auth", key: "c", timestamp, signature: "s" });
  await native.next();
  const binance = await WebSocketClient.open(`${exchange.webSocket}/ws-api/v3`);
  const params = { apiKey: "d", timestamp: Number(timestamp), signature: "s" };
  binance.send({ id: 1, method: "session.logon", params });
  await binance.next();
  expect(asked.map(({ apiKey, address }) => [apiKey, address])).toEqual(
    ["a", "b", "c", "d"].map((apiKey) => [apiKey, "127.0.0.1"]),
  );
  await Promise.all([native.close(), binance.close()]);
});

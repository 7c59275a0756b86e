import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstAuthenticator, keyAuthenticator } from "../key-authenticator.ts";
import { signedPayload } from "../native/signature.ts";
import { SessionKeys } from "../session-keys.ts";
import { openTestExchange, type TestExchange } from "../testing/test-exchange.ts";
import { WebSocketClient } from "../testing/web-socket-client.ts";

const pair = generateKeyPairSync("ed25519");
const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
const signed = (payload: string) =>
  sign(null, Buffer.from(payload), pair.privateKey).toString("base64");

const keys = new SessionKeys();
let exchange: TestExchange;
beforeAll(async () => {
  const bots = keyAuthenticator([{ apiKey: "bot", publicKey, account: 2, name: "bob" }]);
  exchange = await openTestExchange({ authenticator: firstAuthenticator(keys, bots) });
});
afterAll(() => exchange.stop());

const openKey = (session: string): string => {
  const principal = { account: 1, name: "alice", permissions: ["read", "trade"] } as const;
  const until = Date.now() + 600_000;
  const opened = keys.open({ session, principal, publicKey, until });
  if (!opened.ok) throw new Error(opened.code);
  return opened.apiKey;
};

const nativeClient = async (key: string): Promise<WebSocketClient> => {
  const client = await WebSocketClient.open(`${exchange.webSocket}/v1/ws`);
  const timestamp = String(Date.now());
  const signature = signed(signedPayload(timestamp, "GET", "/v1/ws", ""));
  client.send({ id: 1, op: "auth", key, timestamp, signature });
  expect(await client.next(({ id }) => id === 1)).toMatchObject({ type: "authenticated" });
  return client;
};

const binanceClient = async (apiKey: string): Promise<WebSocketClient> => {
  const client = await WebSocketClient.open(`${exchange.webSocket}/ws-api/v3`);
  const timestamp = Date.now();
  const signature = signed(`apiKey=${apiKey}&timestamp=${timestamp}`);
  client.send({ id: 1, method: "session.logon", params: { apiKey, timestamp, signature } });
  expect(await client.next(({ id }) => id === 1)).toMatchObject({ status: 200 });
  return client;
};

test("who has gone before the key was proved is not watched", async () => {
  let asked = 0;
  let prove = (): void => {};
  const proved = new Promise<void>((resolve) => {
    prove = resolve;
  });
  const authenticator = {
    authenticate: async () => {
      await proved;
      const principal = { account: 1, name: "alice", permissions: ["read"] } as const;
      return { ok: true, principal } as const;
    },
    isLive: async () => {
      asked += 1;
      return true;
    },
  };
  const slow = await openTestExchange({ authenticator });
  const client = await WebSocketClient.open(`${slow.webSocket}/v1/ws`);
  client.send({ id: 1, op: "auth", key: "any", timestamp: String(Date.now()), signature: "any" });
  await client.close();
  prove();
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  expect(asked).toBe(0);
  await slow.stop();
}, 15_000);

describe.each([
  ["/v1/ws", nativeClient],
  ["/ws-api/v3", binanceClient],
] as const)("a connection of %s", (_, open) => {
  test("is closed within five seconds of its owner's signing out, and nobody else's", async () => {
    const [ended, other, bot] = [
      await open(openKey("ended")),
      await open(openKey("other")),
      await open("bot"),
    ];
    const begun = Date.now();
    keys.end("ended");
    const [code] = await once(ended.webSocket, "close");
    expect(code).toBe(4001);
    expect(Date.now() - begun).toBeLessThan(15_000);
    expect([other.webSocket.readyState, bot.webSocket.readyState]).toEqual([1, 1]);
    await other.close();
    await bot.close();
  });
});

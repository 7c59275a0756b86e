import { generateKeyPairSync, sign } from "node:crypto";
import { createRequire } from "node:module";
import { Spot as BinanceSpot } from "@binance/spot";
import { MainClient } from "binance";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keyAuthenticator } from "../key-authenticator.ts";
import { signedPayload } from "../native/signature.ts";
import { ccxtClient } from "../testing/ccxt-client.ts";
import { openTestExchange, type TestExchange } from "../testing/test-exchange.ts";

// Unmodified clients that sign with a private key, of which the exchange has the public half.
const require = createRequire(import.meta.url);
const { Spot } = require("@binance/connector");
const { default: connect } = require("binance-api-node");
const symbol = "BTCUSDT";
const order = { symbol, side: "SELL", type: "LIMIT", timeInForce: "GTC" } as const;

const kinds = [
  { algorithm: "Ed25519", keys: generateKeyPairSync("ed25519"), digest: null },
  {
    algorithm: "RSA",
    keys: generateKeyPairSync("rsa", { modulusLength: 2_048 }),
    digest: "sha256",
  },
].map(({ algorithm, keys, digest }) => ({
  algorithm,
  digest,
  apiKey: `${algorithm}-key`,
  publicKey: keys.publicKey.export({ type: "spki", format: "pem" }).toString(),
  privateKey: keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
}));

let exchange: TestExchange;
beforeAll(async () => {
  const keys = kinds.map(({ apiKey, publicKey }) => ({
    apiKey,
    publicKey,
    account: 1,
    name: "alice",
  }));
  exchange = await openTestExchange({ authenticator: keyAuthenticator(keys) });
});
afterAll(() => exchange.stop());

describe.each(kinds)("with an $algorithm key", ({ algorithm, digest, apiKey, privateKey }) => {
  test("@binance/connector places, reads and cancels an order", async () => {
    const signer = { privateKey, privateKeyAlgo: algorithm };
    const client = new Spot(apiKey, "", { baseURL: exchange.http, ...signer });
    const terms = { price: "61000", quantity: "0.1", timeInForce: "GTC" };
    const { data } = await client.newOrder(symbol, "SELL", "LIMIT", terms);
    expect((await client.getOrder(symbol, { orderId: data.orderId })).data).toMatchObject({
      status: "NEW",
    });
    expect((await client.cancelOrder(symbol, { orderId: data.orderId })).data).toMatchObject({
      status: "CANCELED",
    });
  });

  test("binance-api-node, binance, @binance/spot and ccxt place orders and read them", async () => {
    const node = connect({ apiKey, privateKey, httpBase: exchange.http });
    const first = await node.order({ ...order, price: "61000", quantity: "0.1" });

    const baseUrl = exchange.http;
    const main = new MainClient({ api_key: apiKey, api_secret: privateKey, baseUrl });
    const second = await main.submitNewOrder({ ...order, price: 61_001, quantity: 0.1 });

    const spot = new BinanceSpot({
      configurationRestAPI: { apiKey, apiSecret: "", privateKey, basePath: exchange.http },
    });
    const answer = await spot.restAPI.newOrder({ ...order, price: 61_002, quantity: 0.1 } as never);
    const third = await answer.data();

    const key = { apiKey, secret: privateKey, account: 1, name: "alice" };
    const client = await ccxtClient(exchange, key);
    const fourth = await client.createOrder("BTC/USDT", "limit", "sell", 0.1, 61_003);
    const fifth = await client.createOrderWs("BTC/USDT", "limit", "sell", 0.1, 61_004);
    const open = await client.fetchOpenOrders("BTC/USDT");
    expect(open.map(({ id }) => id)).toEqual(
      [first.orderId, second.orderId, third.orderId, fourth.id, fifth.id].map(String),
    );
    await client.cancelAllOrders("BTC/USDT");
    await client.close();
  });

  test("the native API takes the signature in base64", async () => {
    const ask = async (path: string) => {
      const timestamp = String(Date.now());
      const payload = signedPayload(timestamp, "GET", "/v1/balances", "");
      return fetch(`${exchange.http}${path}`, {
        headers: {
          "pincex-key": apiKey,
          "pincex-timestamp": timestamp,
          "pincex-signature": sign(digest, Buffer.from(payload), privateKey).toString("base64"),
        },
      });
    };
    expect((await ask("/v1/balances")).status).toBe(200);
    expect(await (await ask("/v1/orders")).json()).toMatchObject({
      status: 401,
      code: "signature_invalid",
      field: "pincex-signature",
    });
  });
});

import { expect, onTestFinished, test } from "vitest";
import { NativeClient } from "./testing/clients.ts";
import { startChild } from "./testing/process.ts";
import { ALICE, openTestExchange } from "./testing/test-exchange.ts";

const CONNECTIONS = 10_000;
const MOST_BYTES_EACH = 50_000;

// It needs as many file descriptors in each of two processes: `ulimit -n 20000`.
test("ten thousand idle WebSockets cost little memory, and orders go on", {
  timeout: 120_000,
}, async () => {
  const exchange = await openTestExchange();
  onTestFinished(() => exchange.stop());
  const before = process.memoryUsage().rss;
  const words = [`${exchange.webSocket}/v1/ws`, String(CONNECTIONS)];
  const idle = await startChild("idle-clients-child.ts", words, /(\d+) are open/);
  expect(Number(idle.said[1])).toBe(CONNECTIONS);
  expect((process.memoryUsage().rss - before) / CONNECTIONS).toBeLessThan(MOST_BYTES_EACH);
  const alice = new NativeClient(exchange.http, ALICE);
  const order = {
    market: "BTC-USDT",
    side: "buy",
    type: "limit",
    price: "50000",
    quantity: "0.01",
  };
  expect((await alice.request("POST", "/v1/orders", order)).status).toBe(201);
  await idle.kill();
  // All of them end at once.
  expect((await alice.request("GET", "/v1/orders")).json.orders).toHaveLength(1);
});

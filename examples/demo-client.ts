import { createHmac } from "node:crypto";
import { once } from "node:events";
import { signedPayload } from "@pincex/gateway";
import { WebSocket } from "ws";
import { ADA } from "./demo-venue.ts";

const signed = (method: string, path: string, body: string) => {
  const timestamp = String(Date.now());
  const payload = signedPayload(timestamp, method, path, body);
  return { timestamp, signature: createHmac("sha256", ADA.secret).update(payload).digest("hex") };
};

/** Ada places an order by REST, hears of it on a WebSocket, and prints what she is told. */
export const trade = async (port: number, prefix: string): Promise<void> => {
  const [http, path] = [`http://localhost:${port}`, `${prefix}/v1/orders`];
  console.log("the host says", await (await fetch(`${http}/hello`)).text());

  const order = { market: "BTC-USDT", side: "buy", type: "limit", price: "60000", quantity: "0.5" };
  const body = JSON.stringify(order);
  const { timestamp, signature } = signed("POST", path, body);
  const headers = {
    "content-type": "application/json",
    "pincex-key": ADA.apiKey,
    "pincex-timestamp": timestamp,
    "pincex-signature": signature,
  };
  const placed = (await (await fetch(http + path, { method: "POST", headers, body })).json()) as {
    order: { status: string; quantity: string; price: string };
  };
  const { status, quantity, price } = placed.order;
  console.log(`${status}: ${quantity} BTC at ${price}`);

  const socket = new WebSocket(`ws://localhost:${port}${prefix}/v1/ws`);
  await once(socket, "open");
  const heard = async () => JSON.parse(String((await once(socket, "message"))[0]));
  const claim = signed("GET", `${prefix}/v1/ws`, "");
  socket.send(JSON.stringify({ op: "auth", key: ADA.apiKey, ...claim }));
  console.log((await heard()).type, "by WebSocket");
  socket.send(JSON.stringify({ id: 1, op: "cancel_all" }));
  const cancelled = (await heard()) as { result: { orders: { status: string }[] } };
  console.log(cancelled.result.orders.map((each) => each.status).join());
  socket.close();
};

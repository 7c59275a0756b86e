import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { toNodeListener } from "./hosts/node-listener.ts";
import { hmac, NativeClient } from "./testing/clients.ts";
import { ALICE, openTestExchange, type TestExchange } from "./testing/test-exchange.ts";
import { WebSocketClient } from "./testing/web-socket-client.ts";

let exchange: TestExchange | undefined;
afterEach(async () => {
  await exchange?.stop();
  exchange = undefined;
});

const opened = async (clock: () => number = Date.now): Promise<TestExchange> => {
  exchange = await openTestExchange({ clock });
  return exchange;
};

/** A bare connection, and all that comes on it until it ends. */
const rawConnection = (port: number): { socket: Socket; ended: Promise<string> } => {
  const socket = connect(port, "127.0.0.1");
  let heard = "";
  socket.on("data", (chunk) => {
    heard += String(chunk);
  });
  // What is still on its way when the other side ends may reset the connection.
  socket.on("error", () => undefined);
  return { socket, ended: once(socket, "close").then(() => heard) };
};

const portOf = ({ http }: TestExchange): number => Number(new URL(http).port);

const UPGRADE =
  "GET /v1/ws HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

const order = { market: "BTC-USDT", side: "buy", type: "limit", price: "50000", quantity: "0.01" };

describe("a client that is gone without a word", () => {
  test("is cut after three pings without an answer; one that answers stays", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const { webSocket } = await opened();
    const alive = await WebSocketClient.open(`${webSocket}/v1/ws`);
    const { socket, ended } = rawConnection(Number(new URL(webSocket).port));
    let pings = 0;
    alive.webSocket.on("ping", () => {
      pings += 1;
    });
    socket.write(UPGRADE);
    await once(socket, "data");
    for (let turn = 1; turn <= 4; turn += 1) {
      vi.advanceTimersByTime(20_000);
      if (turn < 4) await expect.poll(() => pings).toBe(turn);
      // Its pong has to be heard before it is asked again.
      alive.send({ id: turn, op: "ping" });
      await alive.next(({ id }) => id === turn);
    }
    await ended;
    alive.send({ id: "still", op: "ping" });
    expect(await alive.next(({ id }) => id === "still")).toMatchObject({ type: "pong" });
  });
});

describe("a client that writes too much", () => {
  test("in headers is refused with 431, and others are served", async () => {
    const running = await opened();
    const bombs = ["x".repeat(100_000), Array(20_000).fill("y: z").join("\r\n")].map((bomb) => {
      const { socket, ended } = rawConnection(portOf(running));
      socket.write(`GET /v1/time HTTP/1.1\r\nhost: x\r\nbomb: ${bomb}\r\n\r\n`);
      return ended;
    });
    for (const answer of await Promise.all(bombs)) expect(answer).toMatch(/^HTTP\/1.1 431 /);
    expect((await fetch(`${running.http}/v1/time`)).status).toBe(200);
  });

  test("in a message of many small frames is closed at 1 MiB", async () => {
    const { webSocket } = await opened();
    const client = await WebSocketClient.open(`${webSocket}/v1/ws`);
    const closed = once(client.webSocket, "close");
    const part = "x".repeat(64 * 1_024);
    for (let sent = 0; sent < 17; sent += 1) client.webSocket.send(part, { fin: false });
    expect((await closed)[0]).toBe(1009);
  });

  test("in JSON that is nothing but brackets is refused, and stays", async () => {
    const { webSocket, http } = await opened();
    const brackets = "[".repeat(500_000);
    const client = await WebSocketClient.open(`${webSocket}/v1/ws`);
    for (const text of [brackets, `${brackets}${"]".repeat(500_000)}`]) {
      client.send(text);
      expect(await client.next()).toMatchObject({ type: "error", status: 400 });
    }
    await client.close();
    const answer = await new NativeClient(http, ALICE).raw("POST", "/v1/orders", brackets);
    expect(answer.json).toMatchObject({ code: "body_malformed" });
  });
});

describe("a client that writes too slowly", () => {
  test("never has its request handled, and is ended by the server's own time limit", async () => {
    const { gateway } = await opened();
    let handled = 0;
    const counting = {
      ...gateway,
      handle: (...request: Parameters<typeof gateway.handle>) => {
        handled += 1;
        return gateway.handle(...request);
      },
    };
    const limits = { requestTimeout: 200, headersTimeout: 200, connectionsCheckingInterval: 50 };
    const server = createServer(limits, toNodeListener(counting));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const starts = [
      "POST /v1/orders HTTP/1.1\r\nhost",
      "POST /v1/orders HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{",
    ];
    const answers = starts.map((start) => {
      const { socket, ended } = rawConnection(port);
      socket.write(start);
      return ended;
    });
    for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^(HTTP\/1.1 408 |$)/);
    expect(handled).toBe(0);
  });

  test("and leaves in the middle is forgotten", async () => {
    const running = await opened();
    const { socket, ended } = rawConnection(portOf(running));
    socket.write("POST /v1/orders HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{");
    await once(socket, "ready");
    socket.destroy();
    await ended;
    expect((await fetch(`${running.http}/v1/time`)).status).toBe(200);
  });
});

describe("a signature that is sent again", () => {
  let now = 1_800_000_000_000;
  const signed = (method: string, path: string, body: string) => ({
    method,
    headers: {
      "pincex-key": ALICE.apiKey,
      "pincex-timestamp": String(now),
      "pincex-signature": hmac(ALICE.secret, `${now}${method}${path}${body}`),
    },
    ...(body === "" ? {} : { body }),
  });

  test("within its five seconds places the same order once, and is refused after them", async () => {
    const { http } = await opened(() => now);
    const body = JSON.stringify({ ...order, clientOrderId: "once" });
    const request = signed("POST", "/v1/orders", body);
    const statuses: number[] = [];
    for (const later of [0, 0, 5_000, 1]) {
      now += later;
      statuses.push((await fetch(`${http}/v1/orders`, request)).status);
    }
    expect(statuses).toEqual([201, 200, 200, 401]);
    const { json } = await new NativeClient(http, ALICE).raw("GET", "/v1/orders", "", now);
    expect(json.orders).toHaveLength(1);
  });

  test("is refused where it would do the same once more", async () => {
    const { http } = await opened(() => now);
    const place = signed("POST", "/v1/orders", JSON.stringify(order));
    const placed = await fetch(`${http}/v1/orders`, place);
    expect(placed.status).toBe(201);
    const { id } = ((await placed.json()) as { order: { id: string } }).order;
    const terms = { side: order.side, type: order.type, quantity: order.quantity };
    const both = [order, { ...order, clientOrderId: "named" }];
    const amend = JSON.stringify({ price: "50100" });
    const replace = JSON.stringify({ ...terms, price: "50200" });
    const list = JSON.stringify({
      market: order.market,
      contingency: "oto",
      orders: [
        { ...terms, price: "50000" },
        { ...terms, side: "sell", price: "70000" },
      ],
    });
    for (const [method, path, body] of [
      ["PATCH", `/v1/orders/${id}`, amend],
      ["POST", `/v1/orders/${id}/replace`, replace],
      ["POST", "/v1/orders/batch", JSON.stringify({ orders: both })],
      ["POST", "/v1/order-lists", list],
    ] as const) {
      const request = signed(method, path, body);
      expect((await fetch(http + path, request)).ok).toBe(true);
      const again = await fetch(http + path, request);
      expect(await again.json()).toMatchObject({ status: 409, code: "request_repeated" });
    }
    const alice = new NativeClient(http, ALICE);
    const before = (await alice.raw("GET", "/v1/orders?status=all", "", now)).json;
    const shouted = {
      ...place.headers,
      "pincex-signature": place.headers["pincex-signature"].toUpperCase(),
    };
    for (const later of [0, 2_500, 2_500]) {
      now += later;
      const again = await fetch(`${http}/v1/orders`, { ...place, headers: shouted });
      expect(await again.json()).toMatchObject({
        status: 409,
        code: "request_repeated",
        field: "pincex-signature",
        executed: "unknown",
      });
    }
    expect((await alice.raw("GET", "/v1/orders?status=all", "", now)).json).toEqual(before);
  });

  test("is good for nothing but what was signed", async () => {
    const { http, webSocket } = await opened(() => now);
    const request = signed("GET", "/v1/orders?limit=1", "");
    const taken = { headers: request.headers };
    const body = JSON.stringify(order);
    for (const [path, other] of [
      ["/v1/orders?limit=2", { ...taken, method: "GET" }],
      ["/v1/orders?limit=1", { ...taken, method: "DELETE" }],
      ["/v1/orders", { ...taken, method: "POST", body }],
      [
        "/v1/orders?limit=1",
        { ...taken, headers: { ...taken.headers, "pincex-timestamp": `${now + 1}` } },
      ],
      ["/v1/orders?limit=1", { ...taken, headers: { ...taken.headers, "pincex-key": "bob-key" } }],
    ] as const) {
      const answer = await fetch(http + path, other);
      expect(await answer.json()).toMatchObject({ status: 401, code: "signature_invalid" });
    }
    const client = await WebSocketClient.open(`${webSocket}/v1/ws`);
    const signature = taken.headers["pincex-signature"];
    client.send({ op: "auth", key: ALICE.apiKey, timestamp: String(now), signature });
    expect(await client.next()).toMatchObject({ code: "signature_invalid" });
    expect((await fetch(`${http}/v1/orders?limit=1`, request)).status).toBe(200);
  });
});

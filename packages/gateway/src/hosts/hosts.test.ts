import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { serve } from "@hono/node-server";
import { MarketData } from "@pincex/market-data";
import { memoryJournal, openVenue, type Venue } from "@pincex/venue";
import { Views } from "@pincex/venue/views";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { keyAuthenticator } from "../key-authenticator.ts";
import { createGateway, type Gateway, type GatewayOptions } from "../gateway.ts";
import { MAX_BODY_BYTES } from "../http-message.ts";
import { BinanceClient, hmac, NativeClient } from "../testing/clients.ts";
import { ALICE, setUpTestVenue } from "../testing/test-exchange.ts";
import { WebSocketClient } from "../testing/web-socket-client.ts";
import { expressMiddleware } from "./express-middleware.ts";
import { fastifyPlugin } from "./fastify-plugin.ts";
import { toNodeListener } from "./node-listener.ts";
import { takeUpgrades } from "./take-upgrades.ts";

const views = new Views();
const marketData = new MarketData();
let venue: Venue;

beforeAll(async () => {
  venue = await openVenue({
    journal: memoryJournal(),
    views: [views, marketData],
    clock: Date.now,
  });
  await setUpTestVenue(venue);
});
afterAll(() => venue.stop());

const gatewayAt = (options: Partial<GatewayOptions>): Gateway => {
  const authenticator = keyAuthenticator([ALICE]);
  const shared = { venue, views, marketData, authenticator, clock: Date.now };
  const gateway = createGateway({ ...shared, ...options });
  onTestFinished(() => gateway.close());
  return gateway;
};

const opened = async (server: Server): Promise<number> => {
  if (!server.listening) server.listen(0, "127.0.0.1");
  if (!server.listening) await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
};

/** A host of each kind with the gateway at the prefix, and a page of its own beside it at `/own`. */
const HOSTS: Readonly<Record<string, (gateway: Gateway, prefix: string) => Promise<number>>> = {
  "node:http": async (gateway) => {
    const fallback = (_: unknown, response: { end(text: string): void }) => response.end("own");
    const server = createServer(toNodeListener(gateway, { fallback }));
    takeUpgrades(server, gateway);
    return opened(server);
  },
  fastify: async (gateway, prefix) => {
    const fastify = Fastify();
    fastify.get("/own", async () => "own");
    await fastify.register(fastifyPlugin(gateway), { prefix });
    await fastify.listen({ port: 0, host: "127.0.0.1" });
    onTestFinished(() => fastify.close());
    return opened(fastify.server);
  },
  express: async (gateway) => {
    const app = express();
    app.use(expressMiddleware(gateway));
    app.use(express.json());
    app.get("/own", (_, response) => void response.send("own"));
    const server = createServer(app);
    takeUpgrades(server, gateway);
    return opened(server);
  },
  "express, mounted at the prefix": async (gateway, prefix) => {
    const app = express();
    app.use(prefix === "" ? "/" : prefix, expressMiddleware(gateway));
    app.get("/own", (_, response) => void response.send("own"));
    const server = createServer(app);
    takeUpgrades(server, gateway);
    return opened(server);
  },
  hono: async (gateway, prefix) => {
    const app = new Hono();
    app.get("/own", (context) => context.text("own"));
    app.all(`${prefix}/*`, (context) => gateway.fetch(context.req.raw));
    const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }) as Server;
    takeUpgrades(server, gateway);
    return opened(server);
  },
};

const order = { market: "BTC-USDT", side: "buy", type: "limit", price: "50000", quantity: "0.001" };
const binanceOrder = {
  symbol: "BTCUSDT",
  side: "BUY",
  type: "LIMIT",
  timeInForce: "GTC",
  price: "50000",
  quantity: "0.001",
};

describe.each(Object.keys(HOSTS))("mounted in %s", (host) => {
  const start = async (options: Partial<GatewayOptions> = {}) => {
    const { prefix = "" } = options;
    const port = await HOSTS[host]?.(gatewayAt(options), prefix);
    const http = `http://127.0.0.1:${port}`;
    return { port: port as number, origin: http, http: http + prefix };
  };

  test.each(["", "/exchange", "/a/b"])(
    'at "%s": REST, a socket, and the host\'s own page',
    async (prefix) => {
      const { http, origin } = await start({ prefix });
      expect(await (await fetch(`${origin}/own`)).text()).toBe("own");
      expect((await fetch(`${http}/nobody`)).status).toBe(host === "node:http" ? 200 : 404);
      const placed = await new NativeClient(http, ALICE).request("POST", "/v1/orders", order);
      expect([placed.status, placed.json.order.status]).toEqual([201, "open"]);
      const cancelled = await new NativeClient(http, ALICE).request("DELETE", "/v1/orders");
      expect(cancelled.json.orders).toHaveLength(1);

      const socket = await WebSocketClient.open(`${http.replace("http", "ws")}/v1/ws`);
      const timestamp = String(Date.now());
      const signature = hmac(ALICE.secret, `${timestamp}GET${prefix}/v1/ws`);
      socket.send({ id: 1, op: "auth", key: ALICE.apiKey, timestamp, signature });
      expect(await socket.next()).toMatchObject({ type: "authenticated", account: "alice" });
      await socket.close();
    },
  );

  test("takes bodies as clients send them, whatever they call them", async () => {
    const { http } = await start();
    const alice = new BinanceClient(http, ALICE);
    const send = async (method: string, query: string, body: string, type: string | undefined) => {
      const headers: Record<string, string> = { "x-mbx-apikey": ALICE.apiKey };
      if (type !== undefined) headers["content-type"] = type;
      const url = `${http}/api/v3/order/test?${query}`;
      const answer = await fetch(url, { method, headers, ...(body === "" ? {} : { body }) });
      return [answer.status, await answer.json()];
    };
    const pairs = alice.signed(new URLSearchParams(binanceOrder).toString());
    const ok = [200, {}];
    // As @binance/spot and @binance/connector do: called JSON, and empty.
    expect(await send("POST", pairs, "", "application/json")).toEqual(ok);
    expect(await send("POST", "", pairs, "application/x-www-form-urlencoded")).toEqual(ok);
    expect(await send("POST", "", pairs, "text/plain;charset=UTF-8")).toEqual(ok);
    expect(await send("POST", "", pairs, "nonsense")).toEqual(ok);
    expect(await send("POST", pairs, "", undefined)).toEqual(ok);
  });

  test("checks what was signed over the bytes that were sent", async () => {
    const { http } = await start();
    const alice = new NativeClient(http, ALICE);
    // Written again by whatever parses JSON, it would be other bytes.
    const body = `{ "market": "BTC-USDT",\n "side": "buy", "type": "limit", "price": "50000", "quantity": "0.0010" , "clientOrderId": "\\u0061-${performance.now()}" }`;
    expect((await alice.raw("POST", "/v1/orders", body)).status).toBe(201);
    const query = "/v1/orders?market=BTC%2DUSDT&limit=%31";
    expect((await alice.raw("GET", query, "")).status).toBe(200);
    await alice.request("DELETE", "/v1/orders");
  });

  test("refuses a body above 1 MiB with the error that every host gives", async () => {
    const { http } = await start();
    const anybody = new NativeClient(http);
    for (const body of [
      "x".repeat(MAX_BODY_BYTES + 1),
      new Blob(["x".repeat(MAX_BODY_BYTES + 1)]).stream(),
    ]) {
      const answer = await fetch(`${http}/v1/orders`, {
        method: "POST",
        body,
        duplex: "half",
      } as RequestInit).catch((error: Error) => error);
      // Whoever is still sending may see the connection end before the answer.
      if (!(answer instanceof Error))
        expect(await answer.json()).toMatchObject({ code: "body_too_large" });
    }
    // Others are served as before, if not on the connection that has ended.
    const status = () =>
      anybody.request("GET", "/v1/time").then(
        (answer) => answer.status,
        () => 0,
      );
    await expect.poll(status).toBe(200);
  });

  test("ends the upgrade of a path that is nobody's", async () => {
    const { port } = await start();
    const socket = connect(port, "127.0.0.1");
    socket.write(
      "GET /nobody HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    );
    socket.resume();
    await once(socket, "close");
  });
});

describe("where the body was read before", () => {
  test("express.json() before the gateway: the host is told, and nothing is done", async () => {
    const app = express();
    app.use(express.json());
    app.use(expressMiddleware(gatewayAt({})));
    const port = await opened(createServer(app));
    const alice = new NativeClient(`http://127.0.0.1:${port}`, ALICE);
    const body = JSON.stringify(order);
    const timestamp = String(Date.now());
    const answer = await fetch(`http://127.0.0.1:${port}/v1/orders`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "pincex-key": ALICE.apiKey,
        "pincex-timestamp": timestamp,
      },
      body,
    });
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ code: "body_already_read", executed: "no" });
    // Without a body there is nothing that it could have taken.
    expect((await alice.request("GET", "/v1/orders")).json.orders).toEqual([]);
  });

  test("express.json() that keeps the bytes in rawBody", async () => {
    const app = express();
    const verify = (request: object, _: unknown, bytes: Buffer): void => {
      Object.assign(request, { rawBody: bytes });
    };
    app.use(express.json({ verify, type: () => true }));
    app.use(expressMiddleware(gatewayAt({})));
    const port = await opened(createServer(app));
    const alice = new NativeClient(`http://127.0.0.1:${port}`, ALICE);
    expect((await alice.request("POST", "/v1/orders", order)).status).toBe(201);
    await alice.request("DELETE", "/v1/orders");
  });

  test("a Request whose body was used", async () => {
    const request = new Request("http://localhost/v1/orders", { method: "POST", body: "{}" });
    await request.text();
    const answer = await gatewayAt({}).fetch(request);
    expect(await answer.json()).toMatchObject({ status: 500, code: "body_already_read" });
  });
});

test("fetch answers a preflight, counts the address that it is told, and asks nothing of the address's form", async () => {
  const limits = { perAddress: { burst: 1, perSecond: 0.001 } };
  const gateway = gatewayAt({ limits });
  const preflight = await gateway.fetch(
    new Request("http://localhost/v1/orders", {
      method: "OPTIONS",
      headers: { "access-control-request-method": "POST" },
    }),
  );
  expect([preflight.status, await preflight.text()]).toEqual([204, ""]);
  const time = () => new Request("http://localhost/v1/time#now");
  const from = { remoteAddress: "192.0.2.1" };
  expect((await gateway.fetch(time(), from)).status).toBe(200);
  expect((await gateway.fetch(time(), from)).status).toBe(429);
  expect((await gateway.fetch(time())).status).toBe(200);
  expect((await gateway.fetch(new Request("http://localhost"))).status).toBe(404);
});

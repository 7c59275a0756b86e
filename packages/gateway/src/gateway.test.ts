import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect as connectTcp } from "node:net";
import { OutcomeUnknown, VenueOverloaded, VenueStopped } from "@pincex/venue";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createGateway, type GatewayOptions } from "./gateway.ts";
import { toNodeListener } from "./hosts/node-listener.ts";
import { CloseCode, MAX_QUEUED_BYTES } from "./streaming/connection.ts";
import { BinanceClient, NativeClient } from "./testing/clients.ts";
import { ALICE, BOB, openTestExchange, type TestExchange } from "./testing/test-exchange.ts";
import { WebSocketClient } from "./testing/web-socket-client.ts";

let exchange: TestExchange | undefined;
afterEach(async () => {
  await exchange?.stop();
  exchange = undefined;
});

const opened = async (options: Partial<GatewayOptions> = {}): Promise<TestExchange> => {
  exchange = await openTestExchange(options);
  return exchange;
};

const order = {
  market: "BTC-USDT",
  side: "buy",
  type: "limit",
  price: "60000",
  quantity: "0.001",
};

describe("a gateway mounted under a prefix", () => {
  test("answers below it alone, and signatures cover the whole path", async () => {
    const { http, webSocket, gateway } = await opened({ prefix: "/exchange" });
    expect(gateway.owns("/exchange/api/v3/ping")).toBe(true);
    expect(gateway.owns("/api/v3/ping")).toBe(false);
    expect(gateway.owns("/exchanges/v1/time")).toBe(false);
    const placed = await new NativeClient(http, ALICE).request("POST", "/v1/orders", order);
    expect(placed.status).toBe(201);
    const account = await new BinanceClient(http, ALICE).request("GET", "/api/v3/account");
    expect(account.status).toBe(200);
    const client = await WebSocketClient.open(`${webSocket}/stream?streams=btcusdt@trade`);
    client.send({ method: "LIST_SUBSCRIPTIONS", id: 1 });
    expect(await client.next()).toEqual({ result: ["btcusdt@trade"], id: 1 });
    await client.close();
  });

  test.each(["exchange", "/exchange/", "/", "/a b"])("does not take %j for one", (prefix) => {
    const options = { prefix } as GatewayOptions;
    expect(() => createGateway(options)).toThrow(TypeError);
  });

  test.each([-1, 0.5, Number.NaN])("does not take %d for a bound", (marketOrderBoundPpm) => {
    expect(() => createGateway({ marketOrderBoundPpm } as GatewayOptions)).toThrow(RangeError);
  });
});

describe("beside a host's own routes", () => {
  test("everything else falls through, raw, and upgrades of others are left alone", async () => {
    const { gateway } = await opened();
    const server = createServer(
      toNodeListener(gateway, { fallback: (request, response) => void response.end(request.url) }),
    );
    let refused = 0;
    server.on("upgrade", (request, socket, head) => {
      if (gateway.handleUpgrade(request, socket, head)) return;
      refused += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await (await fetch(`http://${host}/page?x=1`)).text()).toBe("/page?x=1");
    expect((await fetch(`http://${host}/v1/time`)).status).toBe(200);
    await expect(WebSocketClient.open(`ws://${host}/chat`)).rejects.toThrow();
    expect(refused).toBe(1);
    await expect(WebSocketClient.open(`ws://${host}/v1/other`)).rejects.toThrow("404");
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("when the venue gives no outcome", () => {
  const answersOf = async (error: Error) => {
    const { http } = await opened({
      venue: { submit: () => Promise.reject(error) },
      onError: () => {},
    });
    const native = await new NativeClient(http, ALICE).request("POST", "/v1/orders", order);
    const binance = await new BinanceClient(http, ALICE).post("/api/v3/order", {
      symbol: "BTCUSDT",
      side: "BUY",
      type: "LIMIT",
      timeInForce: "GTC",
      price: "60000",
      quantity: "0.001",
    });
    return { native, binance };
  };

  test.each([
    [new VenueOverloaded("journal", 5), "venue_overloaded", "no", true, -1008],
    [new VenueStopped(), "venue_stopped", "no", true, -1001],
    [new OutcomeUnknown("the disk is gone"), "outcome_unknown", "unknown", false, -1007],
  ] as const)("%s", async (error, code, executed, retryable, binanceCode) => {
    const { native, binance } = await answersOf(error);
    expect(native.status).toBe(503);
    expect(native.json).toMatchObject({ code, executed, retryable });
    expect(native.headers.get("retry-after")).toBe("1");
    expect(binance.status).toBe(503);
    expect(binance.json).toMatchObject({ code: binanceCode, reason: code });
    expect(binance.headers.get("retry-after")).toBe("1");
  });

  test("a mistake of our own is told to the host, and to nobody else", async () => {
    const told: unknown[] = [];
    const mistake = new Error("secret detail");
    const { http } = await opened({
      venue: { submit: () => Promise.reject(mistake) },
      onError: (error) => told.push(error),
    });
    const answer = await new NativeClient(http, ALICE).request("POST", "/v1/orders", order);
    expect(answer.status).toBe(500);
    expect(answer.json).toMatchObject({ code: "internal_error", executed: "unknown" });
    expect(JSON.stringify(answer.json)).not.toContain("secret");
    expect(told).toEqual([mistake]);
  });
});

describe("WebSocket clients", () => {
  const trade = {
    market: 1,
    tradeId: 1,
    price: 1,
    quantity: 1,
    takerSide: "buy",
    at: 1,
  } as const;

  /** The kernel takes some megabytes before anything waits in the process. */
  const flood = async (bursts: number, burst: () => void): Promise<void> => {
    for (let sent = 0; sent < bursts; sent += 1) {
      for (let each = 0; each < 200; each += 1) burst();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  test("that don't read a stream of Binance's are closed with 4008 when 1 MiB waits for them", async () => {
    const { http, webSocket, gateway, marketData } = await opened();
    const slow = await WebSocketClient.open(`${webSocket}/ws/btcusdt@trade`);
    const quick = await WebSocketClient.open(`${webSocket}/ws/btcusdt@trade`);
    slow.webSocket.pause();
    const closed = once(slow.webSocket, "close");
    await flood(400, () => marketData.emit("trade", trade));
    slow.webSocket.resume();
    const [code] = await closed;
    expect(code).toBe(CloseCode.slowConsumer);
    expect(MAX_QUEUED_BYTES).toBe(1_048_576);
    await expect.poll(() => quick.heard.length, { timeout: 10_000 }).toBe(80_000);
    expect((await fetch(`${http}/v1/time`)).status).toBe(200);
    await quick.close();
    await gateway.close();
  });

  test("that read a channel slowly miss nothing that can be told again, else get a resync and a snapshot", async () => {
    const { webSocket, gateway, marketData } = await opened();
    const slow = await WebSocketClient.open(`${webSocket}/v1/ws`);
    const quick = await WebSocketClient.open(`${webSocket}/v1/ws`);
    let number = 0;
    vi.spyOn(marketData, "tradeChanges").mockImplementation(() => number);
    for (const client of [slow, quick]) {
      client.send({ op: "subscribe", channel: "trades", market: "BTC-USDT" });
      await client.next(({ type }) => type === "snapshot");
    }
    const tell = (): void => {
      number += 1;
      marketData.emit("tape", { number, trade });
    };
    const updates = ({ heard }: WebSocketClient) => heard.filter(({ type }) => type === "update");
    const isContiguous = (client: WebSocketClient, from: number): boolean =>
      updates(client).every(({ seq, prevSeq }, at) => seq === prevSeq + 1 && seq >= from + at);

    // Less than can be told again: paused, then told all of it.
    slow.webSocket.pause();
    await flood(300, tell);
    slow.webSocket.resume();
    await expect.poll(() => updates(slow).length, { timeout: 10_000 }).toBe(60_000);
    expect(isContiguous(slow, 1)).toBe(true);

    // More than that: begun anew.
    slow.webSocket.pause();
    await flood(700, tell);
    slow.webSocket.resume();
    await expect.poll(() => slow.heard.at(-1)?.seq, { timeout: 10_000 }).toBe(number);
    const resync = slow.heard.findIndex(({ type }) => type === "resync");
    expect(slow.heard[resync]).toMatchObject({ channel: "trades", market: "BTC-USDT" });
    expect(slow.heard[resync + 1]).toMatchObject({ type: "snapshot" });
    expect(slow.heard[resync].fromSeq).toBe(slow.heard[resync - 1].seq);
    tell();
    expect(await slow.next(({ seq }) => seq === number)).toMatchObject({ prevSeq: number - 1 });

    // Nobody else was kept waiting, or missed anything.
    await expect.poll(() => updates(quick).length, { timeout: 10_000 }).toBe(number);
    expect(isContiguous(quick, 1)).toBe(true);
    await Promise.all([slow.close(), quick.close()]);
    await gateway.close();
  });

  test("that send more than 1 MiB, binary or broken frames are closed", async () => {
    const { webSocket } = await opened();
    const codes = await Promise.all(
      [Buffer.alloc(10), "x".repeat(1_048_577)].map(async (message) => {
        const client = await WebSocketClient.open(`${webSocket}/ws`);
        const closed = once(client.webSocket, "close");
        client.webSocket.send(message);
        return (await closed)[0];
      }),
    );
    expect(codes).toEqual([1003, 1009]);
    const socket = connectTcp(Number(new URL(webSocket).port), "127.0.0.1");
    socket.write(
      "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    );
    await once(socket, "data");
    socket.write("\x00\x01\x02 no frame at all");
    await once(socket, "close");
  });

  test("are told goodbye when the gateway stops, and no more are taken", async () => {
    const { webSocket, gateway } = await opened();
    const client = await WebSocketClient.open(`${webSocket}/v1/ws`);
    const closed = once(client.webSocket, "close");
    await gateway.close();
    expect((await closed)[0]).toBe(1001);
    await expect(WebSocketClient.open(`${webSocket}/v1/ws`)).rejects.toThrow("503");
  });

  test("leave nothing running behind them", async () => {
    const { webSocket, marketData, http, gateway } = await opened();
    // What may have to be told again is heard in any case.
    const always = marketData.eventNames().length;
    const client = await WebSocketClient.open(
      `${webSocket}/stream?streams=btcusdt@trade/btcusdt@depth/btcusdt@kline_1m/!ticker@arr/btcusdt@bookTicker`,
    );
    await expect.poll(() => marketData.eventNames().length).toBe(always + 5);
    await client.close();
    await expect.poll(() => marketData.eventNames().length).toBe(always);
    await new NativeClient(http, BOB).request("POST", "/v1/orders", order);
    await gateway.close();
    expect(marketData.eventNames()).toEqual([]);
  });
});

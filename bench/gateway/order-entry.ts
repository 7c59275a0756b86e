import { median } from "../engine/median.ts";
import type { BenchOptions, Print } from "../figure.ts";
import { openBareHttp, openBareWebSocket } from "./bare-servers.ts";
import { ClientProcess } from "./client-process.ts";
import { type BenchServer, KEYS, openDurableGateway, type VenuePlace } from "./durable-gateway.ts";
import type { Load, LoadResult } from "./load.ts";

interface Way {
  readonly bench: string;
  readonly load: Omit<Load, "port" | "orders">;
  readonly peer: string;
  readonly says: string;
  readonly venue: VenuePlace;
  openBare(answerBytes: number): Promise<BenchServer>;
}

const WAYS: readonly Way[] = [
  {
    bench: "gateway/web-socket-orders",
    load: { by: "web-socket", connections: 16, outstanding: 32, keys: KEYS },
    peer: "bare ws server, same client",
    says: "over 16 authenticated WebSockets, 32 orders under way on each",
    venue: "main",
    openBare: openBareWebSocket,
  },
  {
    bench: "gateway/web-socket-orders-own-thread",
    load: { by: "web-socket", connections: 16, outstanding: 32, keys: KEYS },
    peer: "bare ws server, same client",
    says: "the same, journal and matching in a thread of their own",
    venue: "own",
    openBare: openBareWebSocket,
  },
  {
    bench: "gateway/rest-orders",
    load: { by: "rest", connections: 64, outstanding: 1, keys: KEYS },
    peer: "bare node:http server, same client",
    says: "by signed REST over 64 connections that are kept alive",
    venue: "main",
    openBare: openBareHttp,
  },
  {
    bench: "gateway/rest-orders-own-thread",
    load: { by: "rest", connections: 64, outstanding: 1, keys: KEYS },
    peer: "bare node:http server, same client",
    says: "the same, journal and matching in a thread of their own",
    venue: "own",
    openBare: openBareHttp,
  },
];

interface Run extends LoadResult {
  readonly ordersPerSecond: number;
  /** Of this process, the server's. */
  readonly cpuMicros: number;
}

/**
 * Orders a second from a second process: each is answered when its journal frame is on disk and the views have it; half of them
 * trade. Beside it a server that does nothing but answer as many bytes.
 */
export const orderEntry = async (print: Print, { short }: BenchOptions): Promise<void> => {
  for (const way of WAYS) await measureWay(way, print, short);
};

const measureWay = async (way: Way, print: Print, short: boolean): Promise<void> => {
  const orders = short ? 10_000 : 60_000;
  const clients = new ClientProcess();
  const ours = await openDurableGateway(way.venue);
  // Once for the compilers, and not counted.
  const { answerBytes } = await measured(clients, way, ours.port, orders);
  const bare = await way.openBare(answerBytes);
  await measured(clients, way, bare.port, orders);
  const rounds: { ours: Run; bare: Run }[] = [];
  for (let round = 0; round < (short ? 1 : 5); round += 1) {
    rounds.push({
      ours: await measured(clients, way, ours.port, orders),
      bare: await measured(clients, way, bare.port, orders),
    });
  }
  await ours.stop();
  await bare.stop();
  clients.stop();
  const of = (read: (run: Run) => number) => median(rounds.map((round) => read(round.ours)));
  const bareOf = (read: (run: Run) => number) => median(rounds.map((round) => read(round.bare)));
  const ratio = median(
    rounds.map((round) => round.ours.ordersPerSecond / round.bare.ordersPerSecond),
  );
  const ms = (read: (latency: LoadResult["latencyMs"]) => number) =>
    of(({ latencyMs }) => read(latencyMs)).toFixed(1);
  print({
    bench: way.bench,
    ours: Math.round(of(({ ordersPerSecond }) => ordersPerSecond)),
    unit: "orders/s",
    peer: way.peer,
    theirs: Math.round(bareOf(({ ordersPerSecond }) => ordersPerSecond)),
    ratio: Math.round(ratio * 100) / 100,
    note: `${way.says}: order → fdatasync → match → answer of ${answerBytes} bytes in ${ms(({ p50 }) => p50)} ms (p50), ${ms(({ p99 }) => p99)} ms (p99), ${ms(({ p999 }) => p999)} ms (p99.9); ${of(({ cpuMicros }) => cpuMicros).toFixed(1)} µs of the server's CPU an order, ${bareOf(({ cpuMicros }) => cpuMicros).toFixed(1)} of the bare one's; ${orders} orders, half of them trade, median of ${rounds.length}`,
  });
};

const measured = async (
  clients: ClientProcess,
  { load }: Way,
  port: number,
  orders: number,
): Promise<Run> => {
  const before = process.cpuUsage();
  const result = await clients.load({ ...load, port, orders });
  const { user, system } = process.cpuUsage(before);
  return {
    ...result,
    ordersPerSecond: orders / result.seconds,
    cpuMicros: (user + system) / orders,
  };
};

import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createExchange } from "pincex";
import type { BenchOptions, Print } from "../figure.ts";
import { freshDatabase } from "./fresh-database.ts";
import type { HttpLoad, HttpLoadResult } from "./http-load.ts";

const CONNECTIONS = 32;

/**
 * Matches a second from an HTTP order to its ledger rows in PostgreSQL: signed orders over keep-alive connections from a
 * second process, each answered after its journal frame is on disk, until the last row is in SQL. Beside it, in the same
 * run, a bare `node:http` server that answers the same requests with nothing: what the machine and the client allow.
 */
export const endToEnd = async (print: Print, options: BenchOptions): Promise<void> => {
  const orders = options.short ? 2_000 : 20_000;
  const rounds = options.short ? 1 : 3;
  const ours: number[] = [];
  const answered: number[] = [];
  const bare: number[] = [];
  const sql = await freshDatabase();
  // Once for the compiler, and not counted.
  await measureExchange(orders / 4, sql.url);
  await sql.empty();
  for (let round = 0; round < rounds; round += 1) {
    const { matchesPerSecond, ordersPerSecond } = await measureExchange(orders, sql.url);
    ours.push(matchesPerSecond);
    answered.push(ordersPerSecond);
    bare.push(await measureBareServer(orders));
    await sql.empty();
  }
  await sql.drop();
  // Two orders make a match.
  const floor = median(bare) / 2;
  print({
    bench: "venue/end-to-end",
    ours: Math.round(median(ours)),
    unit: "matches/s",
    peer: "bare node:http server, same client",
    theirs: Math.round(floor),
    ratio: round2(median(ours) / floor),
    note: `HTTP order → fdatasync → match → rows in ${sql.name}; ${orders} signed orders, ${CONNECTIONS} connections, client on the same cores; ${Math.round(median(answered))} orders/s answered`,
  });
};

const measureExchange = async (
  orders: number,
  databaseUrl: string | undefined,
): Promise<{ matchesPerSecond: number; ordersPerSecond: number }> => {
  const dataDir = await mkdtemp(join(tmpdir(), "pincex-bench-"));
  const exchange = await createExchange({
    dataDir,
    port: 0,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  });
  try {
    const { port } = await exchange.listen();
    const start = performance.now();
    const load = await httpLoad({
      port,
      connections: CONNECTIONS,
      orders,
      keys: exchange.demoKeys,
    });
    if (load.refused > 0) throw new Error(`${load.refused} refused, first: ${load.firstRefusal}`);
    await exchange.venue.flushed();
    const seconds = (performance.now() - start) / 1000;
    return { matchesPerSecond: orders / 2 / seconds, ordersPerSecond: orders / load.seconds };
  } finally {
    await exchange.stop();
    await rm(dataDir, { recursive: true });
  }
};

const measureBareServer = async (orders: number): Promise<number> => {
  const server = createServer((_, response) => {
    response.setHeader("content-length", 2).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const keys = [{ apiKey: "key", secret: "secret" }];
  const load = await httpLoad({ port, connections: CONNECTIONS, orders, keys });
  server.close();
  return orders / load.seconds;
};

const httpLoad = async (load: HttpLoad): Promise<HttpLoadResult> => {
  const child = fork(join(import.meta.dirname, "http-load.ts"), { execArgv: process.execArgv });
  child.send(load);
  const [result] = (await once(child, "message")) as [HttpLoadResult];
  child.kill();
  return result;
};

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
};

const round2 = (value: number): number => Math.round(value * 100) / 100;

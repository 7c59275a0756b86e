import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { createClient } from "@redis/client";
import { onTestFinished } from "vitest";
import type { RedisClient } from "../redis/redis-client.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Why there is no Redis to test with; undefined where there is one. With PINCEX_REQUIRE_SERVERS=1 that throws instead. */
export const missingRedis = (): string | undefined => {
  if (spawnSync("redis-server", ["--version"]).status === 0) return undefined;
  const reason = "there is no redis-server on the path";
  if (process.env["PINCEX_REQUIRE_SERVERS"] === "1") throw new Error(reason);
  return reason;
};

/** A Redis of the test's own, which is gone when the test is over. */
export interface TestRedis {
  readonly url: string;
  /** A client of it that is connected. */
  connect(): Promise<RedisClient>;
  /** Kills it as a power switch would. */
  kill(): Promise<void>;
  /** Starts it again on the same port: with what it had kept, or with nothing. */
  restart(options?: { readonly forgetful?: boolean }): Promise<void>;
}

/** Keeps each write before it answers, unless told otherwise. */
export const startRedis = async (): Promise<TestRedis> => {
  const directory = temporaryDirectory();
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server = await running(port, directory);
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, "exit");
    server.kill("SIGKILL");
    await gone;
  };
  onTestFinished(kill);
  return {
    url,
    connect: async () => {
      const client = createClient({
        url,
        socket: { reconnectStrategy: 20 },
      });
      client.on("error", () => undefined);
      await client.connect();
      onTestFinished(() => client.destroy());
      return client;
    },
    kill,
    restart: async ({ forgetful = false } = {}) => {
      server = await running(port, forgetful ? temporaryDirectory() : directory);
    },
  };
};

const running = async (port: number, directory: string): Promise<ReturnType<typeof spawn>> => {
  const settings = ["--bind", "127.0.0.1", "--port", `${port}`, "--dir", directory, "--save", ""];
  const durable = ["--appendonly", "yes", "--appendfsync", "always"];
  const server = spawn("redis-server", [...settings, ...durable], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  for await (const chunk of server.stdout) {
    said += String(chunk);
    if (said.includes("Ready to accept connections")) break;
  }
  if (!said.includes("Ready to accept connections")) throw new Error(`no Redis: ${said}`);
  return server;
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
};

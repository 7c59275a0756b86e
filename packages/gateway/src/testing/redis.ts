import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Process, startProcess } from "./process.ts";

/** Why there is no Redis to test with; undefined where there is one. With PINCEX_REQUIRE_SERVERS=1 that throws instead. */
export const missingRedis = (): string | undefined => {
  if (spawnSync("redis-server", ["--version"]).status === 0) return undefined;
  const reason = "there is no redis-server on the path";
  if (process.env["PINCEX_REQUIRE_SERVERS"] === "1") throw new Error(reason);
  return reason;
};

/** A folder of the test's own, which is gone when the test is over. */
export const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), "pincex-gateways-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
};

/** A Redis of the test's own, which keeps nothing on disk. */
export interface TestRedis extends Process {
  readonly url: string;
  /** Starts it again on the same port, with nothing. */
  restart(): Promise<void>;
}

export const startRedis = async (): Promise<TestRedis> => {
  const port = await freePort();
  const settings = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", ""];
  const words = [...settings, "--dir", temporaryDirectory()];
  const start = () => startProcess("redis-server", words, /Ready to accept connections/);
  const server = await start();
  return {
    ...server,
    url: `redis://127.0.0.1:${port}`,
    restart: async () => {
      await start();
    },
  };
};

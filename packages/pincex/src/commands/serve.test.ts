import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ServeProcess } from "../testing/serve-process.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pincex-serve-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("pincex serve", () => {
  test("says where it is and how to connect, trades, and Ctrl-C stops it cleanly", {
    timeout: 240_000,
  }, async () => {
    const dataDirectory = join(folder, "first");
    const served = new ServeProcess(dataDirectory);
    const address = await served.address();

    const keys = served.demoKeys();
    expect(keys.map(({ name }) => name)).toEqual(["alice", "bob"]);
    expect(statSync(join(dataDirectory, "demo-keys.json")).mode & 0o777).toBe(0o600);
    for (const words of ["BTC-USDT, ETH-USDT, SOL-USDT", "ccxt", "curl", "demo-keys.json"]) {
      expect(served.stdout).toContain(words);
    }
    for (const { apiKey, secret } of keys) {
      expect(served.stdout).toContain(apiKey);
      expect(served.stdout).not.toContain(secret);
    }

    // The simulated traders fill the books within a moment, and trade.
    await expect
      .poll(
        async () => {
          const depth = await fetch(`${address}/api/v3/depth?symbol=SOLUSDT&limit=100`);
          const { bids, asks } = (await depth.json()) as { bids: unknown[]; asks: unknown[] };
          const trades = await fetch(`${address}/api/v3/trades?symbol=SOLUSDT`);
          return bids.length >= 15 && asks.length >= 15 && ((await trades.json()) as []).length > 0;
        },
        { timeout: 60_000 },
      )
      .toBe(true);
    expect((await fetch(address)).headers.get("content-type")).toContain("text/html");

    const second = new ServeProcess(dataDirectory);
    expect(await second.ended).toBe(1);
    expect(second.stderr).toMatch(/^The data folder .* is in use by process \d+: .*\n$/);

    served.signal("SIGINT");
    expect(await served.ended).toBe(0);
    expect(served.stdout).toContain("Stopped.");
    expect(served.stderr).toBe("");
  });

  test.each([
    [{ PORT: "abc" }, 'PORT must be a whole number from 0 to 65535, but is "abc".\n'],
    [
      { PINCEX_DATA_DIR: "/dev/null/data" },
      "The data folder /dev/null/data cannot be used: a part of the path is a file.\n",
    ],
    [
      { DATABASE_URL: "postgres://someone:secret@127.0.0.1:1/none" },
      "The PostgreSQL at 127.0.0.1:1/none cannot be used: ",
    ],
  ])("%j ends with one clear sentence", { timeout: 120_000 }, async (env, sentence) => {
    const served = new ServeProcess(join(folder, "refused"), env);
    expect(await served.ended).toBe(1);
    expect(served.stderr.startsWith(sentence)).toBe(true);
    expect(served.stderr.trimEnd().split("\n").length).toBe(1);
    expect(served.stderr).not.toContain("secret");
  });

  test("an archive that is another journal's ends with one clear sentence", {
    timeout: 120_000,
  }, async () => {
    const archive = join(folder, "archive-of-another");
    mkdirSync(archive);
    writeFileSync(join(archive, "0000000000000001.journal"), "");
    const served = new ServeProcess(join(folder, "new"), { PINCEX_ARCHIVE_DIR: archive });
    expect(await served.ended).toBe(1);
    expect(served.stderr).toContain(
      `${archive}/0000000000000001.journal at byte 0: it is in the archive`,
    );
  });

  test("a port in use ends with one clear sentence", { timeout: 240_000 }, async () => {
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, "127.0.0.1", resolve);
    });
    const { port } = other.address() as AddressInfo;
    // The folder of the first test: to make a new one would take longer than the test.
    const served = new ServeProcess(join(folder, "first"), { PORT: String(port) });
    expect(await served.ended).toBe(1);
    expect(served.stderr).toBe(
      `Port ${port} is in use by another program: stop that, or choose another with PORT.\n`,
    );
    other.close();
  });
});

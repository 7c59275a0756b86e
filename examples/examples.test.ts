import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");

/** What an example prints, run from source as a reader would run it. */
const printed = async (name: string): Promise<string> => {
  const { stdout } = await run(
    process.execPath,
    ["--import", "tsx", "--conditions=@pincex/source", `examples/${name}/main.ts`],
    { cwd: root },
  );
  return stdout;
};

test("embedded-venue: a host of its own trades, answers over HTTP, and its books sum to zero", {
  timeout: 60_000,
}, async () => {
  expect(await printed("embedded-venue")).toBe(
    [
      'asks [["60000.00","0.30000"]]',
      "buyer 2 8800000000000n",
      "buyer 1 20000000n",
      "SQL sums to 0 and 0",
      "",
    ].join("\n"),
  );
});

test("own-sign-on: a host whose people sign on elsewhere trades by the gateway's port alone", {
  timeout: 60_000,
}, async () => {
  expect(await printed("own-sign-on")).toBe(
    ["hello ada", "signed on: 200 her balances", "signed out: 401 api_key_unknown", ""].join("\n"),
  );
});

test.each(["fastify-host", "express-host", "hono-host"])(
  "%s: a host's own page beside the venue, an order by REST and by WebSocket",
  {
    timeout: 60_000,
  },
  async (name) => {
    expect(await printed(name)).toBe(
      [
        "the host says hello",
        "open: 0.50000 BTC at 60000.00",
        "authenticated by WebSocket",
        "cancelled",
        "",
      ].join("\n"),
    );
  },
);

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeVenueCommand } from "@pincex/venue";
import { redisBus, remoteVenue } from "@pincex/venue/redis";
import { Views } from "@pincex/venue/views";
import { createClient } from "@redis/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OwnRedis } from "../testing/own-redis.ts";
import { ServeProcess } from "../testing/serve-process.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pincex-serve-redis-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("pincex serve with REDIS_URL and a venue in a thread of its own", () => {
  test("publishes what it does, and does what other processes ask", {
    timeout: 120_000,
  }, async () => {
    const server = await OwnRedis.start();
    const served = new ServeProcess(join(folder, "data"), {
      REDIS_URL: server.url,
      PINCEX_VENUE_THREAD: "own",
      PINCEX_ARCHIVE_DIR: join(folder, "archive"),
    });
    await served.address();
    const redis = createClient({ url: server.url });
    await redis.connect();
    const views = new Views();
    const venue = await remoteVenue({ redis, views: [views] });
    expect(views.markets().map(({ symbol }) => symbol)).toContain("BTC-USDT");
    const { sequence } = await venue.submit(encodeVenueCommand({ kind: "time" }));
    expect(await redisBus({ redis }).head()).toBeGreaterThanOrEqual(sequence);
    await venue.stop();
    redis.destroy();
    served.signal("SIGINT");
    expect(await served.ended).toBe(0);
    expect(served.stderr).toBe("");
    await server.stop();
  });

  test("without that Redis ends with one clear sentence", { timeout: 120_000 }, async () => {
    const env = { REDIS_URL: "redis://someone:secret@127.0.0.1:1" };
    const served = new ServeProcess(join(folder, "refused"), env);
    expect(await served.ended).toBe(1);
    expect(served.stderr).toMatch(/^The Redis at 127\.0\.0\.1:1 cannot be used: .*\n$/);
    expect(served.stderr).not.toContain("secret");
    expect(existsSync(join(folder, "refused", "journal"))).toBe(false);
  });
});

import { createClient } from "@redis/client";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import type { LimitBucket } from "../limits/limit-store.ts";
import type { BucketState } from "../limits/token-buckets.ts";
import { NativeClient } from "../testing/clients.ts";
import { startChild } from "../testing/process.ts";
import { missingRedis, startRedis, temporaryDirectory } from "../testing/redis.ts";
import { ALICE } from "../testing/test-exchange.ts";
import { redisLimitStore } from "./redis-limit-store.ts";

const connected = async (url: string) => {
  const redis = createClient({ url, socket: { reconnectStrategy: 20 } });
  redis.on("error", () => undefined);
  await redis.connect();
  onTestFinished(() => redis.destroy());
  return redis;
};

const bucket = (of: string, burst: number, perSecond: number): LimitBucket => ({
  limit: "key",
  of,
  policy: { burst, perSecond },
});

const isWithin = (state: BucketState): boolean => state.isWithin;

const reason = missingRedis();

describe.skipIf(reason !== undefined)(`with Redis${reason ? ` (skipped: ${reason})` : ""}`, () => {
  test("stores share buckets, and take all requests or none", async () => {
    const { url } = await startRedis();
    const one = redisLimitStore({ redis: await connected(url) });
    const other = redisLimitStore({ redis: await connected(url) });
    // So slowly that nothing comes back while this is tested.
    const slow = bucket("shared", 5, 0.001);
    expect(await one.take(slow, 3, 0)).toMatchObject({ isWithin: true, remaining: 2 });
    const over = await other.take(slow, 3, 0);
    expect(over).toMatchObject({ isWithin: false, remaining: 2 });
    expect(over.retryAfterMs).toBeGreaterThan(990_000);
    expect(over.retryAfterMs).toBeLessThanOrEqual(1_000_000);
    expect(await other.take(slow, 2, 0)).toMatchObject({ isWithin: true, remaining: 0 });
    expect(await one.take(bucket("other", 5, 0.001), 5, 0)).toMatchObject({ isWithin: true });
  });

  test("whatever two gateways ask for at once, no more than the burst is let through", async () => {
    const { url } = await startRedis();
    const stores = [
      redisLimitStore({ redis: await connected(url) }),
      redisLimitStore({ redis: await connected(url) }),
    ];
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 40 }),
        async (burst, asked) => {
          round += 1;
          const of = bucket(`round-${round}`, burst, 0.001);
          const states = await Promise.all(
            asked.map((requests, turn) => stores[turn % 2]?.take(of, requests, 0)),
          );
          const taken = asked.filter((_, turn) => isWithin(states[turn] as BucketState));
          const left = burst - taken.reduce((sum, requests) => sum + requests, 0);
          expect(left).toBeGreaterThanOrEqual(0);
          // What was refused at the end would not have fitted into what is left.
          const refused = asked.filter((_, turn) => !isWithin(states[turn] as BucketState));
          for (const requests of refused) expect(requests).toBeGreaterThan(left);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("what was taken comes back, and a full bucket is forgotten", async () => {
    const { url } = await startRedis();
    const redis = await connected(url);
    const store = redisLimitStore({ redis, name: "mine" });
    const quick = bucket("quick", 2, 20);
    await store.take(quick, 2, 0);
    expect(await redis.keys("*")).toEqual(["mine:limit:key:quick"]);
    await expect.poll(async () => isWithin(await store.take(quick, 1, 0))).toBe(true);
    await expect.poll(() => redis.keys("*")).toEqual([]);
  });

  test("without Redis each store counts by itself, says so once, and goes back to it", async () => {
    const { url, kill, restart } = await startRedis();
    const errors: unknown[] = [];
    const redis = await connected(url);
    const store = redisLimitStore({ redis, onUnreachable: (error) => errors.push(error) });
    const slow = bucket("alone", 2, 0.001);
    const take = async () => isWithin(await store.take(slow, 1, Date.now()));
    await take();
    await kill();
    expect([await take(), await take(), await take()]).toEqual([true, true, false]);
    expect(errors).toHaveLength(1);
    await restart();
    // Redis has forgotten what was taken: it is full.
    await expect.poll(take, { timeout: 10_000 }).toBe(true);
    expect(await redis.keys("*")).toEqual(["pincex:limit:key:alone"]);
  });

  test("a Redis that does not answer is not waited for", async () => {
    const { url } = await startRedis();
    const redis = await connected(url);
    const store = redisLimitStore({ redis, patienceMs: 50 });
    const paused = await connected(url);
    await paused.sendCommand(["CLIENT", "PAUSE", "3000", "ALL"]);
    const slow = bucket("paused", 1, 0.001);
    const began = performance.now();
    expect([
      isWithin(await store.take(slow, 1, 0)),
      isWithin(await store.take(slow, 1, 0)),
    ]).toEqual([true, false]);
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  test("two gateways in processes of their own limit a key together", {
    timeout: 60_000,
  }, async () => {
    const { url, kill } = await startRedis();
    const ready = /the venue is open/;
    await startChild("venue-child.ts", [url, temporaryDirectory()], ready);
    const limits = JSON.stringify({ perKey: { burst: 6, perSecond: 0.001 } });
    const gateways = await Promise.all(
      [1, 2].map(() => startChild("gateway-child.ts", [url, limits], /listening on port (\d+)/)),
    );
    const clients = gateways.map(
      ({ said }) => new NativeClient(`http://127.0.0.1:${said[1]}`, ALICE),
    );
    const statuses: number[] = [];
    for (let times = 0; times < 4; times++) {
      for (const client of clients)
        statuses.push((await client.request("GET", "/v1/orders")).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
    // Each of them has its own limit as long as there is no Redis; what is read needs none.
    await kill();
    for (const client of clients) {
      expect((await client.request("GET", "/v1/orders")).status).toBe(200);
    }
  });
});

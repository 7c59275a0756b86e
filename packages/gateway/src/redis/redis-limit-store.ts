import { createHash } from "node:crypto";
import type { RedisClient } from "@pincex/venue/redis";
import { type LimitBucket, type LimitStore, memoryLimitStore } from "../limits/limit-store.ts";
import { type BucketState, bucketState } from "../limits/token-buckets.ts";

/** How requests are counted in Redis. */
export interface RedisLimitStoreOptions {
  /** A client of `@redis/client` or `redis` that is connected. It stays the host's, to be closed by it. */
  readonly redis: RedisClient;
  /** What the keys in Redis begin with: "pincex" unless told otherwise. Gateways that share limits have the same. */
  readonly name?: string;
  /** How long Redis may take to answer before the gateway counts by itself: 250 ms unless told otherwise. */
  readonly patienceMs?: number;
  /** Told when Redis can't be reached, at most once a second. */
  readonly onUnreachable?: (error: unknown) => void;
}

const PATIENCE_MS = 250;
/** After Redis could not be reached, it is left alone so long: not every request has to find out. */
const REST_MS = 1_000;

/**
 * By Redis's own clock, so that gateways whose clocks differ share a bucket. Full buckets are forgotten by Redis. Answers whether the
 * requests were taken, and the tokens that are left.
 */
const TAKE = `
local burst, per_ms, requests = tonumber(ARGV[1]), tonumber(ARGV[2]) / 1000, tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(bucket[1]) or burst, tonumber(bucket[2]) or now
tokens = math.min(burst, tokens + math.max(0, now - at) * per_ms)
local within = tokens >= requests
if within then tokens = tokens - requests end
local left = string.format('%.17g', tokens)
redis.call('HSET', KEYS[1], 'tokens', left, 'at', string.format('%.0f', math.max(at, now)))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / per_ms) + 1)
return {within and 1 or 0, left}
`;

const TAKE_SHA = createHash("sha1").update(TAKE).digest("hex");

/**
 * Counts requests in Redis (6.2 or newer), for several gateways together: `limits: { …, store: redisLimitStore({ redis }) }`.
 *
 * While Redis can't be reached, each gateway counts by itself in its memory. So no client is refused for that, and one that goes
 * to all of them has at most as many times the limit as there are gateways.
 *
 * @example
 * const redis = await createClient({ url: "redis://127.0.0.1:6379" }).on("error", log).connect();
 * const limits = { perKey: { burst: 300, perSecond: 50 }, store: redisLimitStore({ redis }) };
 */
export const redisLimitStore = (options: RedisLimitStoreOptions): LimitStore => {
  const { redis, name = "pincex", patienceMs = PATIENCE_MS, onUnreachable } = options;
  const alone = memoryLimitStore();
  let restsUntil = 0;

  const shared = async (bucket: LimitBucket, requests: number): Promise<BucketState> => {
    const { limit, of, policy } = bucket;
    const words = ["1", `${name}:limit:${limit}:${of}`, policy.burst, policy.perSecond, requests];
    const reply = await answered(redis, words.map(String), patienceMs);
    const [within, tokens] = reply as [number, string | Buffer];
    return bucketState(policy, Number(within) === 1, Number(String(tokens)), requests);
  };

  return {
    take: async (bucket, requests, now) => {
      if (performance.now() < restsUntil) return alone.take(bucket, requests, now);
      try {
        return await shared(bucket, requests);
      } catch (error) {
        // Many may have been waiting: the first of them says so.
        if (performance.now() >= restsUntil) onUnreachable?.(error);
        restsUntil = performance.now() + REST_MS;
        return alone.take(bucket, requests, now);
      }
    },
  };
};

/** What the script answers; rejects if Redis does not answer in time, or refuses. */
const answered = async (
  redis: RedisClient,
  words: readonly string[],
  patienceMs: number,
): Promise<unknown> => {
  // The client would keep the words until it is connected again, however long that takes.
  if (!redis.isReady) throw new Error("Redis is not connected");
  let timer: NodeJS.Timeout | undefined;
  const impatience = new Promise<never>((_, reject) => {
    const late = (): void => reject(new Error(`Redis did not answer within ${patienceMs} ms`));
    timer = setTimeout(late, patienceMs);
  });
  try {
    return await Promise.race([evaluated(redis, words, patienceMs), impatience]);
  } finally {
    clearTimeout(timer);
  }
};

/** By the script's name; Redis that has been started anew is told the script first. */
const evaluated = async (
  redis: RedisClient,
  words: readonly string[],
  timeout: number,
): Promise<unknown> => {
  try {
    return await redis.sendCommand(["EVALSHA", TAKE_SHA, ...words], { timeout });
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    return redis.sendCommand(["EVAL", TAKE, ...words], { timeout });
  }
};

import { type BucketState, type RatePolicy, TokenBuckets } from "./token-buckets.ts";

/** Which bucket a request is taken from: of a limit, that of one address or key. */
export interface LimitBucket {
  /** "address" or "key". */
  readonly limit: string;
  /** Which address, or which key. */
  readonly of: string;
  readonly policy: RatePolicy;
}

/** The gateway's port to wherever requests are counted. */
export interface LimitStore {
  /**
   * Takes so many requests from a bucket, all of them or none. `now` is the gateway's time, in milliseconds since 1970-01-01 UTC; a
   * store that several gateways share goes by a clock of its own. Never rejects: a store that can't be reached decides
   * what that means.
   */
  take(bucket: LimitBucket, requests: number, now: number): BucketState | Promise<BucketState>;
}

/** Counts in the memory of this process. */
export const memoryLimitStore = (): LimitStore => {
  const buckets = new Map<string, TokenBuckets>();
  return {
    take: ({ limit, of, policy }, requests, now) => {
      const known = buckets.get(limit) ?? new TokenBuckets(policy);
      buckets.set(limit, known);
      return known.take(of, now, requests);
    },
  };
};

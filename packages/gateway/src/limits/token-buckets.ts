/** How many requests are taken: a burst of so many, and so many come back each second. */
export interface RatePolicy {
  /** Whole, at least 1. */
  readonly burst: number;
  /** Greater than 0; may be a fraction. */
  readonly perSecond: number;
}

/** What a bucket has after a request. */
export interface BucketState {
  /** Whether the request was within it; if not, nothing was taken. */
  readonly isWithin: boolean;
  /** Whole requests that are left. */
  readonly remaining: number;
  /** Until as many as were asked for are there again; 0 if they are. */
  readonly retryAfterMs: number;
  /** Until it is full again. */
  readonly fullAfterMs: number;
}

/** What there is to say of a bucket that so many tokens are left in. */
export const bucketState = (
  { burst, perSecond }: RatePolicy,
  isWithin: boolean,
  tokens: number,
  requests: number,
): BucketState => {
  const perMs = perSecond / 1_000;
  return {
    isWithin,
    remaining: Math.floor(tokens),
    retryAfterMs: isWithin ? 0 : Math.ceil(Math.max(0, requests - tokens) / perMs),
    fullAfterMs: Math.ceil((burst - tokens) / perMs),
  };
};

interface Bucket {
  tokens: number;
  at: number;
}

const MOST_BUCKETS = 100_000;

/**
 * A bucket of tokens for each name: a request takes one, and they come back with time. Where there are many, those that are
 * full again are forgotten, so that names cost no memory for long; those that are not stay, whoever else comes.
 */
export class TokenBuckets {
  readonly policy: RatePolicy;
  readonly #mostBuckets: number;
  /** Those touched last are last. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(policy: RatePolicy, mostBuckets: number = MOST_BUCKETS) {
    checkPolicy(policy);
    this.policy = policy;
    this.#mostBuckets = mostBuckets;
  }

  /** How many names are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Takes so many requests, all of them or none. */
  take(name: string, now: number, requests = 1): BucketState {
    const bucket = this.#refilled(name, now);
    const isWithin = bucket.tokens >= requests;
    if (isWithin) bucket.tokens -= requests;
    return bucketState(this.policy, isWithin, bucket.tokens, requests);
  }

  #refilled(name: string, now: number): Bucket {
    const bucket = this.#buckets.get(name) ?? { tokens: this.policy.burst, at: now };
    bucket.tokens = this.#tokensAt(bucket, now);
    bucket.at = Math.max(bucket.at, now);
    this.#buckets.delete(name);
    this.#forgetFull(now);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  #tokensAt({ tokens, at }: Bucket, now: number): number {
    const back = (Math.max(0, now - at) * this.policy.perSecond) / 1_000;
    return Math.min(this.policy.burst, tokens + back);
  }

  /** From the one that was touched longest ago on: whoever has just come is not full, and nobody pays for looking at all. */
  #forgetFull(now: number): void {
    if (this.#buckets.size < this.#mostBuckets) return;
    for (const [name, bucket] of this.#buckets) {
      if (this.#tokensAt(bucket, now) < this.policy.burst) return;
      this.#buckets.delete(name);
    }
  }
}

export const checkPolicy = ({ burst, perSecond }: RatePolicy): void => {
  if (!Number.isSafeInteger(burst) || burst < 1) {
    throw new RangeError(`expected a burst as a whole number from 1 on, was ${burst}`);
  }
  if (!(perSecond > 0 && Number.isFinite(perSecond))) {
    throw new RangeError(`expected perSecond above 0, was ${perSecond}`);
  }
};

import { type BucketState, type RatePolicy, TokenBuckets } from "./token-buckets.ts";

/** Which limits there are; absent: none. Cancels are never limited. */
export interface RateLimits {
  /** Of all requests from one network address, whoever signs them. */
  readonly perAddress?: RatePolicy;
  /** Of all requests that are signed with one API key, wherever they come from. */
  readonly perKey?: RatePolicy;
}

/** A limit that a request came under, and what is left of it. */
export interface LimitState extends BucketState {
  readonly name: "address" | "key";
  readonly policy: RatePolicy;
}

/** Counts requests against the limits. */
export class RequestLimits {
  readonly #perAddress: TokenBuckets | undefined;
  readonly #perKey: TokenBuckets | undefined;
  readonly #clock: () => number;

  constructor({ perAddress, perKey }: RateLimits, clock: () => number) {
    this.#perAddress = perAddress && new TokenBuckets(perAddress);
    this.#perKey = perKey && new TokenBuckets(perKey);
    this.#clock = clock;
  }

  /** Of a request whose address is unknown nothing is counted: the host that mounts the gateway did not tell it. */
  byAddress(address: string | undefined): LimitState[] {
    if (address === undefined || address === "") return [];
    return this.#take("address", this.#perAddress, address);
  }

  byKey(apiKey: string): LimitState[] {
    return this.#take("key", this.#perKey, apiKey);
  }

  #take(name: LimitState["name"], buckets: TokenBuckets | undefined, of: string): LimitState[] {
    if (buckets === undefined) return [];
    return [{ name, policy: buckets.policy, ...buckets.take(of, this.#clock()) }];
  }
}

/** The first of the limits that the request was not within. */
export const exceeded = (states: readonly LimitState[]): LimitState | undefined =>
  states.find(({ isWithin }) => !isWithin);

const retryAfterSeconds = ({ retryAfterMs }: LimitState): number =>
  Math.max(1, Math.ceil(retryAfterMs / 1_000));

/** The window, in seconds, in which all of a limit comes back. */
export const windowSeconds = ({ policy }: Pick<LimitState, "policy">): number =>
  Math.ceil(policy.burst / policy.perSecond);

/**
 * The `RateLimit` and `RateLimit-Policy` headers of the IETF's draft: `q` requests in `w` seconds, `r` left, all of them back in `t`
 * seconds; and `Retry-After` where a request was too much.
 */
export const rateLimitHeaders = (states: readonly LimitState[]): Record<string, string> => {
  if (states.length === 0) return {};
  const over = exceeded(states);
  return {
    "ratelimit-policy": states
      .map((state) => `"${state.name}";q=${state.policy.burst};w=${windowSeconds(state)}`)
      .join(", "),
    ratelimit: states
      .map(
        ({ name, remaining, fullAfterMs }) =>
          `"${name}";r=${remaining};t=${Math.ceil(fullAfterMs / 1_000)}`,
      )
      .join(", "),
    ...(over === undefined ? {} : { "retry-after": String(retryAfterSeconds(over)) }),
  };
};

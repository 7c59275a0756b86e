import { type LimitStore, memoryLimitStore } from "./limit-store.ts";
import { type BucketState, checkPolicy, type RatePolicy } from "./token-buckets.ts";

/** Which limits there are; absent: none. Cancels are never limited. */
export interface RateLimits {
  /** Of all requests from one network address, whoever signs them. */
  readonly perAddress?: RatePolicy;
  /** Of all requests that are signed with one API key, wherever they come from. */
  readonly perKey?: RatePolicy;
  /** Where requests are counted: in this process's memory unless told otherwise. */
  readonly store?: LimitStore;
}

/** A limit that a request came under, and what is left of it. */
export interface LimitState extends BucketState {
  readonly name: "address" | "key";
  readonly policy: RatePolicy;
}

type States = readonly LimitState[];

/** Counts requests against the limits. */
export class RequestLimits {
  readonly #perAddress: RatePolicy | undefined;
  readonly #perKey: RatePolicy | undefined;
  readonly #store: LimitStore;
  readonly #clock: () => number;
  /** How many requests can be taken at once at most: more of them will never be there. Infinity without limits. */
  readonly mostAtOnce: number;

  constructor({ perAddress, perKey, store }: RateLimits, clock: () => number) {
    for (const policy of [perAddress, perKey]) if (policy !== undefined) checkPolicy(policy);
    this.#perAddress = perAddress;
    this.#perKey = perKey;
    this.#store = store ?? memoryLimitStore();
    this.#clock = clock;
    const bursts = [perAddress, perKey].map((policy) => policy?.burst ?? Number.POSITIVE_INFINITY);
    this.mostAtOnce = Math.min(...bursts);
  }

  /** Whether nothing is limited. */
  get areNone(): boolean {
    return this.#perAddress === undefined && this.#perKey === undefined;
  }

  /** Of a request whose address is unknown nothing is counted: the host that mounts the gateway did not tell it. */
  byAddress(address: string | undefined, requests = 1): States | Promise<States> {
    if (address === undefined || address === "") return [];
    return this.#take("address", this.#perAddress, address, requests);
  }

  byKey(apiKey: string, requests = 1): States | Promise<States> {
    return this.#take("key", this.#perKey, apiKey, requests);
  }

  #take(
    name: LimitState["name"],
    policy: RatePolicy | undefined,
    of: string,
    requests: number,
  ): States | Promise<States> {
    if (policy === undefined || requests === 0) return [];
    const taken = this.#store.take({ limit: name, of, policy }, requests, this.#clock());
    const states = (bucket: BucketState): States => [{ name, policy, ...bucket }];
    return taken instanceof Promise ? taken.then(states) : states(taken);
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

const MINUTE = 60_000;
const TEN_SECONDS = 10_000;
const DAY = 86_400_000;

/** The counters that Binance reports to its clients. Clients pace themselves by them; none of them refuses anything. */
export class RequestUsage {
  readonly #weights = new WindowCounter<string>(MINUTE);
  readonly #ordersInTenSeconds = new WindowCounter<number>(TEN_SECONDS);
  readonly #ordersInDay = new WindowCounter<number>(DAY);

  /** Counts a request of so much weight, and tells the weight used by the address in this minute. */
  request(address: string, weight: number, now: number): number {
    return this.#weights.add(address, weight, now);
  }

  order(account: number, now: number): void {
    this.#ordersInTenSeconds.add(account, 1, now);
    this.#ordersInDay.add(account, 1, now);
  }

  orders(account: number, now: number): { tenSeconds: number; day: number } {
    return {
      tenSeconds: this.#ordersInTenSeconds.count(account, now),
      day: this.#ordersInDay.count(account, now),
    };
  }

  weight(address: string, now: number): number {
    return this.#weights.count(address, now);
  }
}

/** Counts by key in windows of fixed length, aligned to the clock. A new window forgets all keys: memory stays bounded. */
class WindowCounter<K> {
  readonly #lengthMs: number;
  readonly #counts = new Map<K, number>();
  #window = 0;

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  add(key: K, amount: number, now: number): number {
    const count = this.count(key, now) + amount;
    this.#counts.set(key, count);
    return count;
  }

  count(key: K, now: number): number {
    const window = Math.floor(now / this.#lengthMs);
    if (window !== this.#window) {
      this.#window = window;
      this.#counts.clear();
    }
    return this.#counts.get(key) ?? 0;
  }
}

/** What exchangeInfo says about limits: so high that a client which paces itself by them never waits. */
export const RATE_LIMITS = [
  { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: 6_000_000 },
  { rateLimitType: "ORDERS", interval: "SECOND", intervalNum: 10, limit: 1_000_000 },
  { rateLimitType: "ORDERS", interval: "DAY", intervalNum: 1, limit: 2_000_000_000 },
  { rateLimitType: "RAW_REQUESTS", interval: "MINUTE", intervalNum: 5, limit: 60_000_000 },
] as const;

/** The order limits with what an account has used of them. */
export const orderLimits = (usage: RequestUsage, account: number, now: number): object[] => {
  const { tenSeconds, day } = usage.orders(account, now);
  return [
    { ...RATE_LIMITS[1], count: tenSeconds },
    { ...RATE_LIMITS[2], count: day },
  ];
};

/** The weight limit with what an address has used of it. */
export const weightLimit = (count: number): object => ({ ...RATE_LIMITS[0], count });

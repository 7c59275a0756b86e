import type { DepthChange, DepthSnapshot, Level } from "./exchange-api.ts";
import type { Market } from "./market.ts";
import { parseScaled } from "./scaled.ts";

/** A price level: price in ticks, quantity in lots. */
export interface BookLevel {
  readonly price: number;
  readonly quantity: number;
}

/** The book of one market, kept from a snapshot and the changes after it. It says when it has missed one. */
export class LocalBook {
  readonly #market: Market;
  readonly #bids = new Map<number, number>();
  readonly #asks = new Map<number, number>();
  /** Undefined until a snapshot came: changes before it are kept. */
  #updateId: number | undefined;
  #early: DepthChange[] = [];

  constructor(market: Market) {
    this.#market = market;
  }

  /** Starts over from a snapshot; false if a change between it and the kept ones is missing. */
  start(snapshot: DepthSnapshot): boolean {
    this.#bids.clear();
    this.#asks.clear();
    this.#set(this.#bids, snapshot.bids);
    this.#set(this.#asks, snapshot.asks);
    this.#updateId = snapshot.lastUpdateId;
    const early = this.#early;
    this.#early = [];
    return early.every((change) => this.apply(change));
  }

  /** Forgets everything and keeps changes until the next snapshot. */
  reset(): void {
    this.#updateId = undefined;
    this.#early = [];
  }

  /** Applies a change; false if one before it is missing, and the book must start over. */
  apply(change: DepthChange): boolean {
    if (this.#updateId === undefined) {
      this.#early.push(change);
      return true;
    }
    if (change.u <= this.#updateId) return true;
    if (change.U > this.#updateId + 1) return false;
    this.#set(this.#bids, change.b);
    this.#set(this.#asks, change.a);
    this.#updateId = change.u;
    return true;
  }

  /** The best price of one side, in ticks; undefined if it is empty. */
  best(side: "buy" | "sell"): number | undefined {
    let best: number | undefined;
    for (const price of (side === "buy" ? this.#bids : this.#asks).keys()) {
      const isBetter = best === undefined || (side === "buy" ? price > best : price < best);
      if (isBetter) best = price;
    }
    return best;
  }

  /** The levels of one side, best first, prices put together in groups of `group` ticks, away from the middle. */
  levels(side: "buy" | "sell", group: number, limit: number): BookLevel[] {
    const isBuy = side === "buy";
    const levels = isBuy ? this.#bids : this.#asks;
    const grouped = new Map<number, number>();
    for (const [price, quantity] of levels) {
      const key = (isBuy ? Math.floor(price / group) : Math.ceil(price / group)) * group;
      grouped.set(key, (grouped.get(key) ?? 0) + quantity);
    }
    return [...grouped]
      .sort(([one], [other]) => (isBuy ? other - one : one - other))
      .slice(0, limit)
      .map(([price, quantity]) => ({ price, quantity }));
  }

  #set(side: Map<number, number>, levels: readonly Level[]): void {
    for (const [price, quantity] of levels) {
      const ticks = parseScaled(price, this.#market.priceDecimals);
      const lots = parseScaled(quantity, this.#market.quantityDecimals);
      if (lots === 0) side.delete(ticks);
      else side.set(ticks, lots);
    }
  }
}

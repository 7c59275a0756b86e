import type { PublicTrade } from "./public-trade.ts";

const FIRST_CAPACITY = 64;

// A row: five doubles.
const ROW = 5;
const F = { tradeId: 0, price: 1, quantity: 2, at: 3, flags: 4 } as const;
const SELLER_TOOK = 1;
const BUSTED = 2;

/**
 * A market's last trades, in the order of their ids and times, in one piece of memory that grows by need. The oldest leave when
 * there is no room, or when they are told to; who appends is told which did.
 */
export class TradeTape {
  readonly #market: number;
  readonly #limit: number;
  #rows: Float64Array;
  #capacity: number;
  #start = 0;
  #length = 0;

  constructor(market: number, limit: number) {
    this.#market = market;
    this.#limit = limit;
    this.#capacity = Math.min(FIRST_CAPACITY, limit);
    this.#rows = new Float64Array(this.#capacity * ROW);
  }

  get length(): number {
    return this.#length;
  }

  /** Appends a trade; answers the oldest, if it had to leave. */
  append(trade: PublicTrade): PublicTrade | undefined {
    const left = this.#length === this.#limit ? this.dropOldest() : undefined;
    if (this.#length === this.#capacity) this.#grow();
    this.#length += 1;
    const row = this.#rowOf(this.#length - 1);
    this.#rows[row + F.tradeId] = trade.tradeId;
    this.#rows[row + F.price] = trade.price;
    this.#rows[row + F.quantity] = trade.quantity;
    this.#rows[row + F.at] = trade.at;
    this.#rows[row + F.flags] =
      (trade.takerSide === "sell" ? SELLER_TOOK : 0) | (trade.busted === true ? BUSTED : 0);
    return left;
  }

  /** The oldest trade, which leaves. There must be one. */
  dropOldest(): PublicTrade {
    const oldest = this.at(0);
    this.#start = (this.#start + 1) % this.#capacity;
    this.#length -= 1;
    return oldest;
  }

  /** The trade at an index from the oldest, from 0 to `length - 1`. */
  at(index: number): PublicTrade {
    const row = this.#rowOf(index);
    const flags = this.#rows[row + F.flags] as number;
    return {
      market: this.#market,
      tradeId: this.#rows[row + F.tradeId] as number,
      price: this.#rows[row + F.price] as number,
      quantity: this.#rows[row + F.quantity] as number,
      takerSide: (flags & SELLER_TOOK) === 0 ? "buy" : "sell",
      at: this.#rows[row + F.at] as number,
      ...((flags & BUSTED) === 0 ? {} : { busted: true as const }),
    };
  }

  isBusted(index: number): boolean {
    return ((this.#rows[this.#rowOf(index) + F.flags] as number) & BUSTED) !== 0;
  }

  markBusted(index: number): void {
    const row = this.#rowOf(index);
    this.#rows[row + F.flags] = (this.#rows[row + F.flags] as number) | BUSTED;
  }

  /** Index of the first trade whose id is at least that. */
  firstOfId(tradeId: number): number {
    return this.#firstAtLeast(F.tradeId, tradeId);
  }

  /** Index of the first trade at that moment or later. */
  firstFrom(at: number): number {
    return this.#firstAtLeast(F.at, at);
  }

  idAt(index: number): number {
    return this.#rows[this.#rowOf(index) + F.tradeId] as number;
  }

  /** The trades from one index until before another. */
  slice(from: number, until: number): PublicTrade[] {
    return Array.from({ length: Math.max(0, until - from) }, (_, index) => this.at(from + index));
  }

  #firstAtLeast(field: number, value: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#rows[this.#rowOf(middle) + field] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #rowOf(index: number): number {
    return ((this.#start + index) % this.#capacity) * ROW;
  }

  #grow(): void {
    const capacity = Math.min(this.#capacity * 2, this.#limit);
    const rows = new Float64Array(capacity * ROW);
    const first = this.#rows.subarray(this.#start * ROW);
    rows.set(first);
    rows.set(this.#rows.subarray(0, this.#start * ROW), first.length);
    this.#rows = rows;
    this.#capacity = capacity;
    this.#start = 0;
  }
}

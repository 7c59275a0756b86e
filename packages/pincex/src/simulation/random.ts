/**
 * A pseudo-random sequence of 32-bit integers (mulberry32, by Tommy Ettinger, public domain).
 *
 * Integer arithmetic only, so a seed gives the same sequence on every machine. Not for secrets.
 *
 * @example
 * const random = new Random(7);
 * random.below(6) + 1; // a die
 */
export class Random {
  #state: number;

  /** @param state a seed, or the `state` of a sequence to go on with. */
  constructor(state: number) {
    this.#state = state >>> 0;
  }

  /** All that is needed to go on later: an integer from 0 to 2^32 − 1. */
  get state(): number {
    return this.#state;
  }

  /** The next integer, from 0 to 2^32 − 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    return mixed(this.#state);
  }

  /** An integer from 0 to `bound` − 1; `bound` at most 2^21, so that the product stays exact. */
  below(bound: number): number {
    return Math.floor((this.next() * bound) / 0x1_0000_0000);
  }

  /** Happens in so many of 100 cases. */
  percent(chance: number): boolean {
    return this.below(100) < chance;
  }

  /** An integer from −`spread` to `spread`, small ones likelier: the sum of three draws. `spread` at most 2^20. */
  around(spread: number): number {
    const draws = this.below(spread + 1) + this.below(spread + 1) + this.below(spread + 1);
    return Math.round((draws * 2) / 3) - spread;
  }

  /** A size between a quarter of `typical` and 32 times it: each doubling is half as likely. */
  heavyTailed(typical: number): number {
    const doublings = Math.min(Math.clz32(this.next()), 5);
    return Math.floor((typical * 2 ** doublings * (256 + this.below(768))) / 1024);
  }
}

/** Spreads the bits of a number: neighbours get unrelated answers, from 0 to 2^32 − 1. */
export const mixed = (value: number): number => {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
  bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
  return (bits ^ (bits >>> 14)) >>> 0;
};

/**
 * So many at a time, the others in the order in which they came. Argon2 takes its memory for each hash that runs: without a
 * bound, a burst of sign-ins is a burst of allocations.
 */
export class MemorySlots {
  readonly #waiting: (() => void)[] = [];
  readonly #longestQueue: number;
  #free: number;

  constructor(slots: number, longestQueue: number) {
    this.#free = slots;
    this.#longestQueue = longestQueue;
  }

  /** True where a caller would be turned away now: every slot taken, and as many waiting as may wait. */
  get full(): boolean {
    return this.#free === 0 && this.#waiting.length >= this.#longestQueue;
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      // A slot goes from hand to hand: nobody who comes now may overtake who waits.
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}

/** All chance in a simulated world comes from one seed: a small generator (Marsaglia's xorshift, 128 bits). */
export class Dice {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    // Seeds that are neighbours must not give worlds that are alike.
    let word = (seed ^ (seed / 2 ** 32)) >>> 0;
    this.#state = Uint32Array.from({ length: 4 }, () => {
      word = (word + 0x9e3779b9) >>> 0;
      return mixed(word);
    });
  }

  #next(): number {
    const state = this.#state;
    const [x = 0, y = 0, z = 0, w = 0] = state;
    const shifted = x ^ (x << 11);
    state.set([y, z, w, w ^ (w >>> 19) ^ shifted ^ (shifted >>> 8)]);
    return state[3] ?? 0;
  }

  /** From 0 up to 1, without it. */
  fraction(): number {
    return this.#next() / 2 ** 32;
  }

  /** A whole number from 0 up to `limit`, without it. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  between(least: number, most: number): number {
    return least + this.fraction() * (most - least);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
}

/** Every bit of the result depends on every bit of the word (the finish of MurmurHash3). */
const mixed = (word: number): number => {
  const half = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const most = Math.imul(half ^ (half >>> 13), 0xc2b2ae35);
  return (most ^ (most >>> 16)) >>> 0;
};

/** A clock that stands still where the one it reads goes backwards. Whole milliseconds. */
export class MonotoneClock {
  readonly #clock: () => number;
  #last: number;

  /** `last` is the time of the last command of the run before. */
  constructor(clock: () => number, last: number) {
    this.#clock = clock;
    this.#last = last;
  }

  /** The last time that was told. */
  get last(): number {
    return this.#last;
  }

  now(): number {
    const read = Math.floor(this.#clock());
    if (!Number.isSafeInteger(read)) {
      throw new RangeError(`expected the clock to tell milliseconds, was ${read}`);
    }
    if (read > this.#last) this.#last = read;
    return this.#last;
  }
}

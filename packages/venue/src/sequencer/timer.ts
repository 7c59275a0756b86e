/** Calls back once, after so many milliseconds or a little later. Answers how to take that back. */
export type Timer = (callback: () => void, milliseconds: number) => () => void;

/** The most that a timer of the platform can wait. */
const LONGEST_MS = 2_147_483_647;

/** The platform's own. It keeps no process alive. */
export const platformTimer: Timer = (callback, milliseconds) => {
  const handle = setTimeout(callback, milliseconds);
  if (typeof handle === "object") handle.unref?.();
  return () => clearTimeout(handle);
};

/** One alarm at a time, set to the soonest time that it was asked for. It may ring early: whoever hears it looks at the clock. */
export class Alarm {
  readonly #timer: Timer;
  readonly #clock: () => number;
  readonly #ring: () => void;
  #at: number = Number.POSITIVE_INFINITY;
  #takeBack: () => void = () => undefined;

  constructor(timer: Timer, clock: () => number, ring: () => void) {
    this.#timer = timer;
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Nothing happens if it is set to ring before that; `Infinity` is never. */
  setFor(at: number): void {
    if (at >= this.#at) return;
    this.clear();
    this.#at = at;
    const wait = Math.min(Math.max(Math.ceil(at - this.#clock()), 0), LONGEST_MS);
    this.#takeBack = this.#timer(() => {
      this.#at = Number.POSITIVE_INFINITY;
      this.#ring();
    }, wait);
  }

  clear(): void {
    this.#takeBack();
    this.#takeBack = () => undefined;
    this.#at = Number.POSITIVE_INFINITY;
  }
}

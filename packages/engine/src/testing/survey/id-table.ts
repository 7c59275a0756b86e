/** Ids that are at most so many times the number of messages are looked up in an array. */
const NEAR = 4;

/**
 * From the survey's ids to whole numbers of 31 bits, 0 for an id that has none. The survey counts its ids up, so that an
 * array does; a map has those that are too far away for one.
 */
export class IdTable {
  readonly #near: Int32Array;
  readonly #far: Map<number, number> = new Map();

  constructor(messages: number) {
    this.#near = new Int32Array(messages * NEAR);
  }

  get(id: number): number {
    return id < this.#near.length ? (this.#near[id] as number) : (this.#far.get(id) ?? 0);
  }

  set(id: number, value: number): void {
    if (id < this.#near.length) this.#near[id] = value;
    else this.#far.set(id, value);
  }
}

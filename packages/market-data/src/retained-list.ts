/** A list that remembers the last `limit` things appended to it, oldest first. */
export class RetainedList<T> {
  readonly #limit: number;
  #items: T[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  append(item: T): void {
    this.#items.push(item);
    // Cutting at twice the limit moves each item at most once: appending stays cheap, memory stays bounded.
    if (this.#items.length >= 2 * this.#limit) this.#items = this.retained();
  }

  replaceLast(item: T): void {
    this.#items[this.#items.length - 1] = item;
  }

  /** Puts something in the place of the item at an index from the oldest retained one; nothing takes the item away. */
  replace(index: number, item: T | undefined): void {
    // What is no longer retained must not come back when one goes.
    this.#items = this.retained();
    if (item === undefined) this.#items.splice(index, 1);
    else this.#items[index] = item;
  }

  /** The last item, or undefined if there is none. */
  get last(): T | undefined {
    return this.#items.at(-1);
  }

  /** The retained items, oldest first. */
  retained(): T[] {
    return this.#items.slice(-this.#limit);
  }

  /** Index of the first item, from the oldest, whose key is at least `key`; items must be in ascending order of key. */
  firstAtLeast(key: number, keyOf: (item: T) => number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keyOf(this.at(middle) as T) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The item at an index from the oldest retained one; undefined beyond either end. */
  at(index: number): T | undefined {
    return index < 0 ? undefined : this.#items[this.#items.length - this.length + index];
  }

  get length(): number {
    return Math.min(this.#items.length, this.#limit);
  }
}

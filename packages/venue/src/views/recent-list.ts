/** The last so many items, oldest first. */
export class RecentList<T> {
  readonly #limit: number;
  readonly #items: T[] = [];
  /** Where the oldest item is once there are as many as there may be: the next one takes its place. */
  #oldest = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(item: T): void {
    if (this.#items.length < this.#limit) {
      this.#items.push(item);
      return;
    }
    this.#items[this.#oldest] = item;
    this.#oldest = (this.#oldest + 1) % this.#limit;
  }

  all(): T[] {
    return [...this.#items.slice(this.#oldest), ...this.#items.slice(0, this.#oldest)];
  }

  /** Puts other items in the place of those that match. */
  replace(matches: (item: T) => boolean, other: (item: T) => T): void {
    this.#items.forEach((item, index) => {
      if (matches(item)) this.#items[index] = other(item);
    });
  }

  /** The newest item that matches. */
  findLast(matches: (item: T) => boolean): T | undefined {
    return this.all().findLast(matches);
  }
}

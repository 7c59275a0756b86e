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
}

interface Due {
  readonly id: number;
  readonly at: number;
}

/** A heap may keep this many more than twice the holds that are there before it is made anew. */
const SPARE = 64;

/**
 * When holds expire, in the order (time, id).
 *
 * A binary heap. A hold that ends early stays in it until its turn comes, or until such holds are the greater part.
 */
export class HoldExpiries {
  readonly #timeById: Map<number, number> = new Map();
  #heap: Due[] = [];

  /** When the hold expires; 0 for never. */
  of(id: number): number {
    return this.#timeById.get(id) ?? 0;
  }

  add(id: number, at: number): void {
    this.#timeById.set(id, at);
    this.#heap.push({ id, at });
    this.#rise(this.#heap.length - 1);
  }

  /** Whether the hold expires or not. */
  remove(id: number): void {
    if (!this.#timeById.delete(id)) return;
    if (this.#heap.length <= 2 * this.#timeById.size + SPARE) return;
    // What is sorted is a heap.
    this.#heap = Array.from(this.#timeById, ([one, at]) => ({ id: one, at })).sort((one, other) =>
      isBefore(one, other) ? -1 : 1,
    );
  }

  /** The first hold that is due at a time; 0 if there is none. It stays until it is removed. */
  nextDue(at: number): number {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.at > at) return 0;
      if (this.#timeById.get(first.id) === first.at) return first.id;
      this.#removeFirst();
    }
    return 0;
  }

  #removeFirst(): void {
    const last = this.#heap.pop() as Due;
    if (this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    for (let index = from; index > 0; ) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  #sink(from: number): void {
    for (let index = from; ; ) {
      const left = 2 * index + 1;
      if (left >= this.#heap.length) return;
      const right = left + 1;
      const isRight =
        right < this.#heap.length && isBefore(this.#heap[right] as Due, this.#heap[left] as Due);
      const child = isRight ? right : left;
      if (!this.#swapIfBefore(child, index)) return;
      index = child;
    }
  }

  #swapIfBefore(child: number, parent: number): boolean {
    const below = this.#heap[child] as Due;
    const above = this.#heap[parent] as Due;
    if (!isBefore(below, above)) return false;
    this.#heap[parent] = below;
    this.#heap[child] = above;
    return true;
  }
}

const isBefore = (one: Due, other: Due): boolean =>
  one.at < other.at || (one.at === other.at && one.id < other.id);

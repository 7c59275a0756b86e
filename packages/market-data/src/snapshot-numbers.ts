// Two doubles hold an integer below 2^106: far above what a market can turn over.
const LOW_BITS = 53n;
const LOW_MASK = (1n << LOW_BITS) - 1n;

/** Collects the numbers of a snapshot: every one is a double, so that all of them are 8-byte aligned. */
export class SnapshotWriter {
  readonly #numbers: number[] = [];

  number(value: number): void {
    this.#numbers.push(value);
  }

  bigint(value: bigint): void {
    this.#numbers.push(Number(value >> LOW_BITS), Number(value & LOW_MASK));
  }

  list<T>(items: readonly T[], write: (item: T) => void): void {
    this.#numbers.push(items.length);
    for (const item of items) write(item);
  }

  finished(): Uint8Array {
    return new Uint8Array(new Float64Array(this.#numbers).buffer);
  }
}

/** Reads the numbers of a snapshot in the order in which they were written. */
export class SnapshotReader {
  readonly #numbers: Float64Array;
  #next = 0;

  constructor(bytes: Uint8Array) {
    if (bytes.length % 8 !== 0) {
      throw new RangeError(`expected a snapshot of whole numbers, had ${bytes.length} bytes`);
    }
    // A copy: the bytes may lie unaligned inside a larger buffer, and are not ours to keep.
    this.#numbers = new Float64Array(bytes.slice().buffer);
  }

  number(): number {
    const value = this.#numbers[this.#next];
    if (value === undefined) throw new RangeError("expected more numbers, the snapshot ends early");
    this.#next += 1;
    return value;
  }

  bigint(): bigint {
    return (BigInt(this.number()) << LOW_BITS) | BigInt(this.number());
  }

  list<T>(read: () => T): T[] {
    const length = this.number();
    // Every item takes at least one number: a damaged length is found before anything is made of it.
    if (!(Number.isInteger(length) && length >= 0 && length <= this.#numbers.length - this.#next)) {
      throw new RangeError(`expected the length of a list in the snapshot, was ${length}`);
    }
    return Array.from({ length }, read);
  }

  /** Throws unless everything has been read. */
  end(): void {
    if (this.#next !== this.#numbers.length) {
      throw new RangeError(
        `expected ${this.#next} numbers in the snapshot, had ${this.#numbers.length}`,
      );
    }
  }
}

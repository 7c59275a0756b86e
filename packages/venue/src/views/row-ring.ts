import { type RecordViews, recordViews } from "@pincex/engine";
import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";

const FIRST_ROWS = 8;

/**
 * The last so many rows of one length, in one buffer: one more takes the place of the oldest.
 *
 * Of a busy venue there are millions of rows. As objects they would keep the garbage collector busy, and a snapshot of them would
 * take seconds; as bytes it is a copy.
 */
export class RowRing {
  views: RecordViews;
  readonly #rowBytes: number;
  readonly #limit: number;
  #count = 0;
  /** Where the oldest row is. Not the first place only once there are as many rows as there may be. */
  #oldest = 0;

  /** `rowBytes` is a multiple of 8. */
  constructor(rowBytes: number, limit: number) {
    this.#rowBytes = rowBytes;
    this.#limit = limit;
    this.views = recordViews(0);
  }

  get count(): number {
    return this.#count;
  }

  /** Whether the next row takes the place of the oldest. */
  get isFull(): boolean {
    return this.#count === this.#limit;
  }

  /** Takes the place of the newest row, and says which: `at(count - 1)` from now on. What it held is the caller's to overwrite. */
  add(): number {
    if (this.isFull) {
      const row = this.#oldest;
      this.#oldest = (row + 1) % this.#limit;
      return row;
    }
    if (this.#count * this.#rowBytes === this.views.bytes.length) this.#grow();
    this.#count += 1;
    return this.#count - 1;
  }

  /** The place of a row, counted from the oldest. */
  at(index: number): number {
    return (this.#oldest + index) % this.#limit;
  }

  /** All rows, the oldest first. */
  write(writer: FieldWriter): void {
    const { bytes } = this.views;
    const rows = new Uint8Array(this.#count * this.#rowBytes);
    const wrapped = this.#oldest * this.#rowBytes;
    rows.set(bytes.subarray(wrapped, rows.length));
    rows.set(bytes.subarray(0, wrapped), rows.length - wrapped);
    writer.bytes(rows);
  }

  /** Takes rows that were written, into a ring that has none. */
  read(reader: FieldReader): void {
    const rows = reader.bytes();
    const count = rows.length / this.#rowBytes;
    if (!Number.isInteger(count) || count > this.#limit) {
      throw new RangeError(
        `expected up to ${this.#limit} rows of ${this.#rowBytes} bytes, were ${rows.length} bytes`,
      );
    }
    while (this.views.bytes.length < rows.length) this.#grow();
    this.views.bytes.set(rows);
    this.#count = count;
  }

  #grow(): void {
    const capacity = this.views.bytes.length / this.#rowBytes;
    const larger = Math.min(Math.max(2 * capacity, FIRST_ROWS), this.#limit);
    const views = recordViews(larger * this.#rowBytes);
    views.bytes.set(this.views.bytes);
    this.views = views;
  }
}

import { RecordWriter } from "@pincex/engine";
import { type Field, fieldsLength, writeFields } from "./fields.ts";
import { padded } from "./text-field.ts";

/** A growing row of fields, for snapshots. `FieldReader` reads it back in the same order. */
export class FieldWriter {
  readonly #writer: RecordWriter = new RecordWriter();

  row(...fields: Field[]): void {
    const offset = this.#writer.reserve(fieldsLength(fields));
    writeFields(this.#writer.views, offset, fields);
  }

  /** How many there are, then each of them. */
  list<T>(items: Iterable<T>, write: (item: T) => void): void {
    const offset = this.#writer.reserve(8);
    let count = 0;
    for (const item of items) {
      write(item);
      count += 1;
    }
    this.#writer.views.f64[offset >> 3] = count;
  }

  bytes(bytes: Uint8Array): void {
    this.row(bytes.length);
    const offset = this.#writer.reserve(padded(bytes.length));
    this.#writer.views.bytes.set(bytes, offset);
  }

  /** So many bytes so far. */
  get length(): number {
    return this.#writer.length;
  }

  /** What was written between two lengths. Changes with the next that is written. */
  written(from: number, to: number): Uint8Array {
    return this.#writer.views.bytes.subarray(from, to);
  }

  finished(): Uint8Array {
    return this.#writer.finished();
  }
}

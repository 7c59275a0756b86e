import { RecordWriter, type Slices } from "@pincex/engine";
import { type Field, fieldsLength, writeFields } from "./fields.ts";
import { padded } from "./text-field.ts";

/** Half a millisecond's work. */
const ITEMS_A_SLICE = 512;

/** A growing row of fields, for snapshots. `FieldReader` reads it back in the same order. */
export class FieldWriter {
  readonly #writer: RecordWriter = new RecordWriter();

  row(...fields: Field[]): void {
    const offset = this.#writer.reserve(fieldsLength(fields));
    writeFields(this.#writer.views, offset, fields);
  }

  /** `list` in slices. */
  *listInSlices<T>(items: readonly T[], write: (item: T) => void): Slices<void> {
    this.row(items.length);
    for (const [index, item] of items.entries()) {
      if (index % ITEMS_A_SLICE === ITEMS_A_SLICE - 1) yield;
      write(item);
    }
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

  /** What was written between two lengths; all of it unless told. Changes with the next that is written. */
  written(from = 0, to: number = this.length): Uint8Array {
    return this.#writer.views.bytes.subarray(from, to);
  }

  finished(): Uint8Array {
    return this.#writer.finished();
  }
}

/** What `bytes` writes, in whole words, without copying them. */
export const bytesField = (bytes: Uint8Array): [length: Uint8Array, bytes: Uint8Array] => {
  const writer = new FieldWriter();
  writer.row(bytes.length);
  return [writer.finished(), bytes];
};

const BYTES_A_SLICE = 1 << 20;

/** All of it in one piece. */
export function* joined(parts: readonly Uint8Array[]): Slices<Uint8Array> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let end = 0;
  let untilSlice = 0;
  for (const part of parts) {
    for (let from = 0; from < part.length; from += BYTES_A_SLICE) {
      const piece = part.subarray(from, from + BYTES_A_SLICE);
      whole.set(piece, end);
      end += piece.length;
      untilSlice += piece.length;
      if (untilSlice < BYTES_A_SLICE) continue;
      untilSlice = 0;
      yield;
    }
  }
  return whole;
}

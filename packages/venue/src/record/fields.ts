import type { RecordViews } from "@pincex/engine";
import { AMOUNT_BYTES, readAmount, writeAmount } from "./amount-field.ts";
import { padded, readText, textLength, writeText } from "./text-field.ts";

/** A record's body as a row of fields: numbers take 8 bytes, amounts 16, texts 8 and their bytes. */
export type Field = number | bigint | string;

const fieldLength = (field: Field): number => {
  if (typeof field === "number") return 8;
  if (typeof field === "bigint") return AMOUNT_BYTES;
  return 8 + padded(textLength(field, "a text"));
};

export const fieldsLength = (fields: readonly Field[]): number =>
  fields.reduce((total: number, field) => total + fieldLength(field), 0);

export const writeFields = (views: RecordViews, offset: number, fields: readonly Field[]): void => {
  let at = offset;
  for (const field of fields) {
    if (typeof field === "number") views.f64[at >> 3] = field;
    else if (typeof field === "bigint") writeAmount(views, at, field);
    else {
      views.i32[at >> 2] = textLength(field, "a text");
      writeText(views, at + 8, field);
    }
    at += fieldLength(field);
  }
};

/** Reads fields in the order in which they were written. Reading beyond `end` throws a `RangeError`. */
export class FieldReader {
  readonly #views: RecordViews;
  readonly #end: number;
  #at: number;

  constructor(views: RecordViews, from: number, end: number) {
    this.#views = views;
    this.#at = from;
    this.#end = end;
  }

  /** A safe integer; anything else throws a `RangeError`. */
  number(): number {
    const number = this.#views.f64[this.#advance(8) >> 3] ?? 0;
    if (!Number.isSafeInteger(number)) {
      throw new RangeError(`expected a safe integer in a record, was ${number}`);
    }
    return number;
  }

  /** 0 or 1; anything else throws a `RangeError`. */
  flag(): boolean {
    const number = this.number();
    if (number !== 0 && number !== 1) {
      throw new RangeError(`expected 0 or 1 in a record, was ${number}`);
    }
    return number === 1;
  }

  /** Whether another field follows. */
  get hasMore(): boolean {
    return this.#at < this.#end;
  }

  amount(): bigint {
    return readAmount(this.#views, this.#advance(AMOUNT_BYTES));
  }

  text(): string {
    const length = this.#views.i32[this.#advance(8) >> 2] ?? 0;
    if (length < 0) throw new RangeError(`expected a text's length, was ${length}`);
    return readText(this.#views, this.#advance(padded(length)), length);
  }

  list<T>(read: () => T): T[] {
    const count = this.number();
    const items: T[] = [];
    for (let index = 0; index < count; index++) items.push(read());
    return items;
  }

  /** A copy of bytes that were written with their length. */
  bytes(): Uint8Array {
    const length = this.number();
    const at = this.#advance(padded(length));
    return this.#views.bytes.slice(at, at + length);
  }

  /** Throws a `RangeError` unless all fields have been read. */
  finish(): void {
    if (this.#at !== this.#end) {
      throw new RangeError(
        `expected the record's last field, ${this.#end - this.#at} bytes follow`,
      );
    }
  }

  #advance(bytes: number): number {
    const at = this.#at;
    if (at + bytes > this.#end)
      throw new RangeError("expected a longer record: it ends within a field");
    this.#at = at + bytes;
    return at;
  }
}

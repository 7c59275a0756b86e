declare const TextEncoder: new () => {
  encodeInto(text: string, to: Uint8Array): { readonly written: number };
};

/** What PostgreSQL calls the types of elements. */
const OID = {
  boolean: 16,
  bytea: 17,
  int8: 20,
  int4: 23,
  text: 25,
  timestamptz: 1184,
  numeric: 1700,
} as const;

/** Dimensions, whether there are nulls, the element's type, how many, and the first index. */
const HEADER_BYTES = 20;
const NULL_LENGTH = -1;

/** Where PostgreSQL's times begin, 2000-01-01, in milliseconds since 1970. */
const TIMES_BEGIN = 946_684_800_000;

const TWO_32 = 2 ** 32;
/** Below it, a double is the integer itself. */
const EXACT_LIMIT = 2 ** 53;

/** A digit of a numeric, and how many of them have room in one division of a bigint. */
const NUMERIC_BASE = 10_000;
const FAR_DIGITS = 3;
const FAR_BASE = 10n ** 12n;
const NUMERIC_HEADER_BYTES = 8;
const NEGATIVE = 0x4000;
/** Of 78 decimal digits, and what the last division leaves. */
const MOST_NUMERIC_DIGITS = 24;

const utf8 = new TextEncoder();
const digits = new Uint16Array(MOST_NUMERIC_DIGITS);

/**
 * Arrays of one dimension as PostgreSQL sends and takes them in its binary format: each element is its length in 4 bytes, -1 for null, and itself.
 * All numbers are big-endian.
 */
export class ArrayBytes {
  #bytes: Uint8Array;
  #view: DataView;
  #at: number = HEADER_BYTES;

  private constructor(oid: number, count: number, bytesEach: number) {
    this.#bytes = new Uint8Array(HEADER_BYTES + count * (4 + bytesEach));
    this.#view = new DataView(this.#bytes.buffer);
    this.#view.setInt32(0, 1);
    this.#view.setInt32(4, 1);
    this.#view.setInt32(8, oid);
    this.#view.setInt32(12, count);
    this.#view.setInt32(16, 1);
  }

  static int4(column: readonly (number | undefined)[]): Uint8Array {
    const array = new ArrayBytes(OID.int4, column.length, 4);
    for (const value of column) {
      if (value === undefined) array.#null();
      else array.#word(array.#element(4), value);
    }
    return array.#end();
  }

  static int8(column: readonly (number | undefined)[]): Uint8Array {
    const array = new ArrayBytes(OID.int8, column.length, 8);
    for (const value of column) {
      if (value === undefined) array.#null();
      else array.#integer(array.#element(8), value);
    }
    return array.#end();
  }

  static boolean(column: readonly (boolean | undefined)[]): Uint8Array {
    const array = new ArrayBytes(OID.boolean, column.length, 1);
    for (const value of column) {
      if (value === undefined) array.#null();
      else array.#bytes[array.#element(1)] = value ? 1 : 0;
    }
    return array.#end();
  }

  static bytea(column: readonly Uint8Array[]): Uint8Array {
    const array = new ArrayBytes(OID.bytea, column.length, column[0]?.length ?? 0);
    for (const value of column) {
      const at = array.#element(value.length);
      array.#bytes.set(value, at);
    }
    return array.#end();
  }

  static text(column: readonly (string | undefined)[]): Uint8Array {
    const array = new ArrayBytes(OID.text, column.length, 8);
    for (const value of column) {
      if (value === undefined) array.#null();
      else array.#text(value);
    }
    return array.#end();
  }

  /** Microseconds since 2000 of milliseconds since 1970. */
  static time(column: readonly (number | undefined)[]): Uint8Array {
    const array = new ArrayBytes(OID.timestamptz, column.length, 8);
    for (const value of column) {
      if (value === undefined) array.#null();
      else array.#microseconds(array.#element(8), value - TIMES_BEGIN);
    }
    return array.#end();
  }

  /** Whole numbers: their digits to the base of 10,000, the first one first. */
  static numeric(column: readonly (bigint | undefined)[]): Uint8Array {
    const array = new ArrayBytes(OID.numeric, column.length, NUMERIC_HEADER_BYTES + 10);
    for (const value of column) {
      if (value === undefined) array.#null();
      else array.#numeric(value);
    }
    return array.#end();
  }

  /** Where an element of so many bytes stands. */
  #element(length: number): number {
    const at = this.#at;
    this.#room(4 + length);
    this.#view.setInt32(at, length);
    this.#at = at + 4 + length;
    return at + 4;
  }

  #null(): void {
    const at = this.#at;
    this.#room(4);
    this.#view.setInt32(at, NULL_LENGTH);
    this.#at = at + 4;
  }

  #word(at: number, value: number): void {
    this.#view.setInt32(at, value);
  }

  #integer(at: number, value: number): void {
    this.#view.setInt32(at, Math.floor(value / TWO_32));
    this.#view.setUint32(at + 4, value >>> 0);
  }

  /** A thousand times as many, which is more than a double holds for times after 2255: multiplied in two halves. */
  #microseconds(at: number, milliseconds: number): void {
    const low = (milliseconds >>> 0) * 1_000;
    const high = Math.floor(milliseconds / TWO_32) * 1_000 + Math.floor(low / TWO_32);
    this.#view.setInt32(at, high);
    this.#view.setUint32(at + 4, low >>> 0);
  }

  #text(value: string): void {
    // A letter has at most three bytes for each of its UTF-16 units.
    this.#room(4 + 3 * value.length);
    const start = this.#at + 4;
    const written = this.#ascii(value, start)
      ? value.length
      : utf8.encodeInto(value, this.#bytes.subarray(start)).written;
    this.#view.setInt32(this.#at, written);
    this.#at = start + written;
  }

  /** Writes what is a byte a letter; false if it isn't. Most texts are short, and a call of the encoder takes longer than they do. */
  #ascii(value: string, start: number): boolean {
    for (let index = 0; index < value.length; index++) {
      const letter = value.charCodeAt(index);
      if (letter >= 0x80) return false;
      this.#bytes[start + index] = letter;
    }
    return true;
  }

  #numeric(value: bigint): void {
    const near = Number(value);
    const count =
      near > -EXACT_LIMIT && near < EXACT_LIMIT ? nearDigits(Math.abs(near), 0) : farDigits(value);
    const at = this.#element(NUMERIC_HEADER_BYTES + 2 * count);
    const view = this.#view;
    view.setInt16(at, count);
    view.setInt16(at + 2, Math.max(0, count - 1));
    view.setUint16(at + 4, near < 0 ? NEGATIVE : 0);
    view.setUint16(at + 6, 0);
    for (let index = 0; index < count; index++) {
      view.setUint16(at + NUMERIC_HEADER_BYTES + 2 * index, digits[count - 1 - index] as number);
    }
  }

  #room(length: number): void {
    const needed = this.#at + length;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  #end(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }
}

/** Puts the digits of a double, the last one first, from an index on, and answers where they end. */
const nearDigits = (value: number, from: number): number => {
  let count = from;
  for (let rest = value; rest > 0; ) {
    const next = Math.floor(rest / NUMERIC_BASE);
    digits[count++] = rest - next * NUMERIC_BASE;
    rest = next;
  }
  return count;
};

/** The same of a bigint: as divisions of one take long, three digits at a time. */
const farDigits = (value: bigint): number => {
  let rest = value < 0n ? -value : value;
  let count = 0;
  for (let near = Number(rest); near >= EXACT_LIMIT; near = Number(rest)) {
    let low = Number(rest % FAR_BASE);
    rest /= FAR_BASE;
    for (let digit = 0; digit < FAR_DIGITS; digit++) {
      const next = Math.floor(low / NUMERIC_BASE);
      digits[count++] = low - next * NUMERIC_BASE;
      low = next;
    }
  }
  return nearDigits(Number(rest), count);
};

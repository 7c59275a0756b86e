/**
 * Records: the one binary form of commands and events.
 *
 * A record is 8-byte aligned and little-endian, and its length is a multiple of 8. Its first word says what it is
 * (kind, version, length in words of 8 bytes), its second belongs to the kind: engine records keep the market there.
 */

/** One ArrayBuffer seen three ways. Offsets are in bytes and multiples of 8. */
export interface RecordViews {
  readonly bytes: Uint8Array;
  readonly i32: Int32Array;
  readonly f64: Float64Array;
}

/** A record's length in bytes never exceeds this: its header has 16 bits for the number of 8-byte words. */
export const MAX_RECORD_LENGTH: number = 0xffff * 8;

// Typed arrays use the machine's byte order; the format is little-endian. Node.js runs on no big-endian machine that matters.
if (new Uint8Array(new Uint32Array([1]).buffer)[0] !== 1) {
  throw new RangeError("expected a little-endian machine");
}

/**
 * Sees bytes as records. A number makes a new zeroed buffer of that many bytes. Bytes that don't start on a multiple of
 * 8 in their buffer, or whose length is not a multiple of 8, are copied.
 */
export const recordViews = (source: number | ArrayBuffer | Uint8Array): RecordViews => {
  if (typeof source === "number") return viewsOf(new ArrayBuffer(roundedUp(source)));
  if (source instanceof Uint8Array) {
    if (source.byteOffset % 8 === 0 && source.byteLength % 8 === 0) {
      return viewsOf(source.buffer, source.byteOffset, source.byteLength);
    }
    const copy = new Uint8Array(roundedUp(source.byteLength));
    copy.set(source);
    return viewsOf(copy.buffer);
  }
  if (source.byteLength % 8 !== 0) return recordViews(new Uint8Array(source));
  return viewsOf(source);
};

const roundedUp = (bytes: number): number => Math.ceil(bytes / 8) * 8;

const viewsOf = (buffer: ArrayBufferLike, offset = 0, length = buffer.byteLength): RecordViews => ({
  bytes: new Uint8Array(buffer, offset, length),
  i32: new Int32Array(buffer, offset, length / 4),
  f64: new Float64Array(buffer, offset, length / 8),
});

/** The record's kind: engine 1 to 63, ledger 64 to 127, venue 128 to 255. */
export const recordKind = (views: RecordViews, offset: number): number =>
  (views.i32[offset >> 2] ?? 0) & 0xff;

/** The version of the record's kind, 0 to 255. */
export const recordVersion = (views: RecordViews, offset: number): number =>
  ((views.i32[offset >> 2] ?? 0) >>> 8) & 0xff;

/** The record's length in bytes, its header included. */
export const recordLength = (views: RecordViews, offset: number): number =>
  ((views.i32[offset >> 2] ?? 0) >>> 16) * 8;

/** The second word of the header; engine records keep the market there. */
export const recordSecond = (views: RecordViews, offset: number): number =>
  views.i32[(offset >> 2) + 1] ?? 0;

/** Writes the 8 bytes of a header. `length` is in bytes, a multiple of 8. */
export const writeHeader = (
  views: RecordViews,
  offset: number,
  kind: number,
  version: number,
  length: number,
  second: number,
): void => {
  if (length % 8 !== 0 || length < 8 || length > MAX_RECORD_LENGTH) {
    throw new RangeError(
      `expected a record length that is a multiple of 8, 8 to ${MAX_RECORD_LENGTH}, was ${length}`,
    );
  }
  views.i32[offset >> 2] = kind | (version << 8) | ((length / 8) << 16);
  views.i32[(offset >> 2) + 1] = second;
};

/** A growable list of records. Its views change when it grows: don't keep them across `reserve` and `append`. */
export class RecordWriter {
  views: RecordViews;
  /** Bytes written so far. */
  length = 0;

  constructor(capacity = 1024) {
    this.views = recordViews(capacity);
  }

  /** Makes room for a record of `bytes` (a multiple of 8), zeroed, and says where it starts. */
  reserve(bytes: number): number {
    const offset = this.#room(bytes);
    this.views.bytes.fill(0, offset, offset + bytes);
    return offset;
  }

  /** Appends a copy of the record at `offset` of `source`, and says where it starts here. */
  append(source: RecordViews, offset: number, length: number): number {
    const at = this.#room(length);
    // A loop over a few words beats `set(subarray(…))`, which makes an object. As integers, because a copied double may
    // lose the bits of a NaN.
    const words = length >> 2;
    if (words <= 64) {
      const from = offset >> 2;
      const to = at >> 2;
      for (let word = 0; word < words; word += 1) {
        this.views.i32[to + word] = source.i32[from + word] ?? 0;
      }
    } else {
      this.views.bytes.set(source.bytes.subarray(offset, offset + length), at);
    }
    return at;
  }

  /** Forgets what was written; keeps the memory. */
  clear(): void {
    this.length = 0;
  }

  /** A copy of what was written. */
  finished(): Uint8Array {
    return this.views.bytes.slice(0, this.length);
  }

  #room(bytes: number): number {
    const offset = this.length;
    const needed = offset + bytes;
    if (needed > this.views.bytes.byteLength) {
      const grown = recordViews(Math.max(needed, this.views.bytes.byteLength * 2));
      grown.bytes.set(this.views.bytes.subarray(0, offset));
      this.views = grown;
    }
    this.length = needed;
    return offset;
  }
}

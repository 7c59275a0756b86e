/** Bytes of a varint: 55 bits, which hold every number that is allowed and one byte less would not. */
const LONGEST_VARINT = 8;

/** One of the streams of bytes in a workload, read from its beginning. Throws `RangeError` rather than read past its end. */
export class ByteStream {
  readonly #bytes: Uint8Array;
  readonly #name: string;
  #at = 0;

  constructor(name: string, bytes: Uint8Array) {
    this.#name = name;
    this.#bytes = bytes;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError(`the stream of ${this.#name} ends too early`);
    this.#at += 1;
    return byte;
  }

  /**
   * A signed number up to 2^53: base 128, low group first, zigzag. The lowest bit says the sign, and the rest is summed
   * without it, because with it the number would need a bit more than a double has.
   */
  signed(): number {
    const first = this.byte();
    let magnitude = (first >>> 1) & 63;
    let unit = 64;
    let last = first;
    for (let length = 1; last >= 0x80; length += 1) {
      if (length === LONGEST_VARINT) this.#tooLarge();
      last = this.byte();
      magnitude += (last & 0x7f) * unit;
      unit *= 128;
    }
    if (magnitude > Number.MAX_SAFE_INTEGER) this.#tooLarge();
    return (first & 1) === 0 ? magnitude : -magnitude - 1;
  }

  /** Throws `RangeError` if bytes are left. */
  expectEnd(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw new RangeError(`the stream of ${this.#name} has ${left} bytes too many`);
  }

  #tooLarge(): never {
    throw new RangeError(`the stream of ${this.#name} has a number above 2^53`);
  }
}

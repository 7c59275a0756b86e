/** Where PostgreSQL's own times begin: 2000-01-01. */
const EPOCH = 946_684_800_000;

const SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");

/** Rows in the binary format of COPY, written one value after the other. */
export class CopyRows {
  #bytes: Buffer = Buffer.allocUnsafe(1 << 20);
  #at = 0;

  constructor() {
    this.#at = SIGNATURE.copy(this.#bytes);
  }

  row(fields: number): void {
    if (this.#at + 1_024 > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes], 2 * this.#bytes.length);
    this.#at = this.#bytes.writeInt16BE(fields, this.#at);
  }

  int4(value: number): void {
    this.#length(4);
    this.#at = this.#bytes.writeInt32BE(value, this.#at);
  }

  int8(value: number | bigint): void {
    this.#length(8);
    this.#at = this.#bytes.writeBigInt64BE(BigInt(value), this.#at);
  }

  /** Of milliseconds since 1970. */
  time(milliseconds: number): void {
    this.int8((milliseconds - EPOCH) * 1_000);
  }

  text(value: string): void {
    this.bytes(Buffer.from(value));
  }

  bytes(value: Uint8Array): void {
    this.#length(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** A whole number: its digits to the base of 10,000, the first one first. */
  numeric(value: bigint): void {
    const digits: number[] = [];
    for (let rest = value < 0n ? -value : value; rest > 0n; rest /= 10_000n) {
      digits.push(Number(rest % 10_000n));
    }
    const weight = digits.length === 0 ? 0 : digits.length - 1;
    this.#length(8 + 2 * digits.length);
    for (const word of [digits.length, weight, value < 0n ? 0x4000 : 0, 0, ...digits.reverse()]) {
      this.#at = this.#bytes.writeUInt16BE(word, this.#at);
    }
  }

  /** Everything that was written, with what ends it. */
  end(): Buffer {
    this.#at = this.#bytes.writeInt16BE(-1, this.#at);
    return this.#bytes.subarray(0, this.#at);
  }

  #length(bytes: number): void {
    this.#at = this.#bytes.writeInt32BE(bytes, this.#at);
  }
}

import { isAmountInRange } from "./amount.ts";

/** An amount takes two cells of 64 bits, which are four words of 32: two's complement, the lowest first. */
export const AMOUNT_CELLS = 2;

/** The upper cell of an amount whose lower one has no sign, and of one whose lower one has. */
const SIGNS = BigInt64Array.of(0n, -1n);

/** The highest word of -2^127, which is out of range. */
const LOWEST = -(2 ** 31);

/**
 * Amounts side by side in memory, and whatever else stands in their rows. Places are counted in cells of 64 bits.
 *
 * A bigint lives on the heap: making one costs 15 to 30 ns, and reading one that was kept a cache miss. What is added and
 * compared here makes none: it is done in words, as it was done on paper, with a carry from each to the next.
 */
export class AmountCells {
  /** The same memory, seen as the three kinds of numbers that rows are made of. */
  cells: BigInt64Array;
  words: Int32Array;
  doubles: Float64Array;

  constructor(length: number) {
    this.cells = new BigInt64Array(length);
    this.words = new Int32Array(this.cells.buffer);
    this.doubles = new Float64Array(this.cells.buffer);
  }

  /** Makes room, and keeps what is there. */
  growTo(length: number): void {
    if (length <= this.cells.length) return;
    const grown = new BigInt64Array(Math.max(length, 2 * this.cells.length));
    grown.set(this.cells);
    this.cells = grown;
    this.words = new Int32Array(grown.buffer);
    this.doubles = new Float64Array(grown.buffer);
  }

  read(at: number): bigint {
    const lower = this.cells[at] as bigint;
    const upper = this.words[2 * at + 2] as number;
    // Nearly every amount has 64 bits: then the upper words are nothing but its sign.
    if (upper === this.words[2 * at + 3] && upper === (this.words[2 * at + 1] as number) >> 31) {
      return lower;
    }
    return ((this.cells[at + 1] as bigint) << 64n) | BigInt.asUintN(64, lower);
  }

  /** Whether the amount is in range. Otherwise nothing that may be read is there. */
  write(at: number, amount: bigint): boolean {
    // A cell keeps the lower 64 bits by itself.
    this.cells[at] = amount;
    if (this.cells[at] === amount) {
      this.cells[at + 1] = SIGNS[(this.words[2 * at + 1] as number) >>> 31] as bigint;
      return true;
    }
    if (!isAmountInRange(amount)) return false;
    this.cells[at + 1] = amount >> 64n;
    return true;
  }

  copy(at: number, from: AmountCells, fromAt: number): void {
    const { words } = this;
    const { words: source } = from;
    words[2 * at] = source[2 * fromAt] as number;
    words[2 * at + 1] = source[2 * fromAt + 1] as number;
    words[2 * at + 2] = source[2 * fromAt + 2] as number;
    words[2 * at + 3] = source[2 * fromAt + 3] as number;
  }

  clear(at: number): void {
    this.cells[at] = 0n;
    this.cells[at + 1] = 0n;
  }

  /** Whether the sum is in range. Otherwise the amount stays as it was. */
  add(at: number, from: AmountCells, fromAt: number): boolean {
    const { words } = this;
    const { words: others } = from;
    const a0 = words[2 * at] as number;
    const a1 = words[2 * at + 1] as number;
    const a2 = words[2 * at + 2] as number;
    const a3 = words[2 * at + 3] as number;
    const b0 = others[2 * fromAt] as number;
    const b1 = others[2 * fromAt + 1] as number;
    const b2 = others[2 * fromAt + 2] as number;
    const b3 = others[2 * fromAt + 3] as number;
    const s0 = (a0 + b0) | 0;
    const s1 = (a1 + b1 + carry(a0, b0, s0)) | 0;
    const s2 = (a2 + b2 + carry(a1, b1, s1)) | 0;
    const s3 = (a3 + b3 + carry(a2, b2, s2)) | 0;
    // Two of one sign add up to the other: the sum has gone round.
    if (((a3 ^ s3) & (b3 ^ s3)) < 0) return false;
    if (s3 === LOWEST && (s0 | s1 | s2) === 0) return false;
    words[2 * at] = s0;
    words[2 * at + 1] = s1;
    words[2 * at + 2] = s2;
    words[2 * at + 3] = s3;
    return true;
  }

  /** Whether the difference is in range. Otherwise the amount stays as it was. */
  subtract(at: number, from: AmountCells, fromAt: number): boolean {
    const { words } = this;
    const { words: others } = from;
    const a0 = words[2 * at] as number;
    const a1 = words[2 * at + 1] as number;
    const a2 = words[2 * at + 2] as number;
    const a3 = words[2 * at + 3] as number;
    const b0 = others[2 * fromAt] as number;
    const b1 = others[2 * fromAt + 1] as number;
    const b2 = others[2 * fromAt + 2] as number;
    const b3 = others[2 * fromAt + 3] as number;
    const d0 = (a0 - b0) | 0;
    const d1 = (a1 - b1 - borrow(a0, b0, d0)) | 0;
    const d2 = (a2 - b2 - borrow(a1, b1, d1)) | 0;
    const d3 = (a3 - b3 - borrow(a2, b2, d2)) | 0;
    if (((a3 ^ b3) & (a3 ^ d3)) < 0) return false;
    if (d3 === LOWEST && (d0 | d1 | d2) === 0) return false;
    words[2 * at] = d0;
    words[2 * at + 1] = d1;
    words[2 * at + 2] = d2;
    words[2 * at + 3] = d3;
    return true;
  }

  isZero(at: number): boolean {
    const { words } = this;
    const lower = (words[2 * at] as number) | (words[2 * at + 1] as number);
    return (lower | (words[2 * at + 2] as number) | (words[2 * at + 3] as number)) === 0;
  }

  isNegative(at: number): boolean {
    return (this.words[2 * at + 3] as number) < 0;
  }

  isPositive(at: number): boolean {
    return !this.isNegative(at) && !this.isZero(at);
  }

  isLess(at: number, than: AmountCells, thanAt: number): boolean {
    const { words } = this;
    const { words: others } = than;
    const highest = words[2 * at + 3] as number;
    const highestOther = others[2 * thanAt + 3] as number;
    if (highest !== highestOther) return highest < highestOther;
    for (let word = 2; word >= 0; word--) {
      const one = (words[2 * at + word] as number) >>> 0;
      const other = (others[2 * thanAt + word] as number) >>> 0;
      if (one !== other) return one < other;
    }
    return false;
  }
}

/** What two words and a carry from below give to the next one, by their sum. */
const carry = (one: number, other: number, sum: number): number =>
  ((one & other) | ((one | other) & ~sum)) >>> 31;

/** What a word takes from the next one, by the difference. */
const borrow = (one: number, other: number, difference: number): number =>
  ((~one & other) | ((~one | other) & difference)) >>> 31;

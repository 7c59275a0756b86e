/**
 * Orders as fixed-size records in one buffer: half a dozen numbers that matching needs stand in the first cache line.
 * Slot 0 is never an order, so zeroed memory means "none". Free slots form a list through `next`.
 */

/** Bytes of one order. */
export const ORDER_BYTES = 64;
const INTS = ORDER_BYTES / 4;
const DOUBLES = ORDER_BYTES / 8;

// int32 fields
const NEXT = 0;
const PREVIOUS = 1;
const LEVEL = 2;
const ACCOUNT = 3;
// float64 fields; 6 and 7, and int32 field 12 to 15 with them, are room for display quantities, flags and triggers.
const REMAINING = 2;
const ID = 3;
const QUANTITY = 4;

export class OrderPool {
  i32: Int32Array;
  f64: Float64Array;
  /** Slots in use, the null slot not counted. */
  live = 0;
  #free = 0;
  #used = 1;

  constructor(capacity: number) {
    const buffer = new ArrayBuffer((capacity + 1) * ORDER_BYTES);
    this.i32 = new Int32Array(buffer);
    this.f64 = new Float64Array(buffer);
  }

  /** A slot for an order that will hang in no list yet. Its fields are those of whoever had it before. */
  take(): number {
    this.live += 1;
    const slot = this.#free;
    if (slot !== 0) {
      this.#free = this.next(slot);
      return slot;
    }
    if (this.#used * INTS === this.i32.length) this.#grow();
    return this.#used++;
  }

  give(slot: number): void {
    this.live -= 1;
    this.i32[slot * INTS + NEXT] = this.#free;
    this.f64[slot * DOUBLES + ID] = 0;
    this.#free = slot;
  }

  next(slot: number): number {
    return this.i32[slot * INTS + NEXT] as number;
  }
  setNext(slot: number, next: number): void {
    this.i32[slot * INTS + NEXT] = next;
  }
  previous(slot: number): number {
    return this.i32[slot * INTS + PREVIOUS] as number;
  }
  setPrevious(slot: number, previous: number): void {
    this.i32[slot * INTS + PREVIOUS] = previous;
  }
  level(slot: number): number {
    return this.i32[slot * INTS + LEVEL] as number;
  }
  setLevel(slot: number, level: number): void {
    this.i32[slot * INTS + LEVEL] = level;
  }
  account(slot: number): number {
    return this.i32[slot * INTS + ACCOUNT] as number;
  }
  setAccount(slot: number, account: number): void {
    this.i32[slot * INTS + ACCOUNT] = account;
  }
  /** Lots. */
  remaining(slot: number): number {
    return this.f64[slot * DOUBLES + REMAINING] as number;
  }
  setRemaining(slot: number, lots: number): void {
    this.f64[slot * DOUBLES + REMAINING] = lots;
  }
  id(slot: number): number {
    return this.f64[slot * DOUBLES + ID] as number;
  }
  setId(slot: number, id: number): void {
    this.f64[slot * DOUBLES + ID] = id;
  }
  /** Lots, as placed. */
  quantity(slot: number): number {
    return this.f64[slot * DOUBLES + QUANTITY] as number;
  }
  setQuantity(slot: number, lots: number): void {
    this.f64[slot * DOUBLES + QUANTITY] = lots;
  }

  #grow(): void {
    const buffer = new ArrayBuffer(this.i32.byteLength * 2);
    new Float64Array(buffer).set(this.f64);
    this.i32 = new Int32Array(buffer);
    this.f64 = new Float64Array(buffer);
  }
}

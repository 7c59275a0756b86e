/**
 * The memory of resting orders: records of 64 bytes in one ArrayBuffer, named by their slot.
 *
 * Records rather than an array for each field, because an order's fields are needed together: one order is one cache
 * line. Slot 0 is never an order, so that zeroed memory means "none". Slots of orders that are gone are handed out again, the
 * last one first.
 */

// As 32-bit words of the record: bytes 0 to 23, of which 20 to 23 are free for flags.
const NEXT = 0;
const PREVIOUS = 1;
const LEVEL = 2;
const ACCOUNT = 3;
const TERMS = 4;
// As doubles: bytes 24 to 63, of which 48 to 63 are free for a hidden quantity and the like.
const REMAINING = 3;
const ID = 4;
const QUANTITY = 5;

const SLOT_BYTES = 64;

export class OrderPool {
  #i32: Int32Array;
  #f64: Float64Array;
  #unused = 1;
  #released = 0;
  #count = 0;

  constructor(capacity: number) {
    const buffer = new ArrayBuffer((capacity + 1) * SLOT_BYTES);
    this.#i32 = new Int32Array(buffer);
    this.#f64 = new Float64Array(buffer);
  }

  /** How many orders there are. */
  get count(): number {
    return this.#count;
  }

  /** A slot for a new order. Its fields hold what the last order left. */
  take(): number {
    this.#count += 1;
    const released = this.#released;
    if (released !== 0) {
      this.#released = this.next(released);
      return released;
    }
    if (this.#unused << 4 === this.#i32.length) this.#grow();
    this.#unused += 1;
    return this.#unused - 1;
  }

  release(slot: number): void {
    this.#count -= 1;
    this.#f64[(slot << 3) + ID] = 0;
    this.#i32[(slot << 4) + NEXT] = this.#released;
    this.#released = slot;
  }

  /** The next order of the same level, in order of time; 0 at its end. */
  next(slot: number): number {
    return this.#i32[(slot << 4) + NEXT] as number;
  }

  setNext(slot: number, next: number): void {
    this.#i32[(slot << 4) + NEXT] = next;
  }

  previous(slot: number): number {
    return this.#i32[(slot << 4) + PREVIOUS] as number;
  }

  setPrevious(slot: number, previous: number): void {
    this.#i32[(slot << 4) + PREVIOUS] = previous;
  }

  /** The price level that it rests on; it knows the price, the side and the market. */
  level(slot: number): number {
    return this.#i32[(slot << 4) + LEVEL] as number;
  }

  setLevel(slot: number, level: number): void {
    this.#i32[(slot << 4) + LEVEL] = level;
  }

  account(slot: number): number {
    return this.#i32[(slot << 4) + ACCOUNT] as number;
  }

  setAccount(slot: number, account: number): void {
    this.#i32[(slot << 4) + ACCOUNT] = account;
  }

  /** Order type and time in force, as records pack them. */
  terms(slot: number): number {
    return this.#i32[(slot << 4) + TERMS] as number;
  }

  setTerms(slot: number, terms: number): void {
    this.#i32[(slot << 4) + TERMS] = terms;
  }

  /** Lots still to trade: above 0 as long as the order rests. */
  remaining(slot: number): number {
    return this.#f64[(slot << 3) + REMAINING] as number;
  }

  setRemaining(slot: number, lots: number): void {
    this.#f64[(slot << 3) + REMAINING] = lots;
  }

  id(slot: number): number {
    return this.#f64[(slot << 3) + ID] as number;
  }

  setId(slot: number, id: number): void {
    this.#f64[(slot << 3) + ID] = id;
  }

  /** Lots placed, less those that were taken off since. */
  quantity(slot: number): number {
    return this.#f64[(slot << 3) + QUANTITY] as number;
  }

  setQuantity(slot: number, lots: number): void {
    this.#f64[(slot << 3) + QUANTITY] = lots;
  }

  #grow(): void {
    const buffer = new ArrayBuffer(this.#i32.byteLength * 2);
    const grown = new Int32Array(buffer);
    grown.set(this.#i32);
    this.#i32 = grown;
    this.#f64 = new Float64Array(buffer);
  }
}

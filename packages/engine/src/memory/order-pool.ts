import type { IncomingOrder } from "../incoming-order.ts";
import { GrowingMemory } from "./growing-memory.ts";

/**
 * The memory of resting orders, named by their slot.
 *
 * Records rather than an array for each field, because an order's fields are needed together. What matching and cancelling
 * read is a record of 32 bytes, so that two orders share a cache line: with records of 64 bytes the first touch of an order
 * was a quarter of a cancel's time. The quantity as placed, which they only write, is beside it. Slot 0 is never an order, so
 * that zeroed memory means "none". Slots of orders that are gone are handed out again, the last one first.
 */

// As 32-bit words of the record.
export const NEXT = 0;
export const PREVIOUS = 1;
export const LEVEL = 2;
export const ACCOUNT = 3;
// As doubles.
export const REMAINING = 2;
export const ID = 3;

const SLOT_BYTES = 32;

export class OrderPool {
  /** The records, for who reads or writes several fields at once. Not to be kept across `add`, which replaces them when the pool is full. */
  i32: Int32Array;
  f64: Float64Array;
  /** Quantities as placed. */
  private placed: Float64Array;
  private readonly records: GrowingMemory;
  private readonly quantities: GrowingMemory;
  private unused = 1;
  private released = 0;
  /** How many orders there are. */
  count = 0;

  constructor(capacity: number) {
    this.records = new GrowingMemory((capacity + 1) * SLOT_BYTES);
    this.quantities = new GrowingMemory((capacity + 1) * 8);
    this.i32 = this.records.i32();
    this.f64 = this.records.f64();
    this.placed = this.quantities.f64();
  }

  /** The slot of a new record for an order, which stands in no queue yet. */
  add(order: IncomingOrder): number {
    const slot = this.take();
    const { i32, f64 } = this;
    const word = slot << 3;
    const double = slot << 2;
    i32[word + ACCOUNT] = order.account;
    f64[double + REMAINING] = order.remaining;
    f64[double + ID] = order.orderId;
    this.placed[slot] = order.quantity;
    return slot;
  }

  release(slot: number): void {
    this.count -= 1;
    this.i32[(slot << 3) + NEXT] = this.released;
    this.released = slot;
  }

  /** Releases `count` orders that follow each other in a queue. */
  releaseQueue(first: number, last: number, count: number): void {
    this.count -= count;
    this.i32[(last << 3) + NEXT] = this.released;
    this.released = first;
  }

  /** The next order of the same level, in order of time; 0 at its end. */
  next(slot: number): number {
    return this.i32[(slot << 3) + NEXT] as number;
  }

  previous(slot: number): number {
    return this.i32[(slot << 3) + PREVIOUS] as number;
  }

  /** The price level that it rests on; it knows the price, the side and the market. */
  level(slot: number): number {
    return this.i32[(slot << 3) + LEVEL] as number;
  }

  account(slot: number): number {
    return this.i32[(slot << 3) + ACCOUNT] as number;
  }

  /** Lots still to trade: above 0 as long as the order rests. */
  remaining(slot: number): number {
    return this.f64[(slot << 2) + REMAINING] as number;
  }

  setRemaining(slot: number, lots: number): void {
    this.f64[(slot << 2) + REMAINING] = lots;
  }

  id(slot: number): number {
    return this.f64[(slot << 2) + ID] as number;
  }

  /** Lots placed, less those that were taken off since. */
  quantity(slot: number): number {
    return this.placed[slot] as number;
  }

  setQuantity(slot: number, lots: number): void {
    this.placed[slot] = lots;
  }

  /** A slot whose record has to be filled in. */
  take(): number {
    this.count += 1;
    const released = this.released;
    if (released !== 0) {
      this.released = this.next(released);
      return released;
    }
    if (this.unused << 3 === this.i32.length) this.grow();
    this.unused += 1;
    return this.unused - 1;
  }

  private grow(): void {
    this.records.growTo(0);
    this.quantities.growTo(0);
    this.i32 = this.records.i32();
    this.f64 = this.records.f64();
    this.placed = this.quantities.f64();
  }
}

import { powerOfTwoFrom } from "../whole-number.ts";
import { OldOrderIndex } from "./old-order-index.ts";
import type { OrderPool } from "./order-pool.ts";

/** The ring is not made larger than this many entries for each resting order: 16 bytes. */
const ENTRIES_PER_ORDER = 4;

/**
 * Where the order with an id rests.
 *
 * Ids are a counter, and most orders don't live long: the last ids given out have their slots in a ring, where the id itself
 * says the place. An order that is still there when the ring comes round goes to a table of old orders, one at a time,
 * unless orders are so many that a larger ring pays.
 */
export class OrderIndex {
  private readonly old: OldOrderIndex;
  private readonly orders: OrderPool;
  /** The ring, for who reads or writes it with other things. Not to be kept across `giveOut`. */
  young: Int32Array;
  mask: number;
  /** No id below this is in the ring. A double from the start: see `IncomingOrder`. */
  private begun: number = Number.NaN;

  constructor(orders: OrderPool, capacity: number) {
    this.orders = orders;
    this.old = new OldOrderIndex(orders, 16);
    this.young = new Int32Array(powerOfTwoFrom(Math.max(capacity, 16)));
    this.mask = this.young.length - 1;
    this.begun = 1;
  }

  /** The slot of an order; 0 if it does not rest. */
  find(id: number): number {
    const slot = this.young[id & this.mask] as number;
    return slot !== 0 && this.orders.id(slot) === id ? slot : this.old.find(id);
  }

  /** An id is given out, one more than the one before: an order may be added under it. */
  giveOut(id: number): void {
    if (this.young[id & this.mask] !== 0) this.makeRoom(id);
  }

  /** Adds an order whose id is in the pool. `next` is the id to be given out next. */
  add(slot: number, next: number): void {
    const id = this.orders.id(slot);
    if (id >= this.firstYoung(next)) this.young[id & this.mask] = slot;
    else this.old.add(slot);
  }

  /** Removes an order, whose id is still in the pool. */
  remove(slot: number): void {
    const at = this.orders.id(slot) & this.mask;
    if (this.young[at] === slot) this.young[at] = 0;
    else this.removeOld(slot);
  }

  /** Removes an order that is not in the ring any more, whose id is still in the pool. */
  removeOld(slot: number): void {
    this.old.remove(slot);
  }

  /** How many orders have an entry. Walks the ring. */
  count(): number {
    return this.young.reduce((count, slot) => (slot === 0 ? count : count + 1), this.old.count);
  }

  private firstYoung(next: number): number {
    return Math.max(this.begun, next - this.young.length);
  }

  /** The ring has come round to an order that is still there. */
  makeRoom(id: number): void {
    if (this.young.length < this.orders.count * ENTRIES_PER_ORDER) {
      this.grow(id);
    } else {
      this.old.add(this.young[id & this.mask] as number);
      this.young[id & this.mask] = 0;
    }
  }

  private grow(next: number): void {
    const { young } = this;
    this.begun = this.firstYoung(next);
    const grown = new Int32Array(young.length * 2);
    // The ids stand in two runs, up to the end of the ring and from its start: each is copied in one go.
    const from = this.begun & this.mask;
    const startsAgain = this.begun + young.length - from;
    grown.set(young.subarray(from), this.begun & (grown.length - 1));
    grown.set(young.subarray(0, from), startsAgain & (grown.length - 1));
    this.young = grown;
    this.mask = grown.length - 1;
  }
}

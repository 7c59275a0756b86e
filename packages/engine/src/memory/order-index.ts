import { powerOfTwoFrom } from "../whole-number.ts";
import { GrowingMemory } from "./growing-memory.ts";
import { OldOrderIndex } from "./old-order-index.ts";
import type { OrderPool } from "./order-pool.ts";

/** The ring is not made larger than this many entries for each resting order: 16 bytes. */
const ENTRIES_PER_ORDER = 4;
/** Entries that each id that is given out moves, after the ring has grown: moving all at once would be a pause. */
const MOVED_AT_A_TIME = 8;

/**
 * Where the order with an id rests.
 *
 * Ids are a counter, and most orders don't live long: the last ids given out have their slots in a ring, where the id itself
 * says the place. An order that is still there when the ring comes round goes to a table of old orders, one at a time,
 * unless orders are so many that a ring of twice the size pays. There the ids of one run have other places than before, as
 * far behind as the ring was long, and go there one after the other.
 */
export class OrderIndex {
  private readonly old: OldOrderIndex;
  private readonly orders: OrderPool;
  private readonly memory: GrowingMemory;
  /** The ring, for who reads or writes it with other things. Not to be kept across `giveOut`. */
  young: Int32Array;
  mask: number;
  /** No id below this is in the ring. Doubles from the start: see `IncomingOrder`. */
  private begun: number = Number.NaN;
  /** The first of the ids that still have the places of the ring before it grew, and how many they are. */
  private unmoved: number = Number.NaN;
  private unmovedCount = 0;

  constructor(orders: OrderPool, capacity: number) {
    this.orders = orders;
    this.old = new OldOrderIndex(orders, 16);
    this.memory = new GrowingMemory(powerOfTwoFrom(Math.max(capacity, 16)) * 4);
    this.young = this.memory.i32();
    this.mask = this.young.length - 1;
    this.begun = 1;
    this.unmoved = 0;
  }

  /** The slot of an order; 0 if it does not rest. */
  find(id: number): number {
    const slot = this.young[id & this.mask] as number;
    return slot !== 0 && this.orders.id(slot) === id ? slot : this.findElsewhere(id);
  }

  /** An id is given out, one more than the one before: an order may be added under it. */
  giveOut(id: number): void {
    if (((this.young[id & this.mask] as number) | this.unmovedCount) !== 0) this.makeRoom(id);
  }

  /** Adds an order whose id is in the pool. `next` is the id to be given out next. */
  add(slot: number, next: number): void {
    const id = this.orders.id(slot);
    if (id >= this.firstYoung(next)) this.young[this.place(id)] = slot;
    else this.old.add(slot);
  }

  /** Removes an order, whose id is still in the pool. */
  remove(slot: number): void {
    const at = this.place(this.orders.id(slot));
    if (this.young[at] === slot) this.young[at] = 0;
    else this.old.remove(slot);
  }

  /** How many orders have an entry. Walks the ring. */
  count(): number {
    return this.young.reduce((count, slot) => (slot === 0 ? count : count + 1), this.old.count);
  }

  private findElsewhere(id: number): number {
    if (this.isUnmoved(id)) {
      const slot = this.young[this.place(id)] as number;
      if (slot !== 0 && this.orders.id(slot) === id) return slot;
    }
    return this.old.find(id);
  }

  private place(id: number): number {
    return id & (this.isUnmoved(id) ? this.mask >> 1 : this.mask);
  }

  private isUnmoved(id: number): boolean {
    return id >= this.unmoved && id < this.unmoved + this.unmovedCount;
  }

  private firstYoung(next: number): number {
    return Math.max(this.begun, next - this.young.length);
  }

  private makeRoom(id: number): void {
    this.moveSome();
    const slot = this.young[id & this.mask] as number;
    if (slot === 0) return;
    // The ring has come round to an order that is still there.
    if (this.young.length < this.orders.count * ENTRIES_PER_ORDER) {
      this.grow(id);
      this.moveSome();
    } else {
      this.old.add(slot);
      this.young[id & this.mask] = 0;
    }
  }

  private grow(next: number): void {
    const { length } = this.young;
    this.begun = this.firstYoung(next);
    this.memory.growTo(0);
    this.young = this.memory.i32();
    this.mask = this.young.length - 1;
    // The ids in the ring are a run of its length: those on one side of a multiple of that keep their places. The others, where
    // the length is a bit of the id, don't. If they are the older ones, the next ids come to their places in the same order.
    const multiple = next - (next & (length - 1));
    const isNewer = (multiple & length) !== 0;
    this.unmoved = Math.max(this.begun, isNewer ? multiple : 0);
    this.unmovedCount = Math.max(0, (isNewer ? next : multiple) - this.unmoved);
  }

  private moveSome(): void {
    const { young, mask } = this;
    const count = Math.min(this.unmovedCount, MOVED_AT_A_TIME);
    for (let moved = 0; moved < count; moved += 1) {
      const from = (this.unmoved + moved) & (mask >> 1);
      young[from + (mask >> 1) + 1] = young[from] as number;
      young[from] = 0;
    }
    this.unmoved += count;
    this.unmovedCount -= count;
  }
}

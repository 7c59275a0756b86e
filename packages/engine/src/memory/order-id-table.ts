import { GrowingMemory } from "./growing-memory.ts";
import { NEIGHBOURS, SLOT } from "./id-entry-layout.ts";
import { ID, type OrderPool } from "./order-pool.ts";

/** An open-addressing table of a fixed size, from order id to slot. Entries: the id's low 32 bits, then the slot, 0 for a free entry. */
export class OrderIdTable {
  readonly capacity: number;
  private readonly orders: OrderPool;
  private readonly entries: Int32Array;
  private readonly mask: number;
  private readonly shift: number;
  /** Where the last search ended: who found an order often removes it next. */
  private lastFound = 0;

  /** `capacity` is a power of two, 16 at least; the less of it is used, the shorter the searches. */
  constructor(orders: OrderPool, capacity: number) {
    this.capacity = capacity;
    this.orders = orders;
    this.entries = new GrowingMemory(capacity * 8).i32();
    this.mask = capacity - 1;
    this.shift = 1 + Math.clz32((capacity / NEIGHBOURS) | 0);
  }

  /** The slot of an order; 0 if it is not here. */
  find(id: number): number {
    const entries = this.entries;
    const mask = this.mask;
    const ids = this.orders.f64;
    const low = id | 0;
    let at = home(low, this.shift) & mask;
    let slot = entries[(at << 1) + SLOT] as number;
    // Ids that differ by a multiple of 2^32 look the same here: the order itself knows.
    while (slot !== 0 && (entries[at << 1] !== low || ids[(slot << 2) + ID] !== id)) {
      at = (at + 1) & mask;
      slot = entries[(at << 1) + SLOT] as number;
    }
    this.lastFound = at;
    return slot;
  }

  insert(slot: number): void {
    const entries = this.entries;
    const mask = this.mask;
    const low = (this.orders.f64[(slot << 2) + ID] as number) | 0;
    let at = home(low, this.shift) & mask;
    while (entries[(at << 1) + SLOT] !== 0) at = (at + 1) & mask;
    entries[at << 1] = low;
    entries[(at << 1) + SLOT] = slot;
  }

  /** Whether the order was here. */
  remove(slot: number): boolean {
    const at = this.indexOf(slot);
    if (at < 0) return false;
    this.removeAt(at);
    return true;
  }

  /** The slot in the entry with this number; 0 if it is free. */
  slotAt(at: number): number {
    return this.entries[(at << 1) + SLOT] as number;
  }

  /** Empties an entry, and moves back the ones that it had pushed on: no marks are left that would slow every search. */
  removeAt(at: number): void {
    const entries = this.entries;
    const mask = this.mask;
    const shift = this.shift;
    let hole = at;
    let next = (hole + 1) & mask;
    for (let slot = entries[(next << 1) + SLOT] as number; slot !== 0; ) {
      const low = entries[next << 1] as number;
      if (((next - home(low, shift)) & mask) >= ((next - hole) & mask)) {
        entries[hole << 1] = low;
        entries[(hole << 1) + SLOT] = slot;
        hole = next;
      }
      next = (next + 1) & mask;
      slot = entries[(next << 1) + SLOT] as number;
    }
    entries[(hole << 1) + SLOT] = 0;
  }

  /** The entry of an order; −1 if it is not here. */
  private indexOf(slot: number): number {
    const entries = this.entries;
    if (entries[(this.lastFound << 1) + SLOT] === slot) return this.lastFound;
    const mask = this.mask;
    const low = (this.orders.f64[(slot << 2) + ID] as number) | 0;
    let at = home(low, this.shift) & mask;
    for (;;) {
      const there = entries[(at << 1) + SLOT];
      if (there === slot) return at;
      if (there === 0) return -1;
      at = (at + 1) & mask;
    }
  }
}

/** Groups of eight ids are scattered by a multiplicative hash; within its group an id has its own entry. To be masked. */
const home = (low: number, shift: number): number =>
  ((Math.imul(low >>> 3, 0x9e3779b1) >>> shift) << 3) | (low & 7);

import type { OrderPool } from "./order-pool.ts";

const SLOT = 1;
/** Ids that follow each other share a cache line of the table: eight entries of eight bytes. */
const NEIGHBOURS = 8;

/** An open-addressing table of a fixed size, from order id to slot. Entries: the id's low 32 bits, then the slot, 0 for a free entry. */
export class OrderIdTable {
  readonly capacity: number;
  readonly #orders: OrderPool;
  readonly #entries: Int32Array;
  readonly #mask: number;
  readonly #shift: number;

  /** `capacity` is a power of two, 16 at least; at most half of it should be used. */
  constructor(orders: OrderPool, capacity: number) {
    this.capacity = capacity;
    this.#orders = orders;
    this.#entries = new Int32Array(capacity * 2);
    this.#mask = capacity - 1;
    this.#shift = 1 + Math.clz32((capacity / NEIGHBOURS) | 0);
  }

  /** The slot of an order; 0 if it is not here. */
  find(id: number): number {
    const at = this.#indexOf(id);
    return at < 0 ? 0 : (this.#entries[(at << 1) + SLOT] as number);
  }

  insert(id: number, slot: number): void {
    let at = this.#home(id | 0);
    while (this.slotAt(at) !== 0) at = (at + 1) & this.#mask;
    this.#entries[at << 1] = id | 0;
    this.#entries[(at << 1) + SLOT] = slot;
  }

  /** Whether the id was here. */
  remove(id: number): boolean {
    const at = this.#indexOf(id);
    if (at < 0) return false;
    this.removeAt(at);
    return true;
  }

  /** The slot in the entry with this number; 0 if it is free. */
  slotAt(at: number): number {
    return this.#entries[(at << 1) + SLOT] as number;
  }

  /** Empties an entry, and moves back the ones that it had pushed on: no marks are left that would slow every search. */
  removeAt(at: number): void {
    const entries = this.#entries;
    const mask = this.#mask;
    let hole = at;
    for (let next = (hole + 1) & mask; this.slotAt(next) !== 0; next = (next + 1) & mask) {
      const home = this.#home(entries[next << 1] as number);
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        entries[hole << 1] = entries[next << 1] as number;
        entries[(hole << 1) + SLOT] = entries[(next << 1) + SLOT] as number;
        hole = next;
      }
    }
    entries[(hole << 1) + SLOT] = 0;
  }

  #indexOf(id: number): number {
    const low = id | 0;
    const entries = this.#entries;
    let at = this.#home(low);
    for (let slot = this.slotAt(at); slot !== 0; slot = this.slotAt(at)) {
      // Ids that differ by a multiple of 2^32 look the same here: the order itself knows.
      if (entries[at << 1] === low && this.#orders.id(slot) === id) return at;
      at = (at + 1) & this.#mask;
    }
    return -1;
  }

  /** Groups of eight ids are scattered by a multiplicative hash; within its group an id has its own entry. */
  #home(low: number): number {
    const group = Math.imul(low >>> 3, 0x9e3779b1) >>> this.#shift;
    return ((group << 3) | (low & 7)) & this.#mask;
  }
}

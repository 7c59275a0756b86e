import type { OrderPool } from "./order-pool.ts";

const FEWEST = 64;

/**
 * Order id → slot: open addressing with linear probing and deletion by shifting back, at most half full. It grows
 * beside the old table and moves a few entries with every change, so that no single order waits for a rehash.
 */
export class OrderIndex {
  readonly #pool: OrderPool;
  /** Pairs of the id's low 32 bits and the slot; slot 0 is an empty place. */
  #table: Int32Array;
  #mask: number;
  #count = 0;
  /** The table before it grew, while it drains; every place before the cursor is empty. */
  #old: Int32Array | undefined;
  #oldMask = 0;
  #oldCount = 0;
  #cursor = 0;

  constructor(pool: OrderPool, capacity: number) {
    this.#pool = pool;
    let places = FEWEST;
    while (places < capacity * 2) places *= 2;
    this.#table = new Int32Array(places * 2);
    this.#mask = places - 1;
  }

  /** The slot of an order, or 0. */
  find(id: number): number {
    const place = this.#place(this.#table, this.#mask, id);
    if (place >= 0) return this.#table[place * 2 + 1] as number;
    if (this.#old === undefined) return 0;
    const oldPlace = this.#place(this.#old, this.#oldMask, id);
    return oldPlace < 0 ? 0 : (this.#old[oldPlace * 2 + 1] as number);
  }

  /** Adds an order whose id is in the pool already. */
  add(slot: number): void {
    if (this.#old !== undefined) this.#drain();
    else if ((this.#count + 1) * 2 > this.#mask + 1) this.#grow();
    insert(this.#table, this.#mask, this.#pool.id(slot) | 0, slot);
    this.#count += 1;
  }

  remove(id: number): void {
    const place = this.#place(this.#table, this.#mask, id);
    if (place >= 0) {
      shiftBack(this.#table, this.#mask, place);
      this.#count -= 1;
    } else if (this.#old !== undefined) {
      const oldPlace = this.#place(this.#old, this.#oldMask, id);
      if (oldPlace >= 0) {
        shiftBack(this.#old, this.#oldMask, oldPlace);
        this.#oldCount -= 1;
      }
    }
    if (this.#old !== undefined) this.#drain();
  }

  #place(table: Int32Array, mask: number, id: number): number {
    const key = id | 0;
    let place = home(key, mask);
    let slot = table[place * 2 + 1] as number;
    while (slot !== 0) {
      if (table[place * 2] === key && this.#pool.id(slot) === id) return place;
      place = (place + 1) & mask;
      slot = table[place * 2 + 1] as number;
    }
    return -1;
  }

  #grow(): void {
    this.#old = this.#table;
    this.#oldMask = this.#mask;
    this.#oldCount = this.#count;
    this.#cursor = 0;
    this.#mask = this.#mask * 2 + 1;
    this.#table = new Int32Array((this.#mask + 1) * 2);
    this.#count = 0;
    this.#drain();
  }

  /** Moves a few entries; more each time than can be added, so that the old table is empty before the new one is full. */
  #drain(): void {
    const old = this.#old as Int32Array;
    for (let step = 0; step < 8 && this.#oldCount > 0; ) {
      const slot = old[this.#cursor * 2 + 1] as number;
      if (slot === 0) {
        this.#cursor += 1;
        continue;
      }
      insert(this.#table, this.#mask, old[this.#cursor * 2] as number, slot);
      this.#count += 1;
      // What shifts into the cursor's place is moved next: the cursor stays.
      shiftBack(old, this.#oldMask, this.#cursor);
      this.#oldCount -= 1;
      step += 1;
    }
    if (this.#oldCount === 0) this.#old = undefined;
  }
}

/** Where a key belongs. Ids are counters: multiplying by a large odd number spreads neighbours. */
const home = (key: number, mask: number): number => (Math.imul(key, 0x9e3779b1) >>> 7) & mask;

const insert = (table: Int32Array, mask: number, key: number, slot: number): void => {
  let place = home(key, mask);
  while (table[place * 2 + 1] !== 0) place = (place + 1) & mask;
  table[place * 2] = key;
  table[place * 2 + 1] = slot;
};

/** Empties a place and closes the gap, so that no search stops before its entry. */
const shiftBack = (table: Int32Array, mask: number, emptied: number): void => {
  let hole = emptied;
  let place = (hole + 1) & mask;
  while (table[place * 2 + 1] !== 0) {
    const wanted = home(table[place * 2] as number, mask);
    // The entry may move to the hole unless its home lies behind the hole, cyclically.
    if (((place - wanted) & mask) >= ((place - hole) & mask)) {
      table[hole * 2] = table[place * 2] as number;
      table[hole * 2 + 1] = table[place * 2 + 1] as number;
      hole = place;
    }
    place = (place + 1) & mask;
  }
  table[hole * 2 + 1] = 0;
};

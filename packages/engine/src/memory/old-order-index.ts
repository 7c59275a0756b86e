import { powerOfTwoFrom } from "../whole-number.ts";
import { OrderIdTable } from "./order-id-table.ts";
import type { OrderPool } from "./order-pool.ts";

/** Entries for each order, at least: at 2, searches that meet others' entries made the whole engine 5 % slower. */
const ENTRIES_PER_ORDER = 4;
/** Entries of the old table that each change looks at while the new one takes over. */
const MOVED_AT_A_TIME = 16;

/**
 * Where the order with an id rests, for ids in no particular order. Grows without a pause: when the table is a quarter full, one of twice the size takes
 * over, and each change moves a few entries of the old one. Moving a million at once would take 70 to 100 ms.
 */
export class OldOrderIndex {
  private readonly orders: OrderPool;
  private table: OrderIdTable;
  private retiring: OrderIdTable | undefined;
  /** Entries of the retiring table below this number are empty. */
  private moved = 0;
  /** How many orders have an entry. */
  count = 0;

  constructor(orders: OrderPool, capacity: number) {
    this.orders = orders;
    this.table = new OrderIdTable(
      orders,
      powerOfTwoFrom(Math.max(capacity, 8) * ENTRIES_PER_ORDER),
    );
  }

  /** The slot of an order; 0 if it does not rest. */
  find(id: number): number {
    const slot = this.table.find(id);
    return slot === 0 && this.retiring !== undefined ? this.retiring.find(id) : slot;
  }

  /** Adds an order, whose id is in the pool already. */
  add(slot: number): void {
    if (this.retiring !== undefined) this.moveSome(this.retiring);
    else if (this.count * ENTRIES_PER_ORDER >= this.table.capacity) this.grow();
    this.table.insert(slot);
    this.count += 1;
  }

  /** Removes an order, whose id is still in the pool. */
  remove(slot: number): void {
    if (!this.table.remove(slot)) this.retiring?.remove(slot);
    this.count -= 1;
  }

  private grow(): void {
    this.retiring = this.table;
    this.table = new OrderIdTable(this.orders, this.table.capacity * 2);
    this.moved = 0;
  }

  /** The new table has room for a quarter as many additions as the old one has entries, each of which calls this: it ends before. */
  private moveSome(retiring: OrderIdTable): void {
    for (let looked = 0; looked < MOVED_AT_A_TIME; looked += 1) {
      if (this.moved === retiring.capacity) {
        this.retiring = undefined;
        return;
      }
      const slot = retiring.slotAt(this.moved);
      if (slot === 0) {
        this.moved += 1;
      } else {
        // Another entry may move back to where this one was: the place is looked at again.
        retiring.removeAt(this.moved);
        this.table.insert(slot);
      }
    }
  }
}

import type { OrderPool } from "./order-pool.ts";

/** Orders of one kind that stand in no queue, or are looked through as a whole: by the row of their market, oldest first. */
export class OrdersByRow {
  private readonly orders: OrderPool;
  private readonly byRow: Map<number, number[]> = new Map();

  constructor(orders: OrderPool) {
    this.orders = orders;
  }

  add(row: number, slot: number): void {
    const slots = this.byRow.get(row) ?? [];
    const id = this.orders.id(slot);
    let at = slots.length;
    // Most are the youngest when they come.
    while (at > 0 && this.orders.id(slots[at - 1] as number) > id) at -= 1;
    if (at === slots.length) slots.push(slot);
    else slots.splice(at, 0, slot);
    this.byRow.set(row, slots);
  }

  /** It need not be there. */
  remove(row: number, slot: number): void {
    const slots = this.byRow.get(row);
    const at = slots === undefined ? -1 : slots.indexOf(slot);
    if (slots === undefined || at < 0) return;
    slots.splice(at, 1);
    if (slots.length === 0) this.byRow.delete(row);
  }

  /** Not to be kept across a change. */
  of(row: number): readonly number[] {
    return this.byRow.get(row) ?? NO_ORDERS;
  }
}

const NO_ORDERS: readonly number[] = [];

import type { OrderList } from "./order-list.ts";

/** The lists there are, by their id, and which of their pending orders are due. */
export class OrderLists {
  private readonly byId: Map<number, OrderList> = new Map();
  /** Ids of orders by the row of their market, the lowest first. */
  private readonly dueByRow: Map<number, number[]> = new Map();

  get count(): number {
    return this.byId.size;
  }

  add(list: OrderList): void {
    this.byId.set(list.id, list);
  }

  /** `undefined` if there is no such list, or no more: 0 is none. */
  find(id: number): OrderList | undefined {
    return id === 0 ? undefined : this.byId.get(id);
  }

  remove(list: OrderList): void {
    this.byId.delete(list.id);
    for (const id of list.legs) this.settle(list.row, id);
  }

  /** The working order has ended as it must: its list's pending orders are to be activated. */
  callFor(list: OrderList): void {
    const due = [...(this.dueByRow.get(list.row) ?? []), ...list.legs];
    this.dueByRow.set(
      list.row,
      due.sort((one, other) => one - other),
    );
  }

  /** The order that is to be activated next in a market; 0 if none is. */
  nextDue(row: number): number {
    return this.dueByRow.get(row)?.[0] ?? 0;
  }

  /** An order is no longer due. */
  settle(row: number, orderId: number): void {
    const due = this.dueByRow.get(row)?.filter((id) => id !== orderId) ?? [];
    if (due.length === 0) this.dueByRow.delete(row);
    else this.dueByRow.set(row, due);
  }

  /** Those of a market, by id. */
  of(row: number): OrderList[] {
    return [...this.byId.values()]
      .filter((list) => list.row === row)
      .sort((one, other) => one.id - other.id);
  }
}

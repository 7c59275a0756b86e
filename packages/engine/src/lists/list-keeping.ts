import { Sizing } from "../commands/command.ts";
import { DoneReason } from "../done-reason.ts";
import type { IncomingOrder } from "../incoming-order.ts";
import type { OrderBooks } from "../order-books.ts";
import { OrderType } from "../order-type.ts";
import { brokenNotionalRule, brokenQuantityRule } from "../rules/placement-rules.ts";
import { Side } from "../side.ts";
import type { OrderList } from "./order-list.ts";

/** Has the orders of a list end, or become due, as the others trade, are triggered and end. */
export class ListKeeping {
  private readonly books: OrderBooks;
  /** Ends an open order, and tells so. */
  private readonly end: (slot: number, reason: number) => void;

  constructor(books: OrderBooks, end: (slot: number, reason: number) => void) {
    this.books = books;
    this.end = end;
  }

  /** An order of a list has traded so many lots, and has so many left; should it end with that, `ended` follows. */
  traded(listId: number, orderId: number, trade: ListTrade): void {
    const list = this.books.lists.find(listId);
    if (list === undefined) return;
    if (list.working === orderId) {
      list.lots += trade.lots;
      list.notional += trade.lots * trade.price;
    } else if (trade.remaining > 0) {
      this.endOthers(list, orderId);
    }
  }

  /** The price that an order waited for was reached. Answers whether it was a pair's, and is by itself now. */
  triggered(listId: number, orderId: number): boolean {
    const list = this.books.lists.find(listId);
    if (list === undefined || list.working === orderId) return false;
    this.endOthers(list, orderId);
    return true;
  }

  /** An order has ended; its events have been told. */
  ended(listId: number, orderId: number, reason: number): void {
    const { lists } = this.books;
    const list = lists.find(listId);
    if (list === undefined) return;
    if (list.working === orderId && calls(list, reason)) {
      list.working = 0;
      lists.callFor(list);
    } else {
      this.endOthers(list, orderId);
    }
  }

  /** A due order comes in now. The last one of a list is an order like any other then. */
  activated(list: OrderList, order: IncomingOrder): void {
    const { lists } = this.books;
    lists.settle(list.row, order.orderId);
    if (list.legs.length > 1) return;
    lists.remove(list);
    order.leaveList();
  }

  private endOthers(list: OrderList, orderId: number): void {
    const { lists, index, conditions } = this.books;
    lists.remove(list);
    for (const id of [list.working, ...list.legs]) {
      const slot = id === 0 ? 0 : index.find(id);
      if (slot === 0) continue;
      if (id === orderId) conditions.leaveList(slot);
      else this.end(slot, DoneReason.list_ended);
    }
  }
}

/** What an order of a list has traded. */
export interface ListTrade {
  readonly lots: number;
  readonly price: number;
  /** Lots that it has left. */
  readonly remaining: number;
}

/** Whether a working order that ends calls for the pending ones. */
const calls = (list: OrderList, reason: number): boolean =>
  list.sizing === Sizing.received
    ? list.lots > 0
    : reason === DoneReason.filled || reason === DoneReason.budget_spent;

/** Gives a pending order the size of what its list's working order, which was on the other side, has received. Answers whether its market allows so little. */
export const sizeByReceived = (
  order: IncomingOrder,
  { lots, notional }: OrderList,
  { markets }: OrderBooks,
): boolean => {
  const increment = markets.quantityIncrement(order.row);
  const isRaised = order.side === Side.buy;
  if (isRaised && order.type === OrderType.market) {
    order.quoteQuantity = notional;
    return notional >= markets.minNotional(order.row);
  }
  // Both divisions are exact: see `isMultipleOf`.
  const affordable = isRaised ? Math.floor(notional / order.price) : lots;
  const most = Math.min(affordable, markets.maxQuantity(order.row));
  order.quantity = Math.floor(most / increment) * increment;
  return (
    brokenQuantityRule(order, markets) === 0 &&
    (order.type !== OrderType.limit || brokenNotionalRule(order, markets) === 0)
  );
};

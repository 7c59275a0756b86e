import type { EventRegister } from "./events/event-register.ts";

/**
 * Whether an order may become live: a venue answers it with balances and holds.
 *
 * Asked synchronously, once an order has broken no rule, with the `accepted` event that it would get. Answer 0 for yes, or a
 * code from 1000 on, which the `rejected` event then carries; the order has then left no trace, and its id goes to the next.
 */
export interface Admission {
  /**
   * `order` is the event that it would get: `accepted`, or, when it needs more later on, `triggered`, `amended`, `activated` or
   * `repegged`. Of an order list, `list` is its `list_accepted`: its orders are asked for one after the other, and only one of a pair
   * will ever trade.
   */
  admit(order: EventRegister, list?: EventRegister): number;
  /** An order of a list that was admitted is not placed after all, because another one of the list was refused. */
  withdraw?(orderId: number): void;
}

import type { EventRegister } from "./events/event-register.ts";

/**
 * Whether an order may become live: a venue answers it with balances and holds.
 *
 * Asked synchronously, once an order has broken no rule, with the `accepted` event that it would get. Answer 0 for yes, or a
 * code from 1000 on, which the `rejected` event then carries; the order has then left no trace, and its id goes to the next.
 */
export interface Admission {
  admit(order: EventRegister): number;
}

import type { IncomingOrder } from "../incoming-order.ts";
import type { OrderBooks } from "../order-books.ts";
import { allowsCancelling } from "../phases/phase-rules.ts";
import { REJECTIONS } from "../rejection.ts";
import { isMultipleOf } from "../whole-number.ts";

/** The number of the first rule that a reduction of a resting order breaks; 0 if it breaks none. */
export const brokenReductionRule = (
  order: IncomingOrder,
  books: OrderBooks,
  slot: number,
): number => {
  if (books.isWaiting(slot)) return REJECTIONS.order_is_waiting.number;
  if (!allowsCancelling(books.markets.phase(order.row))) return REJECTIONS.phase_forbids.number;
  if (!(order.quantity > 0)) return REJECTIONS.quantity_must_be_positive.number;
  if (order.quantity >= books.remainingOf(slot)) return REJECTIONS.quantity_above_maximum.number;
  if (!isMultipleOf(order.quantity, books.markets.quantityIncrement(order.row)))
    return REJECTIONS.quantity_off_increment.number;
  return 0;
};

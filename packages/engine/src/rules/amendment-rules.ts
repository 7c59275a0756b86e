import { pegOf } from "../conditions/condition-layout.ts";
import { Peg } from "../conditions/conditions.ts";
import type { IncomingOrder } from "../incoming-order.ts";
import type { OrderBooks } from "../order-books.ts";
import { allowsAmending } from "../phases/phase-rules.ts";
import { REJECTIONS } from "../rejection.ts";
import { brokenNotionalRule, brokenPriceRule, brokenQuantityRule } from "./placement-rules.ts";
import { brokenCollarRule } from "./protection-rules.ts";

/** The number of the first rule that a new price and quantity of a resting order break; 0 if they break none. */
export const brokenAmendmentRule = (
  order: IncomingOrder,
  books: OrderBooks,
  slot: number,
): number => {
  const { markets } = books;
  if (books.isWaiting(slot)) return REJECTIONS.order_is_waiting.number;
  if (pegOf(books.conditions.flags(slot)) !== Peg.none) return REJECTIONS.order_is_pegged.number;
  if (!allowsAmending(markets.phase(order.row))) return REJECTIONS.phase_forbids.number;
  const broken =
    brokenPriceRule(order, markets) ||
    brokenQuantityRule(order, markets) ||
    brokenNotionalRule(order, markets) ||
    (order.price === books.priceOf(slot) ? 0 : brokenCollarRule(order, markets));
  if (broken !== 0) return broken;
  if (order.quantity <= books.orders.quantity(slot) - books.remainingOf(slot))
    return REJECTIONS.quantity_already_filled.number;
  if (!keepsItsPlace(order, books, slot) && books.couldOverfill(order.row))
    return REJECTIONS.level_quantity_above_maximum.number;
  return 0;
};

/** An order keeps its place in the queue if its price stays and its quantity does not grow. */
export const keepsItsPlace = (order: IncomingOrder, books: OrderBooks, slot: number): boolean =>
  order.price === books.priceOf(slot) && order.quantity <= books.orders.quantity(slot);

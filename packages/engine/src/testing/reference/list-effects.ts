import type { AddMarket, OrderTerms } from "../../commands/command.ts";
import type { DoneReasonName } from "../../done-reason.ts";
import type { Order } from "./order.ts";
import { brokenNotionalRule } from "./placement-rules.ts";

const isWorking = ({ list, orderId }: Order): boolean =>
  list !== undefined && list.contingency !== "oco" && list.listId === orderId;

/** Two that wait for the same working order are called so, too: as long as they do, neither can trade or be triggered. */
export const isOfPair = (order: Order): boolean =>
  order.list !== undefined && order.list.contingency !== "oto" && !isWorking(order);

/** Whether the end of an order is what the pending orders of its list wait for, and not the end of them. */
export const makesDue = (order: Order, reason: DoneReasonName): boolean => {
  if (order.list === undefined || !isWorking(order)) return false;
  if (order.list.sizing === "received") return order.list.lots > 0;
  return reason === "filled" || reason === "budget_spent";
};

/** Has a list know of a trade, if it is its working order's. */
export const noteTrade = (order: Order, quantity: number, price: number): void => {
  if (order.list === undefined || !isWorking(order)) return;
  order.list.lots += quantity;
  order.list.notional += quantity * price;
};

/** How much a pending order that is activated is for. */
export type Size = Pick<OrderTerms, "quantity" | "quoteQuantity">;

/** What the order came with, or what its list's working order has received; undefined if that is below the market's minimum. */
export const sizeOf = (order: Order, rules: AddMarket): Size | undefined => {
  const { list, quantity, quoteQuantity } = order;
  if (list === undefined || list.sizing === "fixed") return { quantity, quoteQuantity };
  // After a working sell the order buys, with what that has raised.
  if (order.side === "sell") return sizeInLots(list.lots, order, rules);
  if (order.type === "limit") {
    return sizeInLots(Number(BigInt(list.notional) / BigInt(order.price)), order, rules);
  }
  return list.notional < rules.minNotional
    ? undefined
    : { quantity: 0, quoteQuantity: list.notional };
};

const sizeInLots = (received: number, order: Order, rules: AddMarket): Size | undefined => {
  const lots = Math.min(received, rules.maxQuantity);
  const quantity = lots - (lots % rules.quantityIncrement);
  if (quantity === 0 || quantity < rules.minQuantity) return undefined;
  const isTooCheap =
    order.type === "limit" && brokenNotionalRule(order.price, quantity, rules) !== undefined;
  return isTooCheap ? undefined : { quantity, quoteQuantity: 0 };
};

import type { Order } from "./holdings.ts";

/** What the exchange says of an order beside what was asked for. */
const NOT_ASKED: ReadonlySet<string> = new Set([
  "id",
  "clientOrderId",
  "market",
  "quoteQuantity",
  "executedQuantity",
  "executedQuoteQuantity",
  "preventedQuantity",
  "listId",
  "status",
  "state",
  "reason",
  "placedAt",
  "updatedAt",
  "sequence",
]);

/** An order like another one, at a price and for a quantity of its own: what is sent to put it in the other's place. */
export const replacementOf = (
  order: Order,
  change: { readonly price?: string; readonly quantity?: string },
): object => {
  const terms = Object.entries(order).filter(
    ([name, value]) => !NOT_ASKED.has(name) && value !== null,
  );
  // Both or neither: an order that cannot be replaced is still there.
  return { ...Object.fromEntries(terms), ...change, onFailure: "stop" };
};

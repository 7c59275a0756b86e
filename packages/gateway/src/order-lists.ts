import type { OrderView, Views } from "@pincex/venue/views";

/** All lists that an account has orders of, by ascending id, as far as their orders are retained. */
export const listsOf = (views: Views, account: number): OrderView[][] => {
  const lists = new Map<number, OrderView[]>();
  for (const order of views.orders(account, { limit: Number.MAX_SAFE_INTEGER })) {
    if (order.listId === 0) continue;
    const orders = lists.get(order.listId) ?? [];
    lists.set(order.listId, orders);
    orders.push(order);
  }
  return [...lists.values()];
};

/** A list is open as long as one of its orders is. */
export const isOpenList = (orders: readonly OrderView[]): boolean =>
  orders.some(({ status }) => status === "open");

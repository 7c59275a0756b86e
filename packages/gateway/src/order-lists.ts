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

/** The order itself, or all that its list still has. */
export const ordersPlacedWith = (
  { orderId, listId }: OrderView,
  account: number,
  views: Views,
): OrderView[] => {
  if (listId !== 0) return listWithId(views, account, listId) ?? [];
  const order = views.order(account, { orderId });
  return order === undefined ? [] : [order];
};

/** The orders of a list, by the venue's id; undefined if none of them is retained. */
export const listWithId = (
  views: Views,
  account: number,
  listId: number,
): OrderView[] | undefined => {
  const orders = LEGS.flatMap(
    (leg) => views.order(account, { orderId: listId + leg }) ?? [],
  ).filter((order) => order.listId === listId);
  return orders.length === 0 ? undefined : orders;
};

/** A list has the id of its first order; those of the others follow. */
const LEGS = [0, 1, 2] as const;

/** The orders of a list, by the account's own name for it; of several that have had the name, the newest. */
export const listWithName = (
  views: Views,
  account: number,
  name: string,
): OrderView[] | undefined =>
  listsOf(views, account).findLast((orders) => orders[0]?.clientListId === name);

/** A list is open as long as one of its orders is. */
export const isOpenList = (orders: readonly OrderView[]): boolean =>
  orders.some(({ status }) => status === "open");

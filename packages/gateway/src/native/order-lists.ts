import type { OrderView } from "@pincex/venue/views";
import { isOpenList } from "../order-lists.ts";
import { ordersPlacedWith } from "../outcome.ts";
import { orderMessage, timeText } from "./messages.ts";
import { type AccountCall, marketOf } from "./native-services.ts";
import { idIn } from "./order-names.ts";
import { Problem } from "./problem.ts";

/** The orders of a list, by the list's id; as many of them as are retained. */
export const listNamed = ({ views, principal }: AccountCall, name: string): OrderView[] => {
  const { account } = principal;
  const listId = idIn(name);
  // The first may be no longer retained where another one still is.
  const any = [0, 1, 2]
    .map((leg) => views.order(account, { orderId: listId + leg }))
    .find((order) => order?.listId === listId);
  if (any === undefined) throw listUnknown();
  return ordersPlacedWith(any, account, views);
};

export const listMessage = (call: AccountCall, orders: readonly OrderView[]): object => {
  const [first] = orders as [OrderView, ...OrderView[]];
  return {
    id: String(first.listId),
    clientListId: first.clientListId ?? null,
    contingency: first.contingency ?? null,
    market: marketOf(call, first).market.symbol,
    status: isOpenList(orders) ? "open" : "closed",
    placedAt: timeText(first.placedAt),
    orders: orders.map((order) => orderMessage(marketOf(call, order), order)),
  };
};

const listUnknown = (): Problem =>
  new Problem(
    404,
    "order_list_unknown",
    "id",
    "The list is the account's own, with an order that is open or among its most recently closed ones.",
  );

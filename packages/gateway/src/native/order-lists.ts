import type { OrderView } from "@pincex/venue/views";
import { isOpenList, listWithId } from "../order-lists.ts";
import { orderMessage, timeText } from "./messages.ts";
import { type AccountCall, marketOf } from "./native-services.ts";
import { idIn } from "./order-names.ts";
import { Problem } from "./problem.ts";

/** The orders of a list, by the list's id; as many of them as are retained. */
export const listNamed = ({ views, principal }: AccountCall, name: string): OrderView[] => {
  const orders = listWithId(views, principal.account, idIn(name));
  if (orders === undefined) throw listUnknown();
  return orders;
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

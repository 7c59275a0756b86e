import type { OrderView } from "@pincex/venue/views";
import { isOpenList, listsOf, listWithId, ordersPlacedWith } from "../../order-lists.ts";
import { BinanceError, eitherParameterMissing, translated } from "../error.ts";
import { listMessage, listShownAs, shownListName } from "../list-message.ts";
import type { SignedCall, SignedMethod } from "../method.ts";
import { cancelMessage } from "../order-message.ts";

export const listStatusQuery: SignedMethod = {
  routes: ["GET /api/v3/orderList"],
  name: "orderList.status",
  weight: 4,
  security: "read",
  run: (call) => {
    const orders = listOf(call, "origClientOrderId");
    if (orders === undefined) {
      throw new BinanceError(
        400,
        -2013,
        "Order list does not exist.",
        "orderListId",
        "order_list_unknown",
      );
    }
    return messageOf(call, orders);
  },
};

export const openLists: SignedMethod = {
  routes: ["GET /api/v3/openOrderList"],
  name: "openOrderLists.status",
  weight: 6,
  security: "read",
  run: (call) =>
    listsOf(call.views, call.principal.account)
      .filter(isOpenList)
      .map((orders) => messageOf(call, orders)),
};

export const allLists: SignedMethod = {
  routes: ["GET /api/v3/allOrderList"],
  name: "allOrderLists",
  weight: 20,
  security: "read",
  run: (call) => {
    const { parameters } = call;
    const fromId = parameters.optionalInteger("fromId");
    const startTime = parameters.optionalInteger("startTime") ?? 0;
    const endTime = parameters.optionalInteger("endTime") ?? Number.POSITIVE_INFINITY;
    const limit = parameters.limit(500, 1_000);
    const lists = listsOf(call.views, call.principal.account).filter(([first]) => {
      const { listId, placedAt } = first as OrderView;
      return listId >= (fromId ?? 0) && placedAt >= startTime && placedAt <= endTime;
    });
    const fromTheStart = fromId !== undefined || startTime > 0;
    const chosen = fromTheStart ? lists.slice(0, limit) : lists.slice(-limit);
    return chosen.map((orders) => messageOf(call, orders));
  },
};

export const listCancel: SignedMethod = {
  routes: ["DELETE /api/v3/orderList"],
  name: "orderList.cancel",
  weight: 1,
  security: "trade",
  isNeverLimited: true,
  run: async (call) => {
    const { parameters, principal, orders, views } = call;
    const numbers = parameters.market();
    const cancelName = parameters.clientOrderId("newClientOrderId");
    const list = listOf(call, "listClientOrderId");
    // A pending order ends the working one with it, whatever that has traded.
    const last = list?.findLast(({ status }) => status === "open");
    if (last === undefined || last.market !== numbers.market.market) throw unknownList();
    const cancelled = await orders.cancelList(principal.account, last);
    if (!cancelled.ok) throw translated(cancelled);
    const ended = ordersPlacedWith(last, principal.account, views);
    return {
      ...listMessage(numbers, ended, cancelled.at),
      orderReports: ended.map((order) =>
        cancelMessage(numbers, order, cancelName ?? `cancel-${order.orderId}`, views),
      ),
    };
  },
};

const unknownList = (): BinanceError =>
  new BinanceError(400, -2011, "Unknown order list sent.", "orderListId", "order_list_unknown");

/** The list that a call means, by its number or by a name; of two that have the name, the newer. */
const listOf = (call: SignedCall, nameParameter: string): OrderView[] | undefined => {
  const { parameters } = call;
  const listId = parameters.optionalInteger("orderListId");
  const name = parameters.clientOrderId(nameParameter);
  if (listId === undefined && name === undefined) {
    throw eitherParameterMissing(nameParameter, "orderListId");
  }
  const { account } = call.principal;
  if (listId === undefined) return listShownAs(call.views, account, name ?? "");
  const orders = listWithId(call.views, account, listId);
  const isNamed = orders?.[0] !== undefined && [undefined, shownListName(orders[0])].includes(name);
  return isNamed ? orders : undefined;
};

const messageOf = ({ markets }: SignedCall, orders: readonly OrderView[]): object => {
  const [first] = orders as [OrderView, ...OrderView[]];
  const numbers = markets.find(first.market);
  if (numbers === undefined) throw new Error(`expected market ${first.market} in the views`);
  return listMessage(numbers, orders, first.placedAt);
};

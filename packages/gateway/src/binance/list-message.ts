import type { OrderView, Views } from "@pincex/venue/views";
import type { MarketNumbers } from "../market-numbers.ts";
import { isOpenList, listWithId, listWithName } from "../order-lists.ts";
import { shownClientOrderId } from "./order-message.ts";
import { binanceSymbol } from "./symbol.ts";

/** A list without a name of its own is shown under one. */
export const shownListName = ({ clientListId, listId }: OrderView): string =>
  clientListId ?? `pincex-list-${listId}`;

const SHOWN_NAME = /^pincex-list-([1-9][0-9]{0,15})$/;

/** The list that is shown under a name: one for which it was made up, or the account's newest that was given it. */
export const listShownAs = (
  views: Views,
  account: number,
  name: string,
): OrderView[] | undefined => {
  const nameless = listWithId(views, account, Number(SHOWN_NAME.exec(name)?.[1] ?? 0));
  const isShown = nameless?.[0] !== undefined && shownListName(nameless[0]) === name;
  return isShown ? nameless : listWithName(views, account, name);
};

/** Binance has no word of its own for a list that triggers a pair. */
const contingencyType = ({ contingency }: OrderView): string =>
  contingency === "oco" ? "OCO" : "OTO";

/** As `GET /api/v3/orderList` answers, of the orders that the list still has. */
export const listMessage = (
  numbers: MarketNumbers,
  orders: readonly OrderView[],
  transactionTime: number,
): object => {
  const [first] = orders as [OrderView, ...OrderView[]];
  return {
    orderListId: first.listId,
    contingencyType: contingencyType(first),
    listStatusType: isOpenList(orders) ? "EXEC_STARTED" : "ALL_DONE",
    listOrderStatus: isOpenList(orders) ? "EXECUTING" : "ALL_DONE",
    listClientOrderId: shownListName(first),
    transactionTime,
    symbol: binanceSymbol(numbers.market),
    orders: orders.map((order) => ({
      symbol: binanceSymbol(numbers.market),
      orderId: order.orderId,
      clientOrderId: shownClientOrderId(order),
    })),
  };
};

/** The user stream's event of a list that begins, or that is done. */
export const listStatus = (
  numbers: MarketNumbers,
  orders: readonly OrderView[],
  views: Views,
): object => {
  const [first] = orders as [OrderView, ...OrderView[]];
  const at = Math.max(...orders.map(({ updatedAt }) => updatedAt));
  return {
    e: "listStatus",
    E: views.time,
    s: binanceSymbol(numbers.market),
    g: first.listId,
    c: contingencyType(first),
    l: isOpenList(orders) ? "EXEC_STARTED" : "ALL_DONE",
    L: isOpenList(orders) ? "EXECUTING" : "ALL_DONE",
    r: "NONE",
    C: shownListName(first),
    T: at,
    O: orders.map((order) => ({
      s: binanceSymbol(numbers.market),
      i: order.orderId,
      c: shownClientOrderId(order),
    })),
  };
};

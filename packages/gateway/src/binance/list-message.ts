import type { OrderView, Views } from "@pincex/venue/views";
import type { MarketNumbers } from "../market-numbers.ts";
import { isOpenList } from "../order-lists.ts";
import { shownClientOrderId } from "./order-message.ts";
import { binanceSymbol } from "./symbol.ts";

/** A list without a name of its own is shown under one. */
export const shownListName = ({ clientListId, listId }: OrderView): string =>
  clientListId ?? `pincex-list-${listId}`;

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

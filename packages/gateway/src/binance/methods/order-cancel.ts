import type { OrderView } from "@pincex/venue/views";
import type { MarketNumbers } from "../../market-numbers.ts";
import type { OrderName } from "../../new-order.ts";
import { BinanceError, eitherParameterMissing, parameterInvalid, translated } from "../error.ts";
import { listMessage } from "../list-message.ts";
import type { SignedCall, SignedMethod } from "../method.ts";
import { cancelMessage, orderIdOfShownName } from "../order-message.ts";
import type { Parameters } from "../parameters.ts";

export const orderCancel: SignedMethod = {
  routes: ["DELETE /api/v3/order"],
  name: "order.cancel",
  weight: 1,
  security: "trade",
  isNeverLimited: true,
  run: async (call) => {
    const { parameters, principal, orders, views } = call;
    const numbers = parameters.market();
    const name = orderNameIn(call);
    const cancelName = parameters.clientOrderId("newClientOrderId");
    checkRestrictions(call, name);
    const cancelled = await orders.cancel(principal.account, numbers.market.market, name);
    if (!cancelled.ok) throw translated(cancelled);
    const { order } = cancelled;
    return cancelMessage(numbers, order, cancelName ?? `cancel-${order.orderId}`, views);
  },
};

export const openOrdersCancelAll: SignedMethod = {
  routes: ["DELETE /api/v3/openOrders"],
  name: "openOrders.cancelAll",
  weight: 1,
  security: "trade",
  isNeverLimited: true,
  run: async (call) => {
    const { parameters, principal, orders } = call;
    const numbers = parameters.market();
    const cancelled = await orders.cancelAll(principal.account, numbers.market.market);
    if (!cancelled.ok) throw translated(cancelled);
    if (cancelled.orders.length === 0) {
      throw new BinanceError(400, -2011, "Unknown order sent.", "symbol", "no_open_orders");
    }
    return cancelledMessages(call, numbers, cancelled.orders);
  },
};

/** Orders by themselves one by one, those of a list with it. */
const cancelledMessages = (
  { views }: SignedCall,
  numbers: MarketNumbers,
  orders: readonly OrderView[],
): object[] => {
  const alone = orders.filter(({ listId }) => listId === 0);
  const listIds = new Set(orders.map(({ listId }) => listId).filter((listId) => listId !== 0));
  const message = (order: OrderView): object =>
    cancelMessage(numbers, order, `cancel-${order.orderId}`, views);
  const lists = Array.from(listIds, (listId) => {
    const legs = orders.filter((order) => order.listId === listId);
    const at = legs[0]?.updatedAt ?? 0;
    return { ...listMessage(numbers, legs, at), orderReports: legs.map(message) };
  });
  return [...alone.map(message), ...lists];
};

interface NameParameters {
  readonly id: string;
  readonly clientId: string;
}

const ORDER_ID: NameParameters = { id: "orderId", clientId: "origClientOrderId" };

/** Which order a call means: by its id, by the account's own name for it, or by both. */
export const orderNameIn = (
  { parameters, principal, views }: SignedCall,
  { id, clientId }: NameParameters = ORDER_ID,
): OrderName => {
  const orderId = parameters.optionalInteger(id) ?? 0;
  const clientOrderId = parameters.clientOrderId(clientId) ?? "";
  if (orderId === 0 && clientOrderId === "") throw eitherParameterMissing(clientId, id);
  const shownFor = orderIdOfShownName(clientOrderId);
  if (shownFor === 0 || views.order(principal.account, { clientOrderId }) !== undefined) {
    return { orderId, clientOrderId };
  }
  // The name was made up for an order that has none; asking for another order with it stays a contradiction.
  return orderId === 0 || orderId === shownFor
    ? { orderId: shownFor, clientOrderId: "" }
    : { orderId, clientOrderId };
};

/** The order of a name, if there is one that both halves of it mean. */
export const orderOf = (
  { views, principal }: SignedCall,
  { orderId, clientOrderId }: OrderName,
): OrderView | undefined => {
  const order = views.order(principal.account, orderId > 0 ? { orderId } : { clientOrderId });
  const contradicted = clientOrderId !== "" && order?.clientOrderId !== clientOrderId;
  return contradicted ? undefined : order;
};

/** Throws if the order is to be cancelled only as long as it has traded, or has not. */
export const checkRestrictions = (call: SignedCall, name: OrderName): void => {
  const restriction = readRestriction(call.parameters);
  if (restriction === undefined) return;
  const order = orderOf(call, name);
  if (order === undefined) return;
  if (order.executedQuantity > 0 === (restriction === "ONLY_PARTIALLY_FILLED")) return;
  throw new BinanceError(
    400,
    -2011,
    "Order was not canceled due to cancel restrictions.",
    "cancelRestrictions",
    "cancel_restricted",
  );
};

const readRestriction = (parameters: Parameters): string | undefined =>
  parameters.optionalOneOf("cancelRestrictions", ["ONLY_NEW", "ONLY_PARTIALLY_FILLED"], () =>
    parameterInvalid("cancelRestrictions"),
  );

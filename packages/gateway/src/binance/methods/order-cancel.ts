import type { OrderName } from "../../new-order.ts";
import { BinanceError, eitherParameterMissing, parameterInvalid, translated } from "../error.ts";
import type { SignedCall, SignedMethod } from "../method.ts";
import { cancelMessage, orderIdOfShownName } from "../order-message.ts";
import type { Parameters } from "../parameters.ts";

export const orderCancel: SignedMethod = {
  routes: ["DELETE /api/v3/order"],
  name: "order.cancel",
  weight: 1,
  security: "trade",
  run: async (call) => {
    const { parameters, principal, orders } = call;
    const numbers = parameters.market();
    const name = orderNameIn(call);
    const cancelName = parameters.clientOrderId("newClientOrderId");
    checkRestrictions(call, name);
    const cancelled = await orders.cancel(principal.account, numbers.market.market, name);
    if (!cancelled.ok) throw translated(cancelled);
    const { order } = cancelled;
    return cancelMessage(numbers, order, cancelName ?? `cancel-${order.orderId}`);
  },
};

export const openOrdersCancelAll: SignedMethod = {
  routes: ["DELETE /api/v3/openOrders"],
  name: "openOrders.cancelAll",
  weight: 1,
  security: "trade",
  run: async ({ parameters, principal, orders }) => {
    const numbers = parameters.market();
    const cancelled = await orders.cancelAll(principal.account, numbers.market.market);
    if (cancelled.length === 0) {
      throw new BinanceError(400, -2011, "Unknown order sent.", "symbol", "no_open_orders");
    }
    return cancelled.map(({ order }) => cancelMessage(numbers, order, `cancel-${order.orderId}`));
  },
};

/** Which order a call means: by `orderId`, by `origClientOrderId`, or by both. */
export const orderNameIn = ({ parameters, principal, views }: SignedCall): OrderName => {
  const orderId = parameters.optionalInteger("orderId") ?? 0;
  const clientOrderId = parameters.clientOrderId("origClientOrderId") ?? "";
  if (orderId === 0 && clientOrderId === "") {
    throw eitherParameterMissing("origClientOrderId", "orderId");
  }
  const shownFor = orderIdOfShownName(clientOrderId);
  if (shownFor === 0 || views.order(principal.account, { clientOrderId }) !== undefined) {
    return { orderId, clientOrderId };
  }
  // The name was made up for an order that has none; asking for another order with it stays a contradiction.
  return orderId === 0 || orderId === shownFor
    ? { orderId: shownFor, clientOrderId: "" }
    : { orderId, clientOrderId };
};

const checkRestrictions = (
  { parameters, principal, views }: SignedCall,
  { orderId, clientOrderId }: OrderName,
): void => {
  const restriction = readRestriction(parameters);
  if (restriction === undefined) return;
  const order = views.order(principal.account, orderId > 0 ? { orderId } : { clientOrderId });
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

import { amendRejected, orderDoesNotExist, translated } from "../error.ts";
import type { SignedMethod } from "../method.ts";
import { amendedMessage } from "../order-message.ts";
import { readQuantity } from "../order-terms.ts";
import { orderNameIn, orderOf } from "./order-cancel.ts";

/** Lowers the quantity of a resting order, which keeps its place and its name. */
export const orderAmend: SignedMethod = {
  routes: ["PUT /api/v3/order/amend/keepPriority"],
  name: "order.amend.keepPriority",
  weight: 4,
  security: "trade",
  run: async (call) => {
    const { parameters, principal, orders, views } = call;
    const numbers = parameters.market();
    const order = orderOf(call, orderNameIn(call));
    const quantity = readQuantity(parameters, numbers, "newQty");
    // The venue knows an order by one name for as long as it is there; the answer says by which.
    parameters.clientOrderId("newClientOrderId");
    if (order === undefined || order.market !== numbers.market.market) throw orderDoesNotExist();
    if (quantity === order.quantity) {
      throw amendRejected("The requested action would change no state; rejecting.", "no_change");
    }
    if (quantity > order.quantity) {
      throw amendRejected(
        "Order amend (quantity increase) is not supported.",
        "quantity_would_increase",
      );
    }
    const { orderId, market, price } = order;
    const account = principal.account;
    const amended = await orders.amend({ account, market, orderId, price, quantity });
    if (!amended.ok) throw translated(amended);
    return amendedMessage(numbers, amended.order, amended.sequence, views);
  },
};

import type { OrderView } from "@pincex/venue/views";
import { orderDoesNotExist } from "../error.ts";
import type { SignedCall, SignedMethod } from "../method.ts";
import { orderMessage } from "../order-message.ts";
import { orderNameIn, orderOf } from "./order-cancel.ts";

export const orderStatus: SignedMethod = {
  routes: ["GET /api/v3/order"],
  name: "order.status",
  weight: 4,
  security: "read",
  run: (call) => {
    const numbers = call.parameters.market();
    const order = orderOf(call, orderNameIn(call));
    if (order === undefined || order.market !== numbers.market.market) throw orderDoesNotExist();
    return orderMessage(numbers, order, call.views);
  },
};

export const openOrdersStatus: SignedMethod = {
  routes: ["GET /api/v3/openOrders"],
  name: "openOrders.status",
  weight: 6,
  security: "read",
  run: (call) => {
    const numbers = call.parameters.optionalMarket();
    return messagesOf(call, call.views.openOrders(call.principal.account, numbers?.market.market));
  },
};

export const allOrders: SignedMethod = {
  routes: ["GET /api/v3/allOrders"],
  name: "allOrders",
  weight: 20,
  security: "read",
  run: (call) => {
    const { parameters, principal, views } = call;
    const numbers = parameters.market();
    const limit = parameters.limit(500, 1_000);
    const fromOrderId = parameters.optionalInteger("orderId");
    const startTime = parameters.optionalInteger("startTime") ?? 0;
    const endTime = parameters.optionalInteger("endTime") ?? Number.POSITIVE_INFINITY;
    const { market } = numbers.market;
    const orders = views
      .orders(principal.account, { market, fromOrderId, limit: ALL })
      .filter(({ placedAt }) => placedAt >= startTime && placedAt <= endTime);
    const fromTheStart = fromOrderId !== undefined || startTime > 0;
    return messagesOf(call, fromTheStart ? orders.slice(0, limit) : orders.slice(-limit));
  },
};

/** The views keep a bounded number: all of it, before filtering by time. */
const ALL = Number.MAX_SAFE_INTEGER;

const messagesOf = ({ markets, views }: SignedCall, orders: readonly OrderView[]): object[] =>
  orders.flatMap((order) => {
    const numbers = markets.find(order.market);
    return numbers === undefined ? [] : [orderMessage(numbers, order, views)];
  });

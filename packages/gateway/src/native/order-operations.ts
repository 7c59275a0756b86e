import { formatAmount } from "@pincex/ledger";
import type { MarketNumbers } from "../market-numbers.ts";
import type { NewOrderTerms } from "../new-order.ts";
import { isOpenList } from "../order-lists.ts";
import type { PlacedOrder } from "../placed-orders.ts";
import { isRefusal, type Refusal, refusal } from "../refusal.ts";
import { orderMessage, placementFillMessage, timeText } from "./messages.ts";
import { type AccountCall, marketNamed, marketOf, type NativeAnswer } from "./native-services.ts";
import { read, readNewOrder, readTerms } from "./new-order.ts";
import { listMessage, listNamed } from "./order-lists.ts";
import { orderNamed } from "./order-names.ts";
import {
  amendSchema,
  batchSchema,
  cancelAfterSchema,
  cancelAllSchema,
  cancelManySchema,
  cancelSchema,
  type NewOrderListBody,
  newOrderListSchema,
  replaceSchema,
} from "./order-schemas.ts";
import { Problem, problemOf } from "./problem.ts";
import { type OrderOp, validated } from "./schemas.ts";

/** One thing that may be asked of orders, whether by REST or over a connection. */
export type OrderOperation = (call: AccountCall, body: unknown) => Promise<NativeAnswer>;

const place: OrderOperation = async (call, body) => {
  const asked = readNewOrder(call, body);
  if (asked.order.commandId === undefined) call.refuseRepeated?.();
  return placeRead(call, asked);
};

/** What is named is done once, however often it is sent. */
const isNamed = (order: unknown): boolean =>
  typeof order === "object" && order !== null && "clientOrderId" in order;

const placeRead = async (
  call: AccountCall,
  { numbers, order }: ReturnType<typeof readNewOrder>,
): Promise<NativeAnswer> => {
  const placed = await call.orders.place(order);
  if (!placed.ok) throw problemOf(placed, amountWriter(numbers, order));
  return { status: statusOf(placed), json: placedMessage(call, numbers, placed) };
};

/** Each order by itself, in order: what is refused of one leaves the others. */
const placeBatch: OrderOperation = async (call, body) => {
  const { orders } = validated(batchSchema, body);
  if (!orders.every(isNamed)) call.refuseRepeated?.();
  const placeEach = async (order: unknown) => placeRead(call, readNewOrder(call, order));
  const results = orders.map((order) => resultOf(placeEach(order)));
  return { json: { results: await Promise.all(results) } };
};

const placeList: OrderOperation = async (call, body) => {
  const list = validated(newOrderListSchema, body);
  const { contingency, sizing = "fixed", clientListId = "", orders } = list;
  const numbers = marketNamed(call, list.market);
  const legs = orders.map((_, index) => readLeg(numbers, list, index));
  if (clientListId === "") call.refuseRepeated?.();
  const placed = await call.orders.placeList({
    account: call.principal.account,
    market: numbers.market,
    contingency,
    sizing,
    clientListId,
    legs,
    // Derived from its name, as that of a placement by itself is from its own.
    ...(clientListId === "" ? {} : { commandId: `list:${clientListId}` }),
  });
  if (!placed.ok) throw problemOf(placed, amountWriter(numbers, legs[(placed.leg ?? 1) - 1]));
  const views = placed.orders.map(({ order }) => order);
  const fills = placed.orders.flatMap((order) =>
    order.fills.map((fill) => ({
      orderId: String(order.order.orderId),
      ...placementFillMessage(numbers, fill, call.views),
    })),
  );
  return { status: statusOf(placed), json: { list: listMessage(call, views), fills } };
};

const readLeg = (
  numbers: MarketNumbers,
  { contingency, sizing, orders }: NewOrderListBody,
  index: number,
): NewOrderTerms => {
  const isSizedLater = sizing === "received" && contingency !== "oco" && index > 0;
  try {
    return readTerms(numbers, orders[index] as NewOrderListBody["orders"][0], isSizedLater);
  } catch (error) {
    if (error instanceof Problem) throw error.within(`orders.${index}`);
    throw error;
  }
};

const amend: OrderOperation = async (call, body) => {
  const { id, price, quantity } = validated(amendSchema, body);
  if (price === undefined && quantity === undefined) {
    throw new Problem(400, "field_missing", "price", "A new price, a new quantity, or both.");
  }
  const order = orderNamed(call, id);
  const numbers = marketOf(call, order);
  const asked = {
    account: order.account,
    market: order.market,
    orderId: order.orderId,
    price: read(price, "price", (text) => numbers.parsePrice(text)) || order.price,
    quantity: read(quantity, "quantity", (text) => numbers.parseQuantity(text)) || order.quantity,
  };
  // It would take back another amendment that came after it.
  call.refuseRepeated?.();
  const amended = await call.orders.amend(asked);
  if (!amended.ok) throw notOpen(amended, numbers, order);
  return { json: { order: orderMessage(numbers, amended.order) } };
};

const replace: OrderOperation = async (call, body) => {
  const { id, onFailure = "stop", ...terms } = validated(replaceSchema, body);
  const old = orderNamed(call, id);
  const numbers = marketOf(call, old);
  const order = readTerms(numbers, terms);
  const { clientOrderId } = order;
  if (clientOrderId === "") call.refuseRepeated?.();
  const replaced = await call.orders.replace({
    account: old.account,
    market: numbers.market,
    replacedOrderId: old.orderId,
    onFailure,
    ...order,
    // The new order may have the old one's name: so the old one's id is part of this one.
    ...(clientOrderId === "" ? {} : { commandId: `replace:${old.orderId}:${clientOrderId}` }),
  });
  if (!replaced.ok) throw notOpen(replaced, numbers, order);
  const { cancelled, placed } = replaced;
  return {
    status: statusOf(replaced),
    json: {
      cancelled: isRefusal(cancelled)
        ? { problem: problemOf(cancelled).document }
        : { order: orderMessage(numbers, cancelled) },
      placed: isRefusal(placed)
        ? { problem: problemOf(placed, amountWriter(numbers, order)).document }
        : placedMessage(call, numbers, placed),
    },
  };
};

const cancel: OrderOperation = async (call, body) => {
  const order = orderNamed(call, validated(cancelSchema, body).id);
  const { account, market, orderId } = order;
  const cancelled = await call.orders.cancel(account, market, { orderId, clientOrderId: "" });
  const numbers = marketOf(call, order);
  if (!cancelled.ok) throw notOpen(cancelled, numbers, order);
  return { json: { order: orderMessage(numbers, cancelled.order) } };
};

const cancelMany: OrderOperation = async (call, body) => {
  const { ids } = validated(cancelManySchema, body);
  const results = ids.map((id) => resultOf(cancel(call, { id })));
  return { json: { results: await Promise.all(results) } };
};

const cancelAll: OrderOperation = async (call, body) => {
  const { market, side } = validated(cancelAllSchema, body);
  const number = market === undefined ? 0 : marketNamed(call, market).market.market;
  const cancelled = await call.orders.cancelAll(call.principal.account, number, side);
  if (!cancelled.ok) throw problemOf(cancelled);
  const { orders } = cancelled;
  return { json: { orders: orders.map((order) => orderMessage(marketOf(call, order), order)) } };
};

const cancelList: OrderOperation = async (call, body) => {
  const { id } = validated(cancelSchema, body);
  const orders = listNamed(call, id);
  // A pending order ends the working one with it; that one's end would activate a pending order sized by what it received.
  const last = orders.findLast(({ status }) => status === "open");
  if (!isOpenList(orders) || last === undefined) throw listNotOpen();
  const cancelled = await call.orders.cancelList(call.principal.account, last);
  if (!cancelled.ok) throw problemOf(cancelled);
  return { json: { list: listMessage(call, listNamed(call, id)) } };
};

const cancelAfter: OrderOperation = async (call, body) => {
  const { timeoutMs } = validated(cancelAfterSchema, body);
  const at = timeoutMs === 0 ? 0 : Math.max(call.clock(), call.views.time) + timeoutMs;
  const set = await call.orders.cancelAllAfter(call.principal.account, at);
  if (!set.ok) throw problemOf(set);
  return { json: { cancelAt: at === 0 ? null : timeText(at) } };
};

/** Everything that may be asked of orders. */
export const ORDER_OPERATIONS: Readonly<Record<OrderOp, OrderOperation>> = {
  place,
  place_batch: placeBatch,
  place_list: placeList,
  amend,
  replace,
  cancel,
  cancel_many: cancelMany,
  cancel_all: cancelAll,
  cancel_list: cancelList,
  cancel_after: cancelAfter,
};

/** Repeated, it is an old answer and nothing new came to be. */
const statusOf = ({ repeated }: { readonly repeated: boolean }): number => (repeated ? 200 : 201);

const placedMessage = (
  { views }: AccountCall,
  numbers: MarketNumbers,
  { order, fills }: PlacedOrder,
): object => ({
  order: orderMessage(numbers, order),
  fills: fills.map((fill) => placementFillMessage(numbers, fill, views)),
});

/** One of many: what it answers, or its problem. */
const resultOf = async (answer: Promise<NativeAnswer>): Promise<unknown> => {
  try {
    return (await answer).json;
  } catch (error) {
    if (error instanceof Problem) return { problem: error.document };
    throw error;
  }
};

/** The order is there, so what can't be found is an open one. */
const notOpen = (refused: Refusal, numbers: MarketNumbers, order: { side: string }): Problem =>
  refused.code === "order_unknown" || refused.code === "order_not_open"
    ? problemOf(refusal("order_not_open", "id", "The order is open."))
    : problemOf(refused, amountWriter(numbers, order));

const listNotOpen = (): Problem =>
  problemOf(refusal("order_list_not_open", "id", "One of the list's orders is open."));

/** A buy is short of the quote asset, a sell of the base asset. */
const amountWriter =
  ({ base, quote }: MarketNumbers, order: { readonly side: string } | undefined) =>
  (units: bigint): string =>
    formatAmount(units, (order?.side === "sell" ? base : quote).decimals);

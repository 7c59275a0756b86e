import type { z } from "zod";
import { duplicateName } from "../json-literals.ts";
import type { NativeRoute, SignedNativeCall } from "./native-services.ts";
import { ORDER_OPERATIONS } from "./order-operations.ts";
import {
  amendSchema,
  batchOrdersSchema,
  cancelAfterSchema,
  cancelAllSchema,
  cancelManySchema,
  newOrderListSchema,
  newOrderSchema,
  replaceSchema,
} from "./order-schemas.ts";
import { bodyMalformed, fieldDuplicate, Problem } from "./problem.ts";
import { COUNTING_EACH, isCancel, type OrderOp, ordersIn } from "./schemas.ts";

const bodyOf = ({ body }: SignedNativeCall): unknown => {
  const value = parsedJson(body);
  const twice = duplicateName(body);
  if (twice !== undefined) throw fieldDuplicate(twice);
  return value;
};

const parsedJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    throw bodyMalformed();
  }
};

/** The path says which order: a body that does, too, might say another. */
const namedBodyOf = (call: SignedNativeCall): unknown => {
  const body = bodyOf(call);
  if (body === null || typeof body !== "object" || Array.isArray(body)) return body;
  if ("id" in body) {
    throw new Problem(400, "field_unknown", "id", "The path says which order is meant.");
  }
  return { ...body, id: call.path["id"] };
};

const nameOf = ({ path }: SignedNativeCall): unknown => ({ id: path["id"] });

const queryOf = ({ query }: SignedNativeCall): unknown => ({ ...query });

/** An operation on orders as a route: where the operation's input comes from, and what it is judged by. */
const order = (
  method: "POST" | "PATCH" | "DELETE",
  path: NativeRoute["path"],
  op: OrderOp,
  summary: string,
  read: (call: SignedNativeCall) => unknown,
  judged: { readonly body?: z.ZodType; readonly query?: z.ZodType } = {},
): NativeRoute => ({
  method,
  path,
  summary,
  ...judged,
  access: "trade",
  creates: CREATING.has(op),
  isNeverLimited: isCancel(op),
  ...(COUNTING_EACH.has(op) ? { requests: (call) => ordersIn(read(call)) } : {}),
  run: (call) => ORDER_OPERATIONS[op](call, read(call)),
});

const CREATING: ReadonlySet<OrderOp> = new Set<OrderOp>(["place", "place_list", "replace"]);

/** What the owner of a key may do. */
export const ORDER_ROUTES: readonly NativeRoute[] = [
  order("POST", "/v1/orders", "place", "Places an order.", bodyOf, { body: newOrderSchema }),
  order("POST", "/v1/orders/batch", "place_batch", "Places orders, each by itself.", bodyOf, {
    body: batchOrdersSchema,
  }),
  order("POST", "/v1/orders/cancel", "cancel_many", "Cancels orders, each by itself.", bodyOf, {
    body: cancelManySchema,
  }),
  order("PATCH", "/v1/orders/{id}", "amend", "Amends an order.", namedBodyOf, {
    body: amendSchema.omit({ id: true }),
  }),
  order(
    "POST",
    "/v1/orders/{id}/replace",
    "replace",
    "Cancels an order and places another one.",
    namedBodyOf,
    { body: replaceSchema.omit({ id: true }) },
  ),
  order("DELETE", "/v1/orders/{id}", "cancel", "Cancels an order.", nameOf),
  order("DELETE", "/v1/orders", "cancel_all", "Cancels all open orders.", queryOf, {
    query: cancelAllSchema,
  }),
  order(
    "POST",
    "/v1/order-lists",
    "place_list",
    "Places two or three orders that depend on one another, all or none.",
    bodyOf,
    { body: newOrderListSchema },
  ),
  order("DELETE", "/v1/order-lists/{id}", "cancel_list", "Cancels an order list.", nameOf),
  order(
    "POST",
    "/v1/cancel-after",
    "cancel_after",
    "Cancels all orders at a time, unless it is set again before.",
    bodyOf,
    { body: cancelAfterSchema },
  ),
];

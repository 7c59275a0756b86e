import type { NativeRoute, SignedNativeCall } from "./native-services.ts";
import { ORDER_OPERATIONS } from "./order-operations.ts";
import { Problem } from "./problem.ts";
import { isCancel, noQuerySchema, type OrderOp, validated } from "./schemas.ts";

/** What the owner of a key may do: each operation, and where its body comes from. */
export const ORDER_ROUTES: readonly NativeRoute[] = [
  order("POST", "/v1/orders", "place", bodyOf),
  order("POST", "/v1/orders/batch", "place_batch", bodyOf),
  order("POST", "/v1/orders/cancel", "cancel_many", bodyOf),
  order("PATCH", "/v1/orders/{id}", "amend", namedBodyOf),
  order("POST", "/v1/orders/{id}/replace", "replace", namedBodyOf),
  order("DELETE", "/v1/orders/{id}", "cancel", nameOf),
  order("DELETE", "/v1/orders", "cancel_all", queryOf),
  order("POST", "/v1/order-lists", "place_list", bodyOf),
  order("DELETE", "/v1/order-lists/{id}", "cancel_list", nameOf),
  order("POST", "/v1/cancel-after", "cancel_after", bodyOf),
];

function order(
  method: "POST" | "PATCH" | "DELETE",
  path: NativeRoute["path"],
  op: OrderOp,
  read: (call: SignedNativeCall) => unknown,
): NativeRoute {
  const run = (call: SignedNativeCall) => ORDER_OPERATIONS[op](call, read(call));
  return { method, path, access: "trade", isNeverLimited: isCancel(op), run };
}

function bodyOf({ query, body }: SignedNativeCall): unknown {
  validated(noQuerySchema, query);
  try {
    return JSON.parse(body);
  } catch {
    throw new Problem(400, "body_malformed", "body", "The body is JSON in UTF-8.");
  }
}

/** The path says which order: a body that does, too, might say another. */
function namedBodyOf(call: SignedNativeCall): unknown {
  const body = bodyOf(call);
  if (body === null || typeof body !== "object" || Array.isArray(body)) return body;
  if ("id" in body) {
    throw new Problem(400, "field_unknown", "id", "The path says which order is meant.");
  }
  return { ...body, id: call.path["id"] };
}

function nameOf({ query, path }: SignedNativeCall): unknown {
  validated(noQuerySchema, query);
  return { id: path["id"] };
}

function queryOf({ query }: SignedNativeCall): unknown {
  return { ...query };
}

import { z } from "zod";
import { clientOrderId, decimal, moment, symbol } from "./schemas.ts";

// The bodies of what is asked of orders. Strict: a field that is unknown may have been meant to protect somebody.

const MOST_IN_A_BATCH = 100;

/** What an order says, whatever it is placed with; the guide to the matching rules says what each field does. */
const orderTerms = {
  side: z.enum(["buy", "sell"]),
  type: z.enum(["limit", "market", "market_to_limit"]),
  /** A market order without one is immediate or cancel, another order good till cancelled. */
  timeInForce: z.enum(["gtc", "ioc", "fok", "gtd", "day", "at_open", "at_close"]).optional(),
  /** Of a limit order the limit, of a market order the worst acceptable price. */
  price: decimal.optional(),
  quantity: decimal.optional(),
  /** What a market order may spend, or shall raise. */
  quoteQuantity: decimal.optional(),
  clientOrderId: clientOrderId.optional(),
  postOnly: z.enum(["reject", "slide"]).optional(),
  selfTrade: z
    .enum(["expire_taker", "expire_maker", "expire_both", "decrement", "transfer"])
    .optional(),
  expiresAt: moment.optional(),
  displayQuantity: decimal.optional(),
  hidden: z.boolean().optional(),
  minQuantity: decimal.optional(),
  trigger: z.enum(["stop", "take_profit", "trailing_stop"]).optional(),
  triggerPrice: decimal.optional(),
  triggerOn: z.enum(["last", "mark"]).optional(),
  trailingOffset: decimal.optional(),
  trailingBasisPoints: z.int().min(1).max(9_999).optional(),
  activationPrice: decimal.optional(),
  slippage: decimal.optional(),
  allOrNone: z.boolean().optional(),
  peg: z.enum(["primary", "market", "mid"]).optional(),
  pegOffset: decimal.optional(),
} as const;

const orderTermsSchema = z.strictObject(orderTerms);

/** What an order says, as it was sent. */
export type OrderTermsBody = z.infer<typeof orderTermsSchema>;

/** The body of `POST /v1/orders`. */
export const newOrderSchema = z.strictObject({ market: symbol, ...orderTerms });

/** The body of `POST /v1/orders/batch`. Each order is checked by itself: the others are placed. */
export const batchSchema = z.strictObject({
  orders: z.array(z.unknown()).min(1).max(MOST_IN_A_BATCH),
});

/** The same as it is described: what each of the orders is checked by. */
export const batchOrdersSchema = z.strictObject({
  orders: z.array(newOrderSchema).min(1).max(MOST_IN_A_BATCH),
});

/** The body of `POST /v1/order-lists`. */
export const newOrderListSchema = z.strictObject({
  market: symbol,
  contingency: z.enum(["oco", "oto", "otoco"]),
  sizing: z.enum(["fixed", "received"]).optional(),
  clientListId: clientOrderId.optional(),
  orders: z.array(orderTermsSchema).min(2).max(3),
});

export type NewOrderListBody = z.infer<typeof newOrderListSchema>;

/** Which order is meant: the venue's id, or `client:` and the account's own. */
const orderName = z.string().min(1).max(64);

/** The body of `PATCH /v1/orders/{id}`. */
export const amendSchema = z.strictObject({
  id: orderName,
  price: decimal.optional(),
  quantity: decimal.optional(),
});

/** The body of `POST /v1/orders/{id}/replace`. */
export const replaceSchema = z.strictObject({
  id: orderName,
  /** `stop` unless told otherwise: both or neither; `allow`: what can be done. */
  onFailure: z.enum(["stop", "allow"]).optional(),
  ...orderTerms,
});

export const cancelSchema = z.strictObject({ id: orderName });

/** The body of `POST /v1/orders/cancel`. */
export const cancelManySchema = z.strictObject({
  ids: z.array(orderName).min(1).max(MOST_IN_A_BATCH),
});

/** What `DELETE /v1/orders` asks. */
export const cancelAllSchema = z.strictObject({
  market: symbol.optional(),
  side: z.enum(["buy", "sell"]).optional(),
});

/** The body of `POST /v1/cancel-after`: 0 takes it back. */
export const cancelAfterSchema = z.strictObject({
  timeoutMs: z.int().min(0).max(86_400_000),
});

import { CANDLE_INTERVALS } from "@pincex/market-data";
import { z } from "zod";
import { type Glance, glanceOf } from "./at-a-glance.ts";
import { fieldDuplicate, Problem } from "./problem.ts";

export const symbol = z.string().regex(/^[A-Z0-9-]{1,32}$/, "a market's symbol, such as BTC-USDT");

export const decimal = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,19})(\.[0-9]{1,36})?$/, 'a decimal number as a string, such as "0.10"');

export const clientOrderId = z
  .string()
  .regex(/^[a-zA-Z0-9-_.:/]{1,36}$/, "1 to 36 characters of a-z A-Z 0-9 - _ . : /");

const id = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/, "an id, such as 42")
  .transform(Number);

const limit = (most: number) =>
  z
    .string()
    .regex(/^[1-9][0-9]{0,5}$/, `1 to ${most}`)
    .transform(Number)
    .refine((value) => value <= most, `1 to ${most}`);

/** A moment: RFC 3339 with an offset, or milliseconds since 1970-01-01 UTC. */
export const moment = z
  .union([z.iso.datetime({ offset: true }), z.string().regex(/^[0-9]{1,15}$/)], {
    error: "a time such as 2026-11-24T12:00:00Z, or milliseconds since 1970-01-01",
  })
  .transform((text) => (/^[0-9]+$/.test(text) ? Number(text) : Date.parse(text)));

export const noQuerySchema = z.strictObject({});
export const bookQuerySchema = z.strictObject({ depth: limit(5_000).optional() });
export const tradesQuerySchema = z.strictObject({
  limit: limit(1_000).optional(),
  fromId: id.optional(),
});
export const candlesQuerySchema = z.strictObject({
  interval: z.enum(CANDLE_INTERVALS as [string, ...string[]]),
  from: moment.optional(),
  to: moment.optional(),
  limit: limit(1_000).optional(),
});
export const ordersQuerySchema = z.strictObject({
  market: symbol.optional(),
  status: z.enum(["open", "closed", "all"]).optional(),
  limit: limit(1_000).optional(),
  fromId: id.optional(),
  /** What the answer before called `nextCursor`; of closed orders. */
  cursor: z
    .string()
    .regex(/^[0-9]{1,16}\.[0-9]{1,16}$/, "the nextCursor of an answer before")
    .optional(),
});
export const orderListsQuerySchema = z.strictObject({
  status: z.enum(["open", "closed", "all"]).optional(),
});
export const fillsQuerySchema = z.strictObject({
  market: symbol.optional(),
  orderId: id.optional(),
  limit: limit(1_000).optional(),
  fromId: id.optional(),
});
/** What may be asked of orders over a connection, as by REST; `body` is what the body of the request would be. */
const ORDER_OPS = [
  "place",
  "place_batch",
  "place_list",
  "amend",
  "replace",
  "cancel",
  "cancel_many",
  "cancel_all",
  "cancel_list",
  "cancel_after",
] as const;

export type OrderOp = (typeof ORDER_OPS)[number];

/** Cancels, and what makes them: never limited, so that whoever is over a limit can still get out. */
export const isCancel = (op: OrderOp): boolean => op.startsWith("cancel");

/** Of these every order counts as a request. */
export const COUNTING_EACH: ReadonlySet<OrderOp> = new Set<OrderOp>(["place_batch", "place_list"]);

/** How many orders a body names, before it is judged; at least one. */
export const ordersIn = (body: unknown): number => {
  const orders = (body as { readonly orders?: unknown } | null | undefined)?.orders;
  return Array.isArray(orders) ? Math.max(1, orders.length) : 1;
};

const messageId = z.union([z.string().max(64), z.number().int()]).optional();

/** How long changes of a book may be put together, in milliseconds; 0 for a message a command. */
export const BOOK_PACES = [0, 100, 1_000] as const;

const publicChannel = z.enum(["book", "trades", "ticker", "level3", "auction"]);
const privateChannel = z.enum(["orders", "fills", "balances"]);
const candleInterval = z.enum(CANDLE_INTERVALS as [string, ...string[]]);

/** The seq of the last message that was received: what came after it is told again. */
const fromSeq = z.int().nonnegative().optional();

const subscribe = { id: messageId, op: z.literal("subscribe"), fromSeq };
const unsubscribe = { id: messageId, op: z.literal("unsubscribe") };

const subscribeSchema = z.discriminatedUnion("channel", [
  z.strictObject({
    ...subscribe,
    channel: z.literal("book"),
    market: symbol,
    conflateMs: z.literal(BOOK_PACES).optional(),
  }),
  z.strictObject({ ...subscribe, channel: publicChannel.exclude(["book"]), market: symbol }),
  z.strictObject({
    ...subscribe,
    channel: z.literal("candles"),
    market: symbol,
    interval: candleInterval,
  }),
  z.strictObject({ ...subscribe, channel: privateChannel }),
]);

const unsubscribeSchema = z.discriminatedUnion("channel", [
  z.strictObject({ ...unsubscribe, channel: publicChannel, market: symbol }),
  z.strictObject({
    ...unsubscribe,
    channel: z.literal("candles"),
    market: symbol,
    interval: candleInterval,
  }),
  z.strictObject({ ...unsubscribe, channel: privateChannel }),
]);

const authSchema = z.strictObject({
  id: messageId,
  op: z.literal("auth"),
  key: z.string().min(1).max(128),
  timestamp: z.union([z.string(), z.number().int()]),
  signature: z.string().min(1).max(1_024),
});
const pingSchema = z.strictObject({ id: messageId, op: z.literal("ping") });
const guardSchema = z.strictObject({
  id: messageId,
  op: z.literal("cancel_on_disconnect"),
  enabled: z.boolean(),
});
const orderSchema = z.strictObject({
  id: messageId,
  op: z.enum(ORDER_OPS),
  body: z.unknown().optional(),
});

/** What a client of `/v1/ws` may say. */
export const socketMessageSchema = z.discriminatedUnion("op", [
  subscribeSchema,
  unsubscribeSchema,
  authSchema,
  pingSchema,
  guardSchema,
  orderSchema,
]);

/** The same by name, as the description has it. */
export const CLIENT_MESSAGES = {
  subscribe: subscribeSchema,
  unsubscribe: unsubscribeSchema,
  auth: authSchema,
  ping: pingSchema,
  cancelOnDisconnect: guardSchema,
  order: orderSchema,
} as const;

export type SocketMessage = z.infer<typeof socketMessageSchema>;

/** The value as its schema has it, or the `Problem` of the first thing that is wrong with it. */
export const validated = <T>(schema: z.ZodType<T>, value: unknown): T => {
  if (glanceAt(schema)(value)) return value as T;
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw problemOfIssue(result.error.issues[0] as z.core.$ZodIssue);
};

const glances = new WeakMap<z.ZodType, Glance>();

const glanceAt = (schema: z.ZodType): Glance => {
  const known = glances.get(schema);
  if (known !== undefined) return known;
  const glance = glanceOf(schema);
  glances.set(schema, glance);
  return glance;
};

const problemOfIssue = (issue: z.core.$ZodIssue): Problem => {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const field = [...path, issue.keys[0] ?? ""].join(".");
    return new Problem(
      400,
      "field_unknown",
      field,
      "Only the fields of the request's description are sent.",
    );
  }
  if (issue.input === undefined && issue.path.length > 0) {
    return new Problem(400, "field_missing", path.join("."), "The field is sent.");
  }
  return new Problem(400, "field_invalid", path.join("."), issue.message);
};

/** The pairs of a query; a name that stands twice is a problem. */
export const queryObject = (query: string): Record<string, string> => {
  // Without a prototype, so that no name means something already.
  const pairs: Record<string, string> = Object.create(null);
  if (query === "") return pairs;
  for (const [name, value] of new URLSearchParams(query)) {
    if (name in pairs) {
      throw fieldDuplicate(name);
    }
    pairs[name] = value;
  }
  return pairs;
};

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { glanceOf } from "./at-a-glance.ts";
import { amendSchema, cancelSchema, newOrderSchema, replaceSchema } from "./order-schemas.ts";
import { socketMessageSchema } from "./schemas.ts";

const SCHEMAS = { amendSchema, cancelSchema, newOrderSchema, replaceSchema, socketMessageSchema };

const order = {
  market: "BTC-USDT",
  side: "buy",
  type: "limit",
  timeInForce: "gtc",
  price: "50000.00",
  quantity: "0.0001",
  clientOrderId: "mine:1",
  hidden: true,
};
const GOOD: readonly Record<string, unknown>[] = [
  order,
  { id: "12", price: "1" },
  { id: "client:mine" },
  { ...order, id: "12", onFailure: "allow", market: undefined },
  { id: "a", op: "place", body: order },
  { id: "b", op: "cancel_all" },
  { op: "ping" },
  { op: "auth", key: "k", timestamp: "1", signature: "00" },
  { op: "cancel_on_disconnect", enabled: true },
  { op: "subscribe", channel: "book", market: "BTC-USDT" },
];
const NAMES = [...new Set(GOOD.flatMap((body) => Object.keys(body))), "surprise", "constructor"];
const VALUES = [
  "",
  "0",
  "-1",
  "1e3",
  "0.10",
  "buy",
  "BTC-USDT",
  "x".repeat(65),
  1,
  1.5,
  true,
  null,
];

/** A message that is right, with a few fields taken away, added or changed. */
const bodies = fc
  .tuple(
    fc.constantFrom(...GOOD),
    fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(undefined, ...VALUES, order)), {
      maxLength: 3,
    }),
  )
  .map(([good, changes]) =>
    JSON.parse(JSON.stringify({ ...good, ...Object.fromEntries(changes) })),
  );

describe.each(Object.entries(SCHEMAS))("for any message, %s", (_, schema: z.ZodType) => {
  const glance = glanceOf(schema);
  test("takes what is right at a glance, and leaves it as it is", () => {
    fc.assert(
      fc.property(fc.oneof(bodies, fc.jsonValue()), (body) => {
        if (!glance(body)) return;
        expect(schema.safeParse(body)).toEqual({ success: true, data: body });
      }),
      { numRuns: 2_000 },
    );
  });
});

test("what is sent most is seen at a glance", () => {
  expect(glanceOf(newOrderSchema)(order)).toBe(true);
  expect(glanceOf(cancelSchema)({ id: "12" })).toBe(true);
  expect(glanceOf(socketMessageSchema)({ id: "1", op: "place", body: order })).toBe(true);
  expect(glanceOf(socketMessageSchema)({ id: 1, op: "cancel", body: { id: "12" } })).toBe(true);
});

test("what a schema changes, leaves out or judges by other rules is looked at closely", () => {
  const text = z.string();
  const schemas = [
    text.transform(Number),
    text.trim(),
    text.refine((value) => value !== ""),
    text.regex(/a/g),
    z.union([text, z.boolean()]).refine(() => false),
    z.enum(["a"]).refine(() => false),
    z.boolean().refine(() => false),
    z.number().min(1),
    z.object({ a: text }),
    z.strictObject({ a: text }).refine(() => false),
    z.strictObject({ a: text.default("b") }),
    z.array(text),
  ];
  const right = ["1", "a", "a", "a", "a", "a", true, 1, { a: "1" }, { a: "1" }, { a: "1" }, ["a"]];
  expect(schemas.map((schema, index) => glanceOf(schema)(right[index]))).toEqual(
    schemas.map(() => false),
  );
});

import { expect, test } from "vitest";
import { isConnectionError } from "./connection-error.ts";

test.each([
  [Object.assign(new Error("no"), { code: "ECONNREFUSED" }), true],
  [Object.assign(new Error("no"), { code: "57P01" }), true],
  [Object.assign(new Error("no"), { code: "23505" }), false],
  [new Error("Connection terminated unexpectedly"), true],
  [new Error("Query read timeout"), true],
  [new Error("timeout exceeded when trying to connect"), true],
  [new AggregateError([Object.assign(new Error("no"), { code: "ENETUNREACH" })]), true],
  [new Error("it failed", { cause: new Error("Query read timeout") }), true],
  [new Error("violates a constraint"), false],
  ["Query read timeout", false],
])("%s passes by itself: %s", (error, passes) => {
  expect(isConnectionError(error)).toBe(passes);
});

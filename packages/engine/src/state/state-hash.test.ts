import fc from "fast-check";
import { expect, test } from "vitest";
import { hashOf } from "./state-hash.ts";

test("is 32 hexadecimal digits", () => {
  expect(hashOf(new Uint8Array(0))).toMatch(/^[0-9a-f]{32}$/);
});

test("for any bytes / one bit more or less gives another hash", () => {
  const words = fc
    .uint8Array({ minLength: 1, maxLength: 16 })
    .map((bytes) => new Uint8Array(bytes.length * 8).map((_, at) => bytes[at >> 3] ?? 0));
  fc.assert(
    fc.property(words, fc.nat(), fc.nat(7), (bytes, at, bit) => {
      const index = at % bytes.length;
      const changed = bytes.with(index, (bytes[index] as number) ^ (1 << bit));
      expect(hashOf(changed)).not.toBe(hashOf(bytes));
      expect(hashOf(bytes.slice(0, -8))).not.toBe(hashOf(bytes));
    }),
  );
});

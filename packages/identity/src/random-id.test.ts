import { describe, expect, test } from "vitest";
import { randomId } from "./random-id.ts";

describe("a random id", () => {
  test("is its kind and 26 characters of Crockford's base 32", () => {
    expect(randomId("usr", (length) => new Uint8Array(length))).toBe(`usr_${"0".repeat(26)}`);
    expect(randomId("ses", (length) => new Uint8Array(length).fill(255))).toBe(
      `ses_${"z".repeat(26)}`,
    );
  });
});

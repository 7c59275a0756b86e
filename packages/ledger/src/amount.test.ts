import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AMOUNT_LIMIT, formatAmount, parseAmount } from "./amount.ts";

describe("a decimal text", () => {
  test.each<[string, number, bigint]>([
    ["0", 0, 0n],
    ["0.015", 8, 1_500_000n],
    ["-12.5", 2, -1_250n],
    ["-0", 2, 0n],
    ["1.50000", 1, 15n],
    ["1", 36, 10n ** 36n],
    ["170141183460469231731687303715884105727", 0, AMOUNT_LIMIT - 1n],
  ])("%s at %i decimals is exactly %i", (text, decimals, amount) => {
    expect(parseAmount(text, decimals)).toEqual({ ok: true, amount });
  });

  test.each([
    "",
    " 1",
    "1 ",
    "+1",
    "01",
    "00",
    ".5",
    "5.",
    "1e3",
    "1,5",
    "1_000",
    "0x10",
    "--1",
    "1.2.3",
    "١",
    "NaN",
    "Infinity",
    "1\n",
    "1".repeat(129),
  ])("%j is malformed", (text) => {
    expect(parseAmount(text, 8)).toEqual({ ok: false, code: "decimal_malformed" });
  });

  test("is never rounded: digits beyond the decimals are refused", () => {
    expect(parseAmount("0.015", 2)).toEqual({ ok: false, code: "decimal_too_precise" });
    expect(parseAmount("0.010", 2)).toEqual({ ok: true, amount: 1n });
  });

  test("is below 2^127 smallest units", () => {
    const limit = String(AMOUNT_LIMIT);
    expect(parseAmount(limit, 0)).toEqual({ ok: false, code: "decimal_out_of_range" });
    expect(parseAmount("1000", 36)).toEqual({ ok: false, code: "decimal_out_of_range" });
  });

  test("has 0 to 36 decimals", () => {
    expect(() => parseAmount("1", 37)).toThrow(RangeError);
    expect(() => formatAmount(1n, -1)).toThrow(RangeError);
    expect(() => formatAmount(1n, 1.5)).toThrow(RangeError);
  });
});

describe("a formatted amount", () => {
  test.each<[bigint, number, string]>([
    [1_500_000n, 8, "0.01500000"],
    [-1n, 2, "-0.01"],
    [0n, 2, "0.00"],
    [-120n, 0, "-120"],
    [10n ** 36n, 36, `1.${"0".repeat(36)}`],
  ])("%i at %i decimals is %s", (amount, decimals, text) => {
    expect(formatAmount(amount, decimals)).toBe(text);
  });

  test("is read back as it was, for any amount and decimals", () => {
    const amounts = fc.bigInt({ min: 1n - AMOUNT_LIMIT, max: AMOUNT_LIMIT - 1n });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 36 }), (amount, decimals) => {
        expect(parseAmount(formatAmount(amount, decimals), decimals)).toEqual({ ok: true, amount });
      }),
    );
  });
});

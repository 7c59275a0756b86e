import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimalScale, productScale } from "./decimal-scale.ts";

describe("a decimal", () => {
  test.each([
    ["0.01", "101.5", { ok: true, value: 10_150 }],
    ["0.01", "101.50", { ok: true, value: 10_150 }],
    ["0.01", "101.500000", { ok: true, value: 10_150 }],
    ["0.01", ".5", { ok: true, value: 50 }],
    ["0.01", "5.", { ok: true, value: 500 }],
    ["0.01", "0", { ok: true, value: 0 }],
    ["0.01", "00000101.5", { ok: true, value: 10_150 }],
    ["5", "15", { ok: true, value: 3 }],
    ["0.25", "0.75", { ok: true, value: 3 }],
    ["0.00000001", "90071992.54740991", { ok: true, value: 2 ** 53 - 1 }],
    ["0.00000001", "90071992.54740992", { ok: false, code: "decimal_out_of_range" }],
    ["1", "9".repeat(40), { ok: false, code: "decimal_out_of_range" }],
    ["0.01", "0.015", { ok: false, code: "decimal_off_increment" }],
    ["5", "12", { ok: false, code: "decimal_off_increment" }],
    ["3", `1.${"0".repeat(39)}1`, { ok: false, code: "decimal_off_increment" }],
  ] as const)("in units of %s: %s", (unit, text, reading) => {
    expect(decimalScale(unit).parse(text)).toEqual(reading);
  });

  test.each([
    "",
    " ",
    ".",
    "-1",
    "+1",
    "1e3",
    "1E3",
    "0x10",
    "1,5",
    "1_000",
    " 1",
    "1 ",
    "1\n",
    "NaN",
    "Infinity",
    "1.2.3",
    "١",
    "__proto__",
    "9".repeat(41),
  ])("is not: %j", (text) => {
    expect(decimalScale("0.01").parse(text)).toEqual({ ok: false, code: "decimal_malformed" });
  });
});

describe("a scale", () => {
  test.each(["0", "0.00", "-0.01", "1e-2", "", "abc"])("has no unit of %j", (unit) => {
    expect(() => decimalScale(unit)).toThrow(RangeError);
  });

  test("prints all its decimals, and never an exponent", () => {
    expect(decimalScale("0.00000001").format(1)).toBe("0.00000001");
    expect(decimalScale("0.010").format(5)).toBe("0.05");
    expect(decimalScale("1000000000000000000000").format(2)).toBe("2000000000000000000000");
  });

  test("prints whole numbers of units only", () => {
    for (const strange of [0.5, Number.NaN, 2 ** 53]) {
      expect(() => decimalScale("0.01").format(strange)).toThrow(RangeError);
    }
  });

  test("of products counts in units of both", () => {
    const notional = productScale(decimalScale("0.01"), decimalScale("0.00001"));
    expect(notional.unit).toBe("0.0000001");
    expect(notional.parse("25")).toEqual({ ok: true, value: 250_000_000 });
  });
});

test("for any whole number of any unit / what is printed reads back as the same", () => {
  const unit = fc
    .tuple(fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 0, max: 18 }))
    .map(([digits, decimals]) => {
      const padded = String(digits).padStart(decimals + 1, "0");
      return `${padded.slice(0, padded.length - decimals)}.${padded.slice(padded.length - decimals)}`;
    });
  fc.assert(
    fc.property(unit, fc.maxSafeNat(), (text, value) => {
      const scale = decimalScale(text);
      expect(scale.parse(scale.format(value))).toEqual({ ok: true, value });
    }),
  );
});

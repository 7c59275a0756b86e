import { describe, expect, test } from "vitest";
import {
  compare,
  decimal,
  decimalText,
  divideToStep,
  isMultipleOf,
  multiply,
  parseDecimal,
  readable,
  toStep,
} from "./decimal.ts";

describe("decimals of the page", () => {
  test.for(["", ".5", "1.", "01", "-1", "1e3", "1,000", "1.1.1", " 1"])(
    "%j is no number of the API's",
    (text) => {
      expect(parseDecimal(text)).toBeUndefined();
    },
  );

  test("are multiplied and compared without rounding", () => {
    const cost = multiply(decimal("64250.01"), decimal("0.00003"));
    expect(decimalText(cost)).toBe("1.9275003");
    expect(compare(cost, decimal("1.92750030"))).toBe(0);
    expect(compare(decimal("0.10"), decimal("0.09"))).toBeGreaterThan(0);
  });

  test("are multiples of an increment or not", () => {
    expect(isMultipleOf(decimal("0.3"), decimal("0.01"))).toBe(true);
    expect(isMultipleOf(decimal("0.305"), decimal("0.01"))).toBe(false);
  });

  test("are rounded only where it is said which way", () => {
    expect(decimalText(toStep(decimal("1.239"), decimal("0.05"), "down"))).toBe("1.2");
    expect(decimalText(toStep(decimal("1.239"), decimal("0.05"), "up"))).toBe("1.25");
    expect(decimalText(divideToStep(decimal("100"), decimal("3"), decimal("0.01")))).toBe("33.33");
    expect(decimalText(divideToStep(decimal("1"), decimal("0"), decimal("1")))).toBe("0");
  });

  test("are shown in groups of three", () => {
    expect(readable(decimal("1234567.891"), 2, "down")).toBe("1,234,567.89");
    expect(readable(decimal("1234567.891"), 2, "up")).toBe("1,234,567.9");
    expect(readable(decimal("12"), 2, "down")).toBe("12");
  });
});

import { describe, expect, test } from "vitest";
import { exactUnits, nearestUnits } from "./decimal-digits.ts";

describe("a decimal string", () => {
  test.each([
    ["236.47", 2, 23_647],
    ["236", 2, 23_600],
    ["236.4", 2, 23_640],
    ["0.00000001", 8, 1],
    // Through a double it would be 868991643.9999999, and cut off to one less.
    ["8.68991644", 8, 868_991_644],
    ["90071992.54740991", 8, Number.MAX_SAFE_INTEGER],
  ])("%s with %i decimals is %i", (text, decimals, units) => {
    expect(exactUnits(text, decimals)).toBe(units);
  });

  test.each(["", "-1.00", "+1.00", "1.", ".5", "1.005", "1e2", " 1", "NaN", "0x10"])(
    "%o is none with 2 decimals",
    (text) => expect(exactUnits(text, 2)).toBeNaN(),
  );

  test("is refused beyond what a double holds exactly", () => {
    expect(exactUnits("90071992.54740992", 8)).toBeNaN();
  });
});

describe("a number that went through a double", () => {
  test.each([
    ["236.47", 2, 23_647],
    ["236.00999999999999", 2, 23_601],
    ["236.61000000000001", 2, 23_661],
    ["235.0", 2, 23_500],
    ["1.7885566900000001", 8, 178_855_669],
    ["8.8351857299999992", 8, 883_518_573],
    ["9.9999999999999995e-07", 8, 100],
    ["1e-08", 8, 1],
  ])("%s with %i decimals was meant to be %i", (text, decimals, units) => {
    expect(nearestUnits(text, decimals)).toBe(units);
  });

  test.each(["", "236.471", "236.475", "0.00999", "2.3647e2", "-1.0", "1e-03", "NaN"])(
    "%o is near to none with 2 decimals",
    (text) => expect(nearestUnits(text, 2)).toBeNaN(),
  );
});

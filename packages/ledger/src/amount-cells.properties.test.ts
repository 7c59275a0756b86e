import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AMOUNT_LIMIT } from "./amount.ts";
import { AmountCells } from "./amount-cells.ts";

const inRange = (amount: bigint): boolean => amount > -AMOUNT_LIMIT && amount < AMOUNT_LIMIT;

/** At and around the edges of words, of doubles and of the range, and anything between. */
const edge = fc
  .tuple(
    fc.constantFrom(0n, 31n, 32n, 33n, 53n, 62n, 63n, 64n, 95n, 96n, 126n, 127n),
    fc.bigInt({ min: -2n, max: 2n }),
    fc.boolean(),
  )
  .map(([bits, beside, isNegative]) => (isNegative ? -1n : 1n) * (1n << bits) + beside)
  .filter(inRange);
const amount = fc.oneof(
  edge,
  fc.bigInt({ min: -1_000n, max: 1_000n }),
  fc.bigInt({ min: 1n - AMOUNT_LIMIT, max: AMOUNT_LIMIT - 1n }),
);

/** The second one stands at another place of the same memory. */
const forAnyTwo = (law: (cells: AmountCells, one: bigint, other: bigint) => void): void => {
  const property = fc.property(amount, amount, (one, other) => {
    const cells = new AmountCells(6);
    cells.cells.fill(-6_148_914_691_236_517_206n);
    cells.write(1, one);
    cells.write(4, other);
    law(cells, one, other);
    expect(cells.read(4)).toBe(other);
    expect([cells.cells[0], cells.cells[3]]).toEqual(Array(2).fill(-6_148_914_691_236_517_206n));
  });
  fc.assert(property, { numRuns: 5_000 });
};

describe("for any two amounts in cells, as for bigints", () => {
  test("what is read is what was written", () => {
    forAnyTwo((cells, one) => {
      expect(cells.read(1)).toBe(one);
      expect(cells.isZero(1)).toBe(one === 0n);
      expect(cells.isNegative(1)).toBe(one < 0n);
      expect(cells.isPositive(1)).toBe(one > 0n);
    });
  });

  test("the sum is the sum, or out of range and nothing has changed", () => {
    forAnyTwo((cells, one, other) => {
      const isInRange = inRange(one + other);
      expect(cells.add(1, cells, 4)).toBe(isInRange);
      expect(cells.read(1)).toBe(isInRange ? one + other : one);
    });
  });

  test("the difference is the difference, or out of range and nothing has changed", () => {
    forAnyTwo((cells, one, other) => {
      const isInRange = inRange(one - other);
      expect(cells.subtract(1, cells, 4)).toBe(isInRange);
      expect(cells.read(1)).toBe(isInRange ? one - other : one);
    });
  });

  test("one is less than the other where it is", () => {
    forAnyTwo((cells, one, other) => {
      expect(cells.isLess(1, cells, 4)).toBe(one < other);
      expect(cells.isLess(4, cells, 1)).toBe(other < one);
      expect(cells.isLess(1, cells, 1)).toBe(false);
    });
  });

  test("a copy is what was copied, also into memory that has grown", () => {
    forAnyTwo((cells, one) => {
      const target = new AmountCells(2);
      target.growTo(9);
      target.copy(7, cells, 1);
      target.growTo(10);
      expect(target.read(7)).toBe(one);
      target.clear(7);
      expect(target.isZero(7)).toBe(true);
    });
  });
});

test("what is out of range isn't written", () => {
  const cells = new AmountCells(2);
  for (const beyond of [AMOUNT_LIMIT, -AMOUNT_LIMIT, 10n ** 77n, -(10n ** 77n)]) {
    expect(cells.write(0, beyond)).toBe(false);
  }
});

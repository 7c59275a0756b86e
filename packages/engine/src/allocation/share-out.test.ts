import { describe, expect, test } from "vitest";
import { Allocation, type AllocationRule, BY_TIME } from "./allocation.ts";
import { shareOut, stepsOf } from "./share-out.ts";

/** What the orders of a level give of the lots wanted. */
const shared = (
  wanted: number,
  there: number[],
  { quantityIncrement = 1, leads = [], ...steps }: Sharing = {},
): number[] => {
  const rule = { ...BY_TIME, allocation: Allocation.pro_rata, ...steps };
  return shareOut(stepsOf(rule), wanted, there, quantityIncrement, (index) =>
    leads.includes(index),
  );
};

interface Sharing extends Partial<AllocationRule> {
  readonly quantityIncrement?: number;
  /** The orders of the lead market maker. */
  readonly leads?: readonly number[];
}

test("by time, the first gives all that it has before the second gives anything", () => {
  expect(shareOut(stepsOf(BY_TIME), 7, [5, 5, 5], 1)).toEqual([5, 2, 0]);
});

describe("pro rata", () => {
  test("each gives the part that it has of the level", () => {
    expect(shared(60, [100, 50, 50])).toEqual([30, 15, 15]);
  });

  test("shares are rounded down, and what is left goes by time", () => {
    expect(shared(10, [7, 7, 7])).toEqual([4, 3, 3]);
  });

  test("shares are whole quantity increments", () => {
    expect(shared(100, [70, 70, 70], { quantityIncrement: 10 })).toEqual([40, 30, 30]);
  });

  test("shares below the minimum are none, and go by time", () => {
    expect(shared(20, [10, 80, 10], { minimumShare: 3 })).toEqual([4, 16, 0]);
    expect(shared(20, [10, 80, 10], { minimumShare: 2 })).toEqual([2, 16, 2]);
  });

  test("whoever wants more than is there gets all", () => {
    expect(shared(100, [1, 2, 3], { minimumShare: 50 })).toEqual([1, 2, 3]);
  });

  test("nobody there gives nothing", () => {
    expect(shared(5, [])).toEqual([]);
  });
});

describe("a part by time", () => {
  test("goes first, and the rest by what each has left then", () => {
    expect(shared(40, [10, 30, 30], { fifoPercent: 50 })).toEqual([10, 18, 12]);
  });

  test("is rounded down to whole increments", () => {
    // 40 % of 90 are 36, so that 30 go by time.
    expect(shared(90, [30, 60, 60], { fifoPercent: 40, quantityIncrement: 10 })).toEqual([
      30, 30, 30,
    ]);
  });

  test("of 100 per cent is by time", () => {
    expect(shared(7, [5, 5, 5], { fifoPercent: 100 })).toEqual([5, 2, 0]);
  });
});

test("is exact where products exceed what a double counts", () => {
  // Four fifths of 2^52 are 3,602,879,701,896,396.8: a double has no tenths there, and would be 397, leaving nothing by time.
  const [front, behind] = shared(2 ** 52, [2 ** 50, 2 ** 52]);
  expect(behind).toBe(3_602_879_701_896_396);
  expect(front).toBe(2 ** 52 - 3_602_879_701_896_396);
});

describe("the order at the front of the queue", () => {
  test("gets up to the maximum first, and its share of the rest", () => {
    expect(shared(40, [30, 30, 30], { topOrderMaximum: 10 })).toEqual([18, 11, 11]);
  });

  test("gets no more than it has, or than is wanted", () => {
    expect(shared(40, [5, 30, 30], { topOrderMaximum: 10 })).toEqual([5, 18, 17]);
    expect(shared(4, [5, 30, 30], { topOrderMaximum: 10 })).toEqual([4, 0, 0]);
  });

  test("gets whole increments of the maximum", () => {
    const steps = { topOrderMaximum: 19, quantityIncrement: 10 };
    expect(shared(10, [100, 100], steps)).toEqual([10, 0]);
    expect(shared(30, [100, 100], { ...steps, fifoPercent: 0 })).toEqual([20, 10]);
  });
});

describe("the lead market maker", () => {
  test("gets its part by time before the others", () => {
    const steps = { leadPercent: 40, leads: [1, 2] };
    expect(shared(50, [30, 15, 30], steps)).toEqual([17, 15, 18]);
  });

  test("comes after the front order, and before the part by time", () => {
    const steps = { topOrderMaximum: 10, leadPercent: 50, leads: [2], fifoPercent: 100 };
    expect(shared(50, [30, 30, 30], steps)).toEqual([30, 0, 20]);
  });

  test("leaves what its orders cannot give", () => {
    expect(shared(50, [60, 60, 5], { leadPercent: 50, leads: [2] })).toEqual([23, 22, 5]);
  });
});

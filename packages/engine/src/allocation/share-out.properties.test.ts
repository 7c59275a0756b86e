import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Allocation } from "./allocation.ts";
import { type Step, shareOut, stepsOf } from "./share-out.ts";

const lots = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 2 ** 40 }));
const level = fc
  .record({
    there: fc.array(lots, { maxLength: 12 }),
    wanted: lots,
    quantityIncrement: fc.constantFrom(1, 1, 10, 256),
    minimumShare: fc.oneof(fc.constant(0), lots),
    fifoPercent: fc.oneof(fc.constantFrom(0, 100), fc.integer({ min: 0, max: 100 })),
    topOrderMaximum: fc.oneof(fc.constant(0), lots),
    leadPercent: fc.oneof(fc.constantFrom(0, 100), fc.integer({ min: 0, max: 100 })),
    leadAccount: fc.constantFrom(0, 1),
    allocation: fc.constantFrom(
      ...([Allocation.price_time, Allocation.pro_rata, Allocation.pro_rata] as const),
    ),
  })
  .map(({ there, wanted, quantityIncrement: unit, ...rule }) => ({
    there: there.map((each) => each * unit),
    wanted: wanted * unit,
    quantityIncrement: unit,
    rule,
  }));

/** Every third order is the lead market maker's. */
const isLead = (index: number): boolean => index % 3 === 1;

const sumOf = (all: readonly number[]): bigint => all.reduce((sum, each) => sum + BigInt(each), 0n);
const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);

describe("for any level and any choice", () => {
  test("the shares add up to what is wanted, or to all that is there", () => {
    fc.assert(
      fc.property(level, ({ there, wanted, quantityIncrement, rule }) => {
        const shares = shareOut(stepsOf(rule), wanted, there, quantityIncrement, isLead);
        expect(sumOf(shares)).toBe(least(BigInt(wanted), sumOf(there)));
      }),
    );
  });

  test("nobody gives more than it has, or a part of an increment", () => {
    fc.assert(
      fc.property(level, ({ there, wanted, quantityIncrement, rule }) => {
        const shares = shareOut(stepsOf(rule), wanted, there, quantityIncrement, isLead);
        expect(shares).toHaveLength(there.length);
        for (const [index, share] of shares.entries()) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(there[index] as number);
          expect(share % quantityIncrement).toBe(0);
        }
      }),
    );
  });

  test("without a minimum, each gets its part by time and its share of the rest, or more", () => {
    fc.assert(
      fc.property(level, ({ there, wanted, quantityIncrement: unit, rule }) => {
        const plain = { ...rule, minimumShare: 0, topOrderMaximum: 0, leadPercent: 0 };
        const shares = shareOut(stepsOf(plain), wanted, there, unit);
        if (rule.allocation === Allocation.price_time || there.length === 0) return;
        const all = sumOf(there);
        const taken = least(BigInt(wanted), all);
        const first = (taken * BigInt(rule.fifoPercent)) / 100n;
        const byTime = Number(first - (first % BigInt(unit)));
        const given = shareOut(stepsOf({ ...plain, fifoPercent: 100 }), byTime, there, unit);
        const rest = taken - BigInt(byTime);
        for (const [index, share] of shares.entries()) {
          const has = BigInt(there[index] as number) - BigInt(given[index] as number);
          const left = all - BigInt(byTime);
          const part = left === 0n ? 0n : (rest * has) / left;
          const proRata = Number(part - (part % BigInt(unit)));
          expect(share).toBeGreaterThanOrEqual((given[index] as number) + proRata);
        }
      }),
    );
  });
});

test("steps come in their order, and each has what the one before it left", () => {
  const asked: number[] = [];
  const taking =
    (most: number): Step =>
    (left) => {
      asked.push(left);
      return Math.min(most, left);
    };
  shareOut([taking(5), taking(2), taking(9)], 12, [20], 1);
  expect(asked).toEqual([12, 7, 5]);
});

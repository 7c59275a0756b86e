import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SourceQuotation } from "./followed-market.ts";
import { type ReferencePriceOptions, referencePrice } from "./reference-price.ts";
import { naiveReferencePrice } from "./testing/naive-reference-price.ts";

const NOW = 100_000;
const source = fc.constantFrom("a", "b", "c", "d", "e");

const quotations: fc.Arbitrary<SourceQuotation[]> = fc.array(
  fc.record({
    source,
    // Mostly near each other, now and then far off.
    price: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 9_900, max: 10_100 }) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 40_000 }) },
    ),
    at: fc.integer({ min: NOW - 3_000, max: NOW + 100 }),
  }),
  { maxLength: 9 },
);

const options: fc.Arbitrary<ReferencePriceOptions> = fc.record({
  now: fc.constant(NOW),
  maxAgeMs: fc.constantFrom(0, 500, 2_000, 10_000),
  maxDeviationBps: fc.constantFrom(0, 25, 100, 10_000),
  minSources: fc.integer({ min: 1, max: 3 }),
  weights: fc.dictionary(source, fc.integer({ min: 0, max: 5 })),
  method: fc.constantFrom("median" as const, "mean" as const),
});

describe("for any quotations", () => {
  test("the reference price is the one that is found by writing each price as often as it weighs", () => {
    fc.assert(
      fc.property(quotations, options, (given, rules) => {
        const { price, used } = referencePrice(given, rules);
        const names = used.map((one) => one.source);
        expect({ price, used: names }).toEqual(naiveReferencePrice(given, rules));
      }),
      { numRuns: 1_000 },
    );
  });

  test("their order does not matter, and each is used or dropped", () => {
    const shuffled = quotations.chain((given) =>
      fc.tuple(
        fc.constant(given),
        fc.shuffledSubarray(given, { minLength: given.length, maxLength: given.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, options, ([given, other], rules) => {
        const answer = referencePrice(given, rules);
        expect(referencePrice(other, rules)).toEqual(answer);
        const distinct = new Set(given.map((one) => JSON.stringify(one))).size;
        if (distinct === given.length) {
          expect(answer.used.length + answer.dropped.length).toBe(given.length);
        }
      }),
    );
  });

  test("a source with less than half of the weight can't move the median beyond what the others say", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 9_900, max: 10_100 }), { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 1, max: 1_000_000_000 }),
        (honest, liar) => {
          const given = [...honest, liar].map((price, index) => ({
            source: `s${index}`,
            price,
            at: NOW,
          }));
          const rules = { now: NOW, maxAgeMs: 0, maxDeviationBps: 500, minSources: 1 };
          const { price = 0 } = referencePrice(given, rules);
          expect(price).toBeGreaterThanOrEqual(Math.min(...honest));
          expect(price).toBeLessThanOrEqual(Math.max(...honest));
        },
      ),
    );
  });
});

describe("a reference price", () => {
  const rules = { now: 10_000, maxAgeMs: 1_000, maxDeviationBps: 100, minSources: 2 };
  const at = 9_500;

  test("says of each quotation that it left out why", () => {
    const given = [
      { source: "a", price: 1_000, at },
      { source: "b", price: 1_002, at },
      { source: "b", price: 5_000, at: at - 1 },
      { source: "c", price: 1_100, at },
      { source: "d", price: 1_001, at: 8_999 },
      { source: "e", price: 1_001, at },
    ];
    const { price, used, dropped } = referencePrice(given, { ...rules, weights: { e: 0 } });
    expect([price, used.map((one) => one.source)]).toEqual([1_001, ["a", "b"]]);
    expect(dropped.map(({ quotation, because }) => [quotation.source, because])).toEqual([
      ["b", "later_quotation"],
      ["d", "stale"],
      ["e", "weightless"],
      ["c", "outlier"],
    ]);
  });

  test("is none where too few sources are left", () => {
    const given = [{ source: "a", price: 1_000, at }];
    expect(referencePrice(given, rules)).toEqual({ price: undefined, used: given, dropped: [] });
    expect(referencePrice([], rules)).toEqual({ price: undefined, used: [], dropped: [] });
  });

  test.each([
    [{ ...rules, maxAgeMs: -1 }, 1, "expected maxAgeMs as a whole number from 0 on, was -1"],
    [{ ...rules, minSources: 0 }, 1, "expected minSources as a whole number from 1 on, was 0"],
    [{ ...rules, weights: { a: 0.5 } }, 1, "expected a weight of a as a whole number from 0 on"],
    [rules, 0, "expected a price of a as a whole number from 1 on, was 0"],
  ])("of %o and a price of %d is a mistake", (wrong, price, message) => {
    expect(() => referencePrice([{ source: "a", price, at }], wrong)).toThrow(message);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TokenBuckets } from "./token-buckets.ts";

describe("a bucket", () => {
  test("takes a burst, then as many as come back", () => {
    const buckets = new TokenBuckets({ burst: 3, perSecond: 2 });
    const taken = [0, 0, 0, 0].map((at) => buckets.take("a", at));
    expect(taken.map(({ isWithin }) => isWithin)).toEqual([true, true, true, false]);
    expect(taken.map(({ remaining }) => remaining)).toEqual([2, 1, 0, 0]);
    expect(taken.at(-1)).toMatchObject({ retryAfterMs: 500, fullAfterMs: 1_500 });
    expect(buckets.take("a", 499).isWithin).toBe(false);
    expect(buckets.take("a", 500).isWithin).toBe(true);
    expect(buckets.take("b", 500)).toMatchObject({ isWithin: true, remaining: 2 });
  });

  test("does not mind a clock that goes back", () => {
    const buckets = new TokenBuckets({ burst: 1, perSecond: 1 });
    expect(buckets.take("a", 10_000).isWithin).toBe(true);
    expect(buckets.take("a", 0).isWithin).toBe(false);
    expect(buckets.take("a", 10_999).isWithin).toBe(false);
    expect(buckets.take("a", 11_000).isWithin).toBe(true);
  });

  test("in any time lets through at most its burst and what has come back", () => {
    const arrivals = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 });
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 9 }), (gaps, burst) => {
        const buckets = new TokenBuckets({ burst, perSecond: 5 });
        let now = 0;
        const passed: number[] = [];
        for (const gap of gaps) {
          now += gap;
          if (buckets.take("a", now).isWithin) passed.push(now);
        }
        passed.forEach((from, first) => {
          passed.slice(first).forEach((to, more) => {
            expect(more + 1).toBeLessThanOrEqual(burst + ((to - from) * 5) / 1_000 + 1e-9);
          });
        });
      }),
    );
  });
});

test("buckets that are full again are forgotten where there are many, others are not", () => {
  const buckets = new TokenBuckets({ burst: 1, perSecond: 1 }, 3);
  for (const name of ["a", "b", "c"]) buckets.take(name, 0);
  buckets.take("d", 500);
  expect(buckets.size).toBe(4);
  expect(buckets.take("a", 999).isWithin).toBe(false);
  buckets.take("e", 1_000);
  expect(buckets.size).toBe(3);
  expect(buckets.take("d", 1_000).isWithin).toBe(false);
});

test.each([
  { burst: 0, perSecond: 1 },
  { burst: 1.5, perSecond: 1 },
  { burst: 1, perSecond: 0 },
  { burst: 1, perSecond: Number.POSITIVE_INFINITY },
])("%j is no policy", (policy) => {
  expect(() => new TokenBuckets(policy)).toThrow(RangeError);
});

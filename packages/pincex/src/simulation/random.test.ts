import { describe, expect, test } from "vitest";
import { Random } from "./random.ts";

describe("a random sequence", () => {
  test("is the known one of its seed", () => {
    const random = new Random(42);
    // The first numbers of mulberry32 from 42, as its author's C code gives them.
    expect([random.next(), random.next(), random.next()]).toEqual([
      2581720956, 1925393290, 3661312704,
    ]);
  });

  test("goes on from its state", () => {
    const random = new Random(7);
    random.next();
    const later = new Random(random.state);
    expect(later.next()).toBe(random.next());
  });

  test("stays within what was asked, and reaches all of it", () => {
    const random = new Random(1);
    const dice = Array.from({ length: 1_000 }, () => random.below(6));
    expect(new Set(dice)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
    const around = Array.from({ length: 1_000 }, () => random.around(10));
    expect(Math.min(...around)).toBeGreaterThanOrEqual(-10);
    expect(Math.max(...around)).toBeLessThanOrEqual(10);
    const sizes = Array.from({ length: 1_000 }, () => random.heavyTailed(1_000));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(250);
    expect(Math.max(...sizes)).toBeLessThan(32_000);
  });
});

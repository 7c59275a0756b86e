import fc from "fast-check";
import { expect, test } from "vitest";
import { inOneGo } from "../slices.ts";
import { ascending } from "./ascending.ts";

const keys = fc.array(
  fc.oneof(fc.nat(20), fc.nat(), fc.maxSafeInteger().map(Math.abs), fc.constant(2 ** 53 - 1)),
  { maxLength: 200 },
);

test("for any keys / their places are those of the platform's sort, which keeps equal ones in order", () => {
  fc.assert(
    fc.property(keys, (list) => {
      const sorted = list
        .map((key, place) => ({ key, place }))
        .sort((one, other) => one.key - other.key);
      const places = inOneGo(ascending(Float64Array.from(list)));
      expect([...places]).toEqual(sorted.map(({ place }) => place));
    }),
  );
});

test("of many keys / none of the slices looks at more than a part", () => {
  const many = Float64Array.from({ length: 100_000 }, (_, index) => (index * 7_919) % 100_003);
  const slices = ascending(many);
  let count = 0;
  let step = slices.next();
  for (; step.done !== true; step = slices.next()) count += 1;
  expect(count).toBeGreaterThan(20);
  const ordered = Array.from(step.value, (place) => many[place]);
  expect(ordered).toEqual([...many].sort((one, other) => one - other));
});

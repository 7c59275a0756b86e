import fc from "fast-check";
import { expect, test } from "vitest";
import { chargeFee, PPM } from "./fee-charge.ts";

const ratePpm = fc.oneof(fc.integer({ min: 0, max: PPM }), fc.constantFrom(0, 1, 1_000, PPM));
const received = fc.oneof(
  fc.bigInt({ min: 1n, max: 10_000n }),
  fc.bigInt({ min: 1n, max: 1n << 100n }),
  fc.bigInt({ min: 1n << 40n, max: 1n << 54n }),
);
const fills = fc.array(fc.record({ received, ratePpm }), { minLength: 1, maxLength: 20 });

const feesOf = (each: readonly { received: bigint; ratePpm: number }[]): bigint[] => {
  let overpaidPpm = 0;
  return each.map((fill) => {
    const charged = chargeFee(fill.received, fill.ratePpm, overpaidPpm);
    overpaidPpm = charged.overpaidPpm;
    return charged.fee;
  });
};

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, one) => total + one, 0n);

test("the fees of an order's fills add up to its exact fee, rounded up once", () => {
  fc.assert(
    fc.property(fills, (each) => {
      const exactPpm = sum(each.map((fill) => fill.received * BigInt(fill.ratePpm)));
      expect(sum(feesOf(each))).toBe((exactPpm + 999_999n) / 1_000_000n);
    }),
    { numRuns: 500 },
  );
});

test("at one rate, the total does not depend on how an order was split into fills", () => {
  fc.assert(
    fc.property(fc.array(received, { minLength: 1, maxLength: 20 }), ratePpm, (parts, rate) => {
      const split = feesOf(parts.map((part) => ({ received: part, ratePpm: rate })));
      expect([sum(split)]).toEqual(feesOf([{ received: sum(parts), ratePpm: rate }]));
    }),
  );
});

test("no fill is charged more than it received, and none less than nothing", () => {
  fc.assert(
    fc.property(fills, (each) => {
      feesOf(each).forEach((fee, index) => {
        expect(fee).toBeGreaterThanOrEqual(0n);
        expect(fee).toBeLessThanOrEqual(each[index]?.received ?? 0n);
      });
    }),
  );
});

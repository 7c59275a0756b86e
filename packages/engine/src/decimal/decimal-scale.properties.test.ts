import fc from "fast-check";
import { expect, test } from "vitest";
import { type DecimalReading, decimalScale } from "./decimal-scale.ts";

const DIGITS = 45;

/** A text's value in units of its 45th decimal: nothing that the grammar takes has more. */
const tiniest = (text: string): bigint => {
  const [whole = "", fraction = ""] = text.split(".");
  return BigInt(whole + fraction.padEnd(DIGITS, "0"));
};

/** Slow and obvious: whole numbers of any size. */
const read = (unit: string, text: string): DecimalReading => {
  const [one, asked] = [tiniest(unit), tiniest(text)];
  if (asked % one !== 0n) return { ok: false, code: "decimal_off_increment" };
  const value = Number(asked / one);
  return Number.isSafeInteger(value)
    ? { ok: true, value }
    : { ok: false, code: "decimal_out_of_range" };
};

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength, maxLength });

const texts = fc.oneof(
  fc.tuple(digits(1, 20), digits(0, 20)).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.tuple(digits(1, 4), digits(0, 10)).map(([whole, fraction]) => `${whole}.${fraction}`),
  digits(1, 20),
  digits(1, 12).map((fraction) => `.${fraction}`),
);

const units = fc.oneof(
  fc.constantFrom("1", "0.01", "0.05", "25", "0.00001", "0.1250", "9007199254740993"),
  texts.filter((text) => /[1-9]/.test(text)),
);

/** And whole multiples of a unit, which few texts are by chance. */
const multiples = fc
  .tuple(fc.constantFrom("0.01", "0.05", "25", "0.00001", "0.125"), fc.maxSafeNat())
  .map(([unit, count]) => ({ unit, text: decimalScale(unit).format(count) }));

test("for any unit and decimal, is read as whole numbers of any size would be", () => {
  fc.assert(
    fc.property(fc.oneof(fc.record({ unit: units, text: texts }), multiples), ({ unit, text }) => {
      expect(decimalScale(unit).parse(text)).toEqual(read(unit, text));
    }),
    { numRuns: 3_000 },
  );
});

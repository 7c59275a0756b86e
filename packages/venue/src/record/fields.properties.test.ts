import { recordViews } from "@pincex/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readAmount, writeAmount } from "./amount-field.ts";
import { FieldWriter } from "./field-writer.ts";
import { type Field, FieldReader, fieldsLength, writeFields } from "./fields.ts";

const edges = [0n, 1n, -1n, 1n << 32n, -(1n << 32n), 1n << 53n, -(1n << 53n), 1n << 64n].flatMap(
  (edge) => [edge - 1n, edge, edge + 1n],
);
const amount = fc.oneof(
  fc.constantFrom(...edges, (1n << 127n) - 1n, -(1n << 127n)),
  fc.bigInt({ min: -(1n << 127n), max: (1n << 127n) - 1n }),
  fc.maxSafeInteger().map(BigInt),
);
const field: fc.Arbitrary<Field> = fc.oneof(
  fc.maxSafeInteger(),
  amount,
  fc.string({ unit: "grapheme", maxLength: 12 }),
);

test("an amount of up to 127 bits is read back as it was written", () => {
  fc.assert(
    fc.property(amount, (value) => {
      const views = recordViews(24);
      writeAmount(views, 8, value);
      expect(readAmount(views, 8)).toBe(value);
      expect(views.f64[0]).toBe(0);
    }),
    { numRuns: 1_000 },
  );
});

test("a larger amount is not written", () => {
  const views = recordViews(16);
  expect(() => writeAmount(views, 0, 1n << 127n)).toThrow(RangeError);
  expect(() => writeAmount(views, 0, -(1n << 127n) - 1n)).toThrow(RangeError);
});

const readLike = (reader: FieldReader, like: Field): Field => {
  if (typeof like === "number") return reader.number();
  return typeof like === "bigint" ? reader.amount() : reader.text();
};

test("a row of fields is read back in order, and nothing is left", () => {
  fc.assert(
    fc.property(fc.array(field, { maxLength: 10 }), (fields) => {
      const views = recordViews(fieldsLength(fields));
      writeFields(views, 0, fields);
      const reader = new FieldReader(views, 0, views.bytes.length);
      expect(fields.map((each) => readLike(reader, each))).toEqual(fields);
      reader.finish();
    }),
  );
});

test("reading beyond the end, or leaving something, is an error", () => {
  const writer = new FieldWriter();
  writer.row(1, 2);
  const bytes = writer.finished();
  const reader = new FieldReader(recordViews(bytes), 0, bytes.length);
  reader.number();
  expect(() => reader.finish()).toThrow(RangeError);
  expect(() => reader.amount()).toThrow(RangeError);
});

test("a number that is not whole is no field", () => {
  const views = recordViews(8);
  views.f64[0] = 0.5;
  expect(() => new FieldReader(views, 0, 8).number()).toThrow(RangeError);
});

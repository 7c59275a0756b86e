import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

describe("canonical JSON", () => {
  test("orders keys as RFC 8785 says, also those that look like numbers", () => {
    const texts = { "\u20ac": "Euro", "10": "ten", "9": "nine", "\r": "return", a: 'a "word"' };
    expect(canonicalJson(texts)).toBe(
      '{"\\r":"return","10":"ten","9":"nine","a":"a \\"word\\"","\u20ac":"Euro"}',
    );
  });

  test("is the same in whatever order the members came, and reads back as what it was", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (texts) => {
        const turned = Object.fromEntries(Object.entries(texts).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(texts));
        expect(JSON.parse(canonicalJson(texts))).toEqual(JSON.parse(JSON.stringify(texts)));
      }),
    );
  });

  test("refuses half of a surrogate pair", () => {
    expect(() => canonicalJson({ name: "\ud800" })).toThrow(RangeError);
  });
});

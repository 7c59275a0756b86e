import { describe, expect, test } from "vitest";
import {
  duplicateName,
  isIdLiteral,
  literalText,
  memberLiterals,
  parsedObject,
} from "./json-literals.ts";

describe("the literals of a JSON object", () => {
  test("are the values as they were written", () => {
    const text = `{"quantity":1e-05, "price" : 64000.10,"side":"BUY","n":null,"t":true , "z":-0}`;
    expect(Object.fromEntries(memberLiterals(text))).toEqual({
      quantity: "1e-05",
      price: "64000.10",
      side: '"BUY"',
      n: "null",
      t: "true",
      z: "-0",
    });
  });

  test("keep nested values whole, whatever their strings contain", () => {
    const text = `{"params":{"a":"}]\\"{","b":[1,{"c":2}]},"id":"x,\\"y"}`;
    const literals = memberLiterals(text);
    expect(literals.get("params")).toBe('{"a":"}]\\"{","b":[1,{"c":2}]}');
    expect(literalText(literals.get("id") ?? "")).toBe('x,"y');
    expect(memberLiterals(literals.get("params") ?? "").get("b")).toBe('[1,{"c":2}]');
  });

  test("of an empty object are none", () => {
    expect(memberLiterals("{ }").size).toBe(0);
    expect(memberLiterals(" {}").size).toBe(0);
  });

  test("of a name that stands twice is the last, as in JSON.parse", () => {
    expect(memberLiterals('{"a":1,"a":2}').get("a")).toBe("2");
  });
});

test.each([
  ["null", true],
  ["7", true],
  ['"e2a85d9f-07a5-4f94"', true],
  ["1.5", false],
  ["[1]", false],
  [`"${"x".repeat(65)}"`, false],
])("%s as an id: %s", (literal, legal) => {
  expect(isIdLiteral(literal)).toBe(legal);
});

test.each([["[]"], ["null"], ["1"], ["{"], [""]])("%j is not an object", (text) => {
  expect(parsedObject(text)).toBeUndefined();
});

test.each([
  ['{"a":1,"b":2,"a":3}', "a"],
  ['{"a":{"b":1},"c":{"b":2}}', undefined],
  ['{"a":[{"b":1},{"b":1, "b" :2}]}', "b"],
  ['{"a":"\\"a\\":","b":":a"}', undefined],
  ['{"a":1,"\\u0061":2}', "a"],
  ['["a","a"]', undefined],
  ['"a:a"', undefined],
  ["1", undefined],
])("the name that stands twice in %s: %s", (json, name) => {
  expect(duplicateName(json)).toBe(name);
});

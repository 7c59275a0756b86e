import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memberLiterals, parsedObject } from "./json-literals.ts";

/** JSON of an object, with white space wherever it may stand. */
const objectText = fc
  .tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(undefined, 1, "\t", "\n  "))
  .map(([object, space]) => JSON.stringify(object, null, space));

describe("for any JSON object", () => {
  test("its literals, parsed one by one, are its values", () => {
    fc.assert(
      fc.property(objectText, (text) => {
        const values = Array.from(memberLiterals(text), ([name, literal]) => [
          name,
          JSON.parse(literal),
        ]);
        expect(values).toEqual(Object.entries(JSON.parse(text)));
      }),
    );
  });
});

describe("for any text", () => {
  test("what is no JSON object is said to be none", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const object = parsedObject(text);
        if (object !== undefined) expect(JSON.parse(text)).toEqual(object);
      }),
    );
  });
});

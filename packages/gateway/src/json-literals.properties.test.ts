import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { duplicateName, memberLiterals, parsedObject } from "./json-literals.ts";

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

  test("no name stands twice, until a member is written once more", () => {
    fc.assert(
      fc.property(objectText, fc.nat(), (text, pick) => {
        expect(duplicateName(text)).toBeUndefined();
        const members = [...memberLiterals(text)];
        const [name, literal] = members[pick % Math.max(1, members.length)] ?? [];
        if (name === undefined) return;
        const again = `${text.slice(0, text.lastIndexOf("}"))}, ${JSON.stringify(name)} : ${literal} }`;
        expect(duplicateName(again)).toBe(name);
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

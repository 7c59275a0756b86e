import fc from "fast-check";
import { expect, test } from "vitest";
import { PriceTrie } from "./price-trie.ts";

const HIGHEST = 2 ** 31 - 2;
const key = fc.oneof(
  fc.constantFrom(1, 31, 32, 33, 1_023, 1_024, 2 ** 30 - 1, 2 ** 30, HIGHEST - 1, HIGHEST),
  fc.integer({ min: 1, max: 100 }),
  fc.integer({ min: 1, max: HIGHEST }),
);

/** A trie and what should be in it: key → value. Values are counted up from 1, as slots of levels are. */
class TrieBeside {
  readonly trie: PriceTrie = new PriceTrie({ sides: 2, nodes: 1 });
  readonly expected: Map<number, { value: number; leaf: number }> = new Map();
  #next = 1;

  /** Puts a key that is missing, removes one that is there. */
  toggle(side: number, key: number): void {
    const there = this.expected.get(key);
    if (there === undefined) {
      const leaf = this.trie.leafFor(side, key);
      expect(this.trie.valueIn(leaf, key)).toBe(0);
      this.trie.put(side, leaf, key, this.#next);
      this.expected.set(key, { value: this.#next, leaf });
      this.#next += 1;
    } else {
      this.trie.remove(side, there.leaf, key);
      this.expected.delete(key);
    }
  }

  /** All values from the highest key down, by the trie's own steps. */
  walk(side: number): number[] {
    const values: number[] = [];
    const keyOf = new Map(
      [...this.expected].map(([key, { value, leaf }]) => [value, { key, leaf }]),
    );
    for (let value = this.trie.highest(side); value !== 0; ) {
      values.push(value);
      const { key, leaf } = keyOf.get(value) as { key: number; leaf: number };
      value = this.trie.below(leaf, key);
    }
    return values;
  }
}

test("for any keys / walks them from the highest down, and finds each", () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 150, size: "max" }), (keys) => {
      const beside = new TrieBeside();
      for (const each of keys) {
        beside.toggle(1, each);
        const sorted = [...beside.expected].sort(([one], [other]) => other - one);
        expect(beside.trie.highestKey(1)).toBe(sorted[0]?.[0] ?? 0);
        expect(beside.walk(1)).toEqual(sorted.map(([, { value }]) => value));
      }
      for (const each of keys) {
        expect(beside.trie.find(1, each)).toBe(beside.expected.get(each)?.value ?? 0);
      }
      expect(beside.trie.find(0, 1)).toBe(0);
    }),
  );
});

test("the next highest key is found below a root of all 31 bits", () => {
  // It used to come back without its topmost bit: two keys that share it, in a trie as high as it gets.
  const beside = new TrieBeside();
  for (const each of [1, 2 ** 30 + 1, 2 ** 30 + 2 ** 26]) beside.toggle(0, each);
  beside.toggle(0, 2 ** 30 + 2 ** 26);
  expect(beside.trie.highestKey(0)).toBe(2 ** 30 + 1);
});

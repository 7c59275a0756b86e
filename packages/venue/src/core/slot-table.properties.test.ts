import fc from "fast-check";
import { expect, test } from "vitest";
import { SlotTable } from "./slot-table.ts";

// Few hashes for many slots: nearly everything collides.
const slot = fc.integer({ min: 1, max: 60 });
const hashOf = (number: number): number => Math.imul(number % 5, 0x40000001);
const steps = fc.array(fc.tuple(fc.constantFrom("insert", "insert", "remove"), slot), {
  maxLength: 200,
});

const slotsOf = (table: SlotTable, hash: number): number[] => {
  const slots: number[] = [];
  for (let at = table.first(hash); at >= 0; at = table.next(at, hash)) slots.push(table.slotAt(at));
  return slots.sort((one, other) => one - other);
};

test("a slot is found by its hash until it is removed, among all that share the hash", () => {
  fc.assert(
    fc.property(steps, (flow) => {
      const table = new SlotTable();
      const present = new Set<number>();
      for (const [step, number] of flow) {
        if (step === "insert" && !present.has(number)) {
          table.insert(hashOf(number), number);
          present.add(number);
        } else if (step === "remove") {
          table.remove(hashOf(number), number);
          present.delete(number);
        }
        for (let hash = 0; hash < 5; hash++) {
          const expected = [...present].filter((each) => each % 5 === hash);
          expect(slotsOf(table, hashOf(hash))).toEqual(expected.sort((a, b) => a - b));
        }
      }
    }),
  );
});

test("it grows", () => {
  const table = new SlotTable();
  for (let number = 1; number <= 10_000; number++) table.insert(number, number);
  for (let number = 1; number <= 10_000; number++) expect(slotsOf(table, number)).toEqual([number]);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { IncomingOrder } from "../incoming-order.ts";
import { OldOrderIndex } from "./old-order-index.ts";
import { OrderPool } from "./order-pool.ts";

const indexed = (): { add(id: number): number; index: OldOrderIndex; remove(id: number): void } => {
  const pool = new OrderPool(1);
  const index = new OldOrderIndex(pool, 1);
  return {
    index,
    add: (id) => {
      const order = new IncomingOrder();
      order.orderId = id;
      const slot = pool.add(order);
      index.add(slot);
      return slot;
    },
    remove: (id) => {
      const slot = index.find(id);
      index.remove(slot);
      pool.release(slot);
    },
  };
};

test("every order is found while the table grows under it", () => {
  const { index, add } = indexed();
  const slots = new Map<number, number>();
  for (let id = 1; id <= 3_000; id += 1) {
    slots.set(id, add(id));
    if (id % 50 === 0) for (const [each, slot] of slots) expect(index.find(each)).toBe(slot);
  }
  expect(index.count).toBe(3_000);
});

test("ids that differ by a multiple of 2^32 are different orders", () => {
  const { index, add, remove } = indexed();
  const ids = [7, 7 + 2 ** 32, 7 + 2 ** 33];
  const slots = ids.map(add);
  expect(ids.map((id) => index.find(id))).toEqual(slots);
  remove(7);
  expect(ids.map((id) => index.find(id))).toEqual([0, ...slots.slice(1)]);
});

test("for any adding and removing / it finds what a Map finds", () => {
  // Ids from a few neighbourhoods, so that entries push each other on, and come back when one goes.
  const id = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 40 }));
  fc.assert(
    fc.property(fc.array(id, { maxLength: 400, size: "max" }), (steps) => {
      const { index, add, remove } = indexed();
      const expected = new Map<number, number>();
      for (const [neighbourhood, offset] of steps) {
        const orderId = neighbourhood * 1_024 + offset + 1;
        if (expected.has(orderId)) {
          remove(orderId);
          expected.delete(orderId);
        } else {
          expected.set(orderId, add(orderId));
        }
      }
      expect(index.count).toBe(expected.size);
      for (let each = 1; each < 13 * 1_024; each += 1) {
        if ((each - 1) % 1_024 > 41) continue;
        expect(index.find(each)).toBe(expected.get(each) ?? 0);
      }
    }),
    { numRuns: 30 },
  );
});

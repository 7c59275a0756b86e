import fc from "fast-check";
import { expect, test } from "vitest";
import { IncomingOrder } from "../incoming-order.ts";
import { OrderIndex } from "./order-index.ts";
import { OrderPool } from "./order-pool.ts";

/** Ids are given out one by one; some come to rest, some of those are removed, at once or much later. */
const lives = fc.array(
  fc.record({ rests: fc.boolean(), removed: fc.option(fc.nat({ max: 300 })) }),
  { maxLength: 400 },
);

test("for any lives of orders / each is found by its id as long as it rests, and no other is", () => {
  fc.assert(
    fc.property(lives, (orders) => {
      const pool = new OrderPool(1);
      const index = new OrderIndex(pool, 1);
      const resting = new Map<number, number>();
      orders.forEach(({ rests, removed }, at) => {
        const id = at + 1;
        index.giveOut(id);
        if (rests) {
          const order = new IncomingOrder();
          order.orderId = id;
          const slot = pool.add(order);
          index.add(slot, id + 1);
          resting.set(id, slot);
        }
        const gone = removed === null ? undefined : [...resting.keys()][removed % id];
        if (gone !== undefined) {
          index.remove(index.find(gone));
          pool.release(resting.get(gone) ?? 0);
          resting.delete(gone);
        }
        for (let each = 0; each <= id + 1; each += 1) {
          expect(index.find(each)).toBe(resting.get(each) ?? 0);
        }
        expect(index.count()).toBe(resting.size);
      });
    }),
    { numRuns: 30 },
  );
});

test("what is no id finds no order", () => {
  const pool = new OrderPool(1);
  const index = new OrderIndex(pool, 1);
  index.giveOut(1);
  const order = new IncomingOrder();
  order.orderId = 1;
  index.add(pool.add(order), 2);
  for (const id of [Number.NaN, 0, -1, 1.5, 1 + 2 ** 32, Number.POSITIVE_INFINITY]) {
    expect(index.find(id)).toBe(0);
  }
});

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

test("orders are found while the ring grows under them, whichever of them stay", () => {
  const pool = new OrderPool(1);
  const index = new OrderIndex(pool, 1);
  const order = new IncomingOrder();
  const slots: number[] = [0];
  for (let id = 1; id <= 40_000; id += 1) {
    index.giveOut(id);
    order.orderId = id;
    const slot = pool.add(order);
    slots.push(slot);
    index.add(slot, id + 1);
    // Two of three go again, each a while after it came.
    const old = id - 700;
    if (old > 0 && old % 3 !== 0) {
      index.remove(slots[old] as number);
      pool.release(slots[old] as number);
      slots[old] = 0;
    }
    if (id % 97 !== 0) continue;
    const wrong = slots.findIndex((slot, each) => each > id - 2_000 && index.find(each) !== slot);
    expect(wrong).toBe(-1);
  }
  expect(slots.findIndex((slot, id) => index.find(id) !== slot)).toBe(-1);
  expect(index.count()).toBe(slots.filter((slot) => slot !== 0).length);
});

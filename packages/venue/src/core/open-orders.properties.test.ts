import { recordViews } from "@pincex/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FieldWriter } from "../record/field-writer.ts";
import { FieldReader } from "../record/fields.ts";
import { OpenOrders } from "./open-orders.ts";

const nothing = recordViews(8);

const named = (name: string) => {
  const views = recordViews(40);
  views.bytes.set(new TextEncoder().encode(name));
  return { views, length: name.length };
};

const restored = (orders: OpenOrders): OpenOrders => {
  const writer = new FieldWriter();
  orders.write(writer);
  const bytes = writer.finished();
  return OpenOrders.read(new FieldReader(recordViews(bytes), 0, bytes.length));
};

test("thousands of orders are found by id and by name, until they are removed", () => {
  const orders = new OpenOrders();
  for (let orderId = 1; orderId <= 5_000; orderId++) {
    const { views, length } = named(`n${orderId % 100}`);
    orders.add(orderId, Math.ceil(orderId / 100), views, 0, length);
  }
  for (let orderId = 1; orderId <= 5_000; orderId += 2) orders.remove(orders.find(orderId));
  expect(orders.count).toBe(2_500);
  for (const each of [orders, restored(orders)]) {
    for (let orderId = 1; orderId <= 5_000; orderId++) {
      const { views, length } = named(`n${orderId % 100}`);
      const slot = each.findByName(Math.ceil(orderId / 100), views, 0, length);
      expect(slot).toBe(each.find(orderId));
      expect(each.orderId(slot)).toBe(orderId % 2 === 0 ? orderId : 0);
    }
  }
});

test("the same orders are the same state, whatever slots they are in", () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 40 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(ids, fc.nat(), (all, cut) => {
      const kept = all.slice(cut % all.length);
      const busy = new OpenOrders();
      for (const orderId of all) busy.add(orderId, 1, nothing, 0, 0);
      for (const orderId of all) if (!kept.includes(orderId)) busy.remove(busy.find(orderId));
      const fresh = new OpenOrders();
      for (const orderId of kept.toReversed()) fresh.add(orderId, 1, nothing, 0, 0);

      const [one, other] = [new FieldWriter(), new FieldWriter()];
      busy.write(one);
      fresh.write(other);
      expect(one.finished()).toEqual(other.finished());
    }),
  );
});

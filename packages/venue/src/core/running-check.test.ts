import { InvariantViolation } from "@pincex/ledger";
import { expect, test } from "vitest";
import { CoreUnderTest } from "../testing/core-under-test.ts";

const withOrders = (): CoreUnderTest => {
  const venue = CoreUnderTest.funded(20, 100_000n);
  for (let orders = 0; orders < 100; orders++) {
    venue.place(1 + (orders % 20), { side: "buy", price: 1 + orders, quantity: 1 });
  }
  return venue;
};

/** A round takes so many steps at most. */
const round = (venue: CoreUnderTest): void => {
  for (let step = 0; step < 10; step++) venue.core.checkNext();
};

test("what is as it should be passes, round after round", () => {
  const venue = withOrders();
  for (let rounds = 0; rounds < 5; rounds++) round(venue);
});

test.each([
  ["less than its order needs", 1n],
  ["gone", 0n],
])("a round finds a hold that is %s", (_, left) => {
  const venue = withOrders();
  venue.core.books.reduceHold(70, left);
  expect(() => round(venue)).toThrow(InvariantViolation);
});

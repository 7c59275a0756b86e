import { expect, test } from "vitest";
import type { VenueCommand } from "../commands/venue-command.ts";
import { BTC, CoreUnderTest, only, order } from "../testing/core-under-test.ts";
import { COMMAND_MEMORY_MS } from "./remembered-commands.ts";
import { VenueCore } from "./venue-core.ts";

const deposit = (given: object = {}): VenueCommand => ({
  kind: "credit_deposit",
  account: 1,
  asset: BTC,
  amount: 500n,
  reference: "",
  commandId: "payment-7",
  ...given,
});

const buy = (given: object = {}): VenueCommand => ({
  kind: "place_order",
  account: 1,
  clientOrderId: "",
  order: order({ price: 100, quantity: 1 }),
  commandId: "buy-1",
  ...given,
});

test("a deposit that is sent twice counts once", () => {
  const venue = CoreUnderTest.funded(1, 10_000n);
  venue.do(deposit());
  const original = venue.core.sequence;
  venue.time += 5_000;
  expect(venue.do(deposit())).toEqual([
    { kind: "repeated", originalSequence: original, originalTime: venue.time - 5_000, orderId: 0 },
  ]);
  expect(venue.balance(1, BTC)).toBe(10_500n);
});

test("a placement that is sent twice answers with the order that it placed", () => {
  const venue = CoreUnderTest.funded(1, 10_000n);
  venue.do(buy());
  expect(only(venue.do(buy()), "repeated")).toMatchObject([{ orderId: 1 }]);
  expect(venue.core.engine.restingCount).toBe(1);
});

test("another body under the same id is a conflict", () => {
  const venue = CoreUnderTest.funded(1, 10_000n);
  venue.do(deposit());
  const events = venue.do(deposit({ amount: 501n }));
  expect(only(events, "refused")).toMatchObject([
    { code: "command_id_conflict", field: "commandId" },
  ]);
});

test("ids are each account's own, and those of the operator apart from them", () => {
  const venue = CoreUnderTest.funded(2, 10_000n);
  venue.do(buy({ commandId: "same" }));
  expect(only(venue.do(buy({ account: 2, commandId: "same" })), "accepted")).toHaveLength(1);
  expect(only(venue.do(deposit({ commandId: "same" })), "entry")).toHaveLength(1);
});

test("a refused command is asked afresh", () => {
  const venue = CoreUnderTest.funded(1, 500n);
  expect(only(venue.do(buy()), "refused")).toHaveLength(1);
  venue.do({ kind: "credit_deposit", account: 1, asset: 2, amount: 500n, reference: "" });
  expect(only(venue.do(buy()), "accepted")).toHaveLength(1);
});

test("a command is remembered for a day of command time", () => {
  const venue = CoreUnderTest.funded(1, 10_000n);
  venue.do(deposit());
  venue.time += COMMAND_MEMORY_MS;
  expect(only(venue.do(deposit()), "repeated")).toHaveLength(1);
  venue.time += 1;
  expect(only(venue.do(deposit()), "entry")).toHaveLength(1);
});

test("many commands are remembered, each by its id, also by a restored core", () => {
  const venue = CoreUnderTest.funded(1, 10_000n);
  const half = COMMAND_MEMORY_MS / 2;
  for (let turn = 0; turn < 500; turn++) {
    venue.time += half / 100;
    venue.do(deposit({ commandId: `payment-${turn}` }));
  }
  const restored = new CoreUnderTest(VenueCore.restore(venue.core.snapshot()));
  for (const core of [venue, restored]) {
    expect(only(core.do(deposit({ commandId: "payment-299" })), "repeated")).toHaveLength(1);
    expect(only(core.do(deposit({ commandId: "payment-499" })), "repeated")).toHaveLength(1);
    expect(only(core.do(deposit({ commandId: "payment-298" })), "entry")).toHaveLength(1);
  }
  expect(restored.core.stateHash()).toBe(venue.core.stateHash());
});

import { RecordWriter, recordViews, writeHeader } from "@pincex/engine";
import { expect, test } from "vitest";
import { REFUSALS, refusalNumber } from "../refusals/venue-refusals.ts";
import { CoreUnderTest, MARKET } from "../testing/core-under-test.ts";
import { writeRefused, writeRefusedWithAmounts } from "./refused.ts";
import { decodeVenueEvent, readEvents } from "./venue-event.ts";

test("a trade's events read as what they are, the engine's and the ledger's among them", () => {
  const venue = CoreUnderTest.funded(2, 100_000n);
  venue.place(1, { side: "sell", price: 100, quantity: 1 });
  const bytes = venue.bytesOf({
    kind: "place_order",
    account: 2,
    clientOrderId: "mine",
    order: {
      market: MARKET,
      side: "buy",
      type: "limit",
      timeInForce: "gtc",
      price: 100,
      quantity: 1,
      quoteQuantity: 0,
    },
  });
  expect([...readEvents(bytes)]).toEqual([
    { kind: "applied", sequence: venue.core.sequence, time: 1_000, commandKind: 133 },
    { kind: "order_named", orderId: 2, account: 2, clientOrderId: "mine" },
    expect.objectContaining({ kind: "accepted", orderId: 2 }),
    expect.objectContaining({ kind: "trade", tradeId: 1, makerOrderId: 1, takerOrderId: 2 }),
    {
      kind: "entry",
      entry: expect.objectContaining({ kind: "trade", number: 5, at: 1_000, key: "", memo: "" }),
    },
    {
      kind: "trade_settled",
      market: MARKET,
      tradeId: 1,
      entry: 5,
      makerFee: 0n,
      makerFeeAsset: 2,
      takerFee: 0n,
      takerFeeAsset: 1,
    },
    expect.objectContaining({ kind: "held", orderId: 1, amount: 0n, total: 0n }),
    expect.objectContaining({ kind: "done", orderId: 1, reason: "filled" }),
    expect.objectContaining({ kind: "level_changed", quantity: 0 }),
    expect.objectContaining({ kind: "done", orderId: 2, reason: "filled" }),
  ]);
});

test.each(Object.entries(REFUSALS))(
  "a refusal %s is read with its field and rule",
  (code, rule) => {
    const out = new RecordWriter();
    writeRefused(out, rule.number);
    writeRefusedWithAmounts(out, rule.number, 1n << 100n, 0n);
    const refused = {
      kind: "refused",
      code,
      codeNumber: rule.number,
      field: rule.field,
      rule: rule.rule,
    };
    expect([...readEvents(out.finished())]).toEqual([
      refused,
      { ...refused, needed: 1n << 100n, available: 0n },
    ]);
  },
);

test("no two refusals share a number, and none is the engine's", () => {
  const numbers = Object.values(REFUSALS).map(({ number }) => number);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(1_000);
  expect(refusalNumber("order_unknown")).toBeLessThan(1_000);
});

test.each([0, 63, 70, 255])("kind %i is no event", (kind) => {
  const views = recordViews(8);
  writeHeader(views, 0, kind, 1, 8, 0);
  expect(() => decodeVenueEvent(views, 0)).toThrow(RangeError);
});

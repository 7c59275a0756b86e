import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RecordWriter, recordLength, recordViews } from "../record.ts";
import { MARKETS, orderFlow } from "../testing/order-flow.ts";
import type { EngineCommand, Place } from "./command.ts";
import { decodeCommand, encodeCommand, writeCommand } from "./command-codec.ts";

const place: Place = {
  kind: "place",
  market: 1,
  account: 7,
  side: "sell",
  type: "market",
  timeInForce: "fok",
  price: 101,
  quantity: 0,
  quoteQuantity: 2 ** 53 - 1,
};

test("for any commands / decoding gives what was encoded", () => {
  fc.assert(
    fc.property(orderFlow, (flow) => {
      const commands: EngineCommand[] = [...MARKETS, ...flow];
      const writer = new RecordWriter();
      for (const command of commands) writeCommand(writer, command);
      const decoded: EngineCommand[] = [];
      for (let at = 0; at < writer.length; at += recordLength(writer.views, at)) {
        decoded.push(decodeCommand(writer.views, at));
      }
      expect(decoded).toEqual(commands);
    }),
  );
});

describe("what a record can't hold throws", () => {
  test.each([
    ["a market of half", { market: 0.5 }],
    ["an account of 2^31", { account: 2 ** 31 }],
    ["a price of NaN", { price: Number.NaN }],
    ["a side that is a property of every object", { side: "__proto__" }],
    ["a type that nobody knows", { type: "peg" }],
    ["a time in force that is a method", { timeInForce: "toString" }],
  ])("%s", (_, strange) => {
    const writer = new RecordWriter();
    expect(() => writeCommand(writer, { ...place, ...strange } as Place)).toThrow(RangeError);
    expect(writer.length).toBe(0);
  });
});

test("a code that has no name is not decoded", () => {
  const bytes = encodeCommand(place);
  for (const at of [16, 17, 18]) {
    expect(() => decodeCommand(recordViews(bytes.with(at, 9)), 0)).toThrow(RangeError);
  }
});

import { Side, TimeInForce } from "@pincex/engine";
import { describe, expect, test } from "vitest";
import { CommandList } from "./command-list.ts";
import { readObw, writeObw } from "./obw.ts";
import { CommandType, type Workload } from "./workload.ts";

const resting = { timeInForce: TimeInForce.gtc, symbol: 0 };

/** Two orders that rest, then a market order that trades, a replacement and a cancel on two symbols. */
const small = (): Workload => {
  const list = new CommandList(5);
  const { limit, market, replace, cancel } = CommandType;
  list.add({ ...resting, type: limit, side: Side.sell, orderId: 1, price: 101, quantity: 5 });
  list.add({ ...resting, type: limit, side: Side.buy, orderId: 2, price: 99, quantity: 7 });
  list.add({ ...resting, type: market, side: Side.buy, orderId: 3, price: 0, quantity: 2 });
  list.add({ ...resting, type: replace, side: Side.buy, orderId: 2, price: 100, quantity: 6 });
  list.add({ ...resting, type: cancel, side: Side.sell, orderId: 1, price: 0, quantity: 0 });
  return list.workload(2, 2);
};

/** The file of a workload with one of its words of 32 bits changed. */
const changed = (word: number, value: number): Uint8Array => {
  const bytes = writeObw(small());
  new DataView(bytes.buffer).setUint32(word * 4, value, true);
  return bytes;
};

/** Where a command's words begin in the file. */
const command = (index: number): number => 16 + index * 6;

describe("a workload's file", () => {
  test("is read as it was written", () => {
    expect(readObw(writeObw(small()))).toEqual(small());
  });

  test("is read from anywhere in a buffer", () => {
    const file = writeObw(small());
    const buffer = new Uint8Array(file.length + 7);
    buffer.set(file, 3);
    expect(readObw(buffer.subarray(3, 3 + file.length))).toEqual(small());
  });

  test("has a header of 64 bytes and 24 bytes a command, little-endian", () => {
    const file = writeObw(small());
    expect(file).toHaveLength(64 + 5 * 24);
    expect(new TextDecoder().decode(file.subarray(0, 4))).toBe("OBW1");
    const header = [1, 2, 3, 2, 3, 99, 101].flatMap((word) => [word, 0, 0, 0]);
    expect([...file.subarray(4, 64)]).toEqual([...header, ...Array(32).fill(0)]);
    const replacement = [CommandType.replace, 0, 2, 100, 6, 0].flatMap((word) => [word, 0, 0, 0]);
    expect([...file.subarray(64 + 3 * 24, 64 + 4 * 24)]).toEqual(replacement);
  });

  test.each([
    ["less than a header", writeObw(small()).subarray(0, 63), /header of 64 bytes, was 63/],
    ["another format", changed(0, 0x3157424e), /begin with "OBW1"/],
    ["another version", changed(1, 2), /version 1, was 2/],
    ["a cut file", writeObw(small()).subarray(0, -1), /expected 184 bytes, was 183/],
    ["more commands than there are", changed(3, 4), /expected 208 bytes, was 184/],
    ["nothing to measure", writeObw({ ...small(), setup: 5, main: 0 }), /to measure, was 0/],
    ["ids that are not dense", changed(5, 6), /ids up to 5, was 6/],
    ["prices beyond 31 bits", changed(7, 2 ** 31), /prices below 2147483647, was 2147483648/],
    ["a type that is none", changed(command(2), 4), /command 2: expected a type/],
    ["a side that is none", changed(command(1), 2 << 8), /command 1: expected a side/],
    [
      "a time in force that is none",
      changed(command(1), 2 << 16),
      /command 1: expected gtc or ioc/,
    ],
    ["a symbol that is none", changed(command(0) + 1, 2), /command 0: expected a symbol below 2/],
    ["an id of 0", changed(command(4) + 2, 0), /command 4: expected an order id from 1 to 3/],
    ["an id that was used", changed(command(1) + 2, 1), /command 1: .* no other order has, was 1/],
    ["a price below the lowest", changed(command(0) + 3, 98), /command 0: .* from 99 to 101/],
    ["a price above the highest", changed(command(3) + 3, 102), /command 3: .* from 99 to 101/],
    ["a quantity of 0", changed(command(2) + 4, 0), /command 2: expected a quantity/],
    ["a quantity beyond 31 bits", changed(command(0) + 4, 2 ** 31), /command 0: .* a quantity/],
  ])("is refused for %s", (_, bytes, message) => {
    expect(() => readObw(bytes)).toThrow(RangeError);
    expect(() => readObw(bytes)).toThrow(message);
  });
});

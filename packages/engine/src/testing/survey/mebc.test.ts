import { describe, expect, test } from "vitest";
import { decodeMebc } from "./mebc.ts";
import { type MebcStreams, mebcOf, TINY } from "./mebc-of.ts";
import { type MessageRow, workloadOf } from "./workload.ts";

/** The largest magnitude of a varint, 2^53 − 1, that is not negative; then the byte that makes it too large. */
const LARGEST = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f];

const decoded = (streams: Partial<MebcStreams>) => decodeMebc(mebcOf({ ...TINY, ...streams }));

describe("a workload is read", () => {
  test("of new orders, cancels and modifies", () => {
    const rows: MessageRow[] = [
      [0, 1, 0, 5, 0, 33_504],
      [0, 0, 0, 3, 1, 33_504],
      [2, 0, 0, 4, 0, 33_505],
      [1, 0, 0, 0, 0, 0],
    ];
    expect(decoded({})).toEqual(workloadOf(rows));
  });

  test("of no message", () => {
    expect(decodeMebc(mebcOf({ flags: [], quantities: [], prices: [], ids: [] })).count).toBe(0);
  });

  test("whose bytes are part of others", () => {
    const bytes = mebcOf(TINY);
    const among = new Uint8Array(bytes.length + 5);
    among.set(bytes, 3);
    expect(decodeMebc(among.subarray(3, -2))).toEqual(decoded({}));
  });

  test("with an immediate-or-cancel order, a price below the usual one and a quantity of 255", () => {
    const workload = decoded({ flags: [12], quantities: [255], prices: [0x81, 0x01], ids: [0] });
    expect(workload).toEqual(workloadOf([[0, 1, 1, 255, 0, 33_504 - 65]]));
  });

  test("with ids that leave gaps, go back and reach 2^53 − 1", () => {
    const workload = decoded({
      flags: [0, 0, 0, 0],
      quantities: [1, 1, 1, 1],
      prices: [0, 0, 0, 0],
      // 10 beyond the first; 3 behind the next; the next; then the last that there is.
      ids: [20, 5, 0, 0xe6, ...LARGEST.slice(1)],
    });
    expect([...workload.ids]).toEqual([10, 8, 11, 2 ** 53 - 1]);
  });

  test("where a modify changes an order's last new, not its last modify", () => {
    const workload = decoded({
      flags: [0, 2, 2, 0, 2],
      quantities: [10, 4, 4, 20, 4],
      prices: [20, 2, 2, 40, 2],
      // The fourth is a new order under the same id.
      ids: [0, 0, 0, 1, 0],
    });
    expect([...workload.quantities]).toEqual([10, 12, 12, 20, 22]);
    expect([...workload.prices]).toEqual([33_514, 33_515, 33_515, 33_524, 33_525]);
  });

  test("where ids of cancels don't count as the highest so far, and orders that never were are modified from zero", () => {
    const workload = decoded({
      flags: [2, 1, 0],
      quantities: [6, 1],
      prices: [8, 0],
      ids: [11, 1, 0],
    });
    expect([...workload.ids]).toEqual([5, 0, 0]);
    expect([...workload.quantities]).toEqual([3, 0, 1]);
    expect([...workload.prices]).toEqual([4, 0, 33_504]);
  });
});

describe("what is no whole workload throws a RangeError", () => {
  const bytes = mebcOf(TINY);

  test.each(Array.from(bytes.keys()))("cut after %i bytes", (length) => {
    expect(() => decodeMebc(bytes.subarray(0, length))).toThrow(RangeError);
  });

  test("a byte more at the end", () => {
    expect(() => decodeMebc(new Uint8Array([...bytes, 0]))).toThrow("expected 38 bytes, was 39");
  });

  test("another beginning", () => {
    expect(() => decodeMebc(bytes.with(3, 0x44))).toThrow("begins with MEBC");
  });

  test("another number of messages than of flags", () => {
    expect(() => decodeMebc(bytes.with(4, 3))).toThrow("expected flags of 3 messages, was 4");
  });

  test.each<[string, Partial<MebcStreams>, string]>([
    ["a type that nobody knows", { flags: [4, 0, 3, 1] }, "message 2: expected flags of a message"],
    [
      "a flag that nobody knows",
      { flags: [4, 16, 2, 1] },
      "message 1: expected flags of a message",
    ],
    ["too few quantities", { quantities: [5, 3] }, "the stream of quantities ends too early"],
    ["too few prices", { prices: [0, 0] }, "the stream of prices ends too early"],
    ["too few ids", { ids: [0, 0, 2] }, "the stream of ids ends too early"],
    ["an id that goes on", { ids: [0, 0, 2, 0x82] }, "the stream of ids ends too early"],
    [
      "too many quantities",
      { quantities: [5, 3, 1, 1] },
      "the stream of quantities has 1 bytes too",
    ],
    ["too many prices", { prices: [0, 0, 2, 0, 0] }, "the stream of prices has 2 bytes too many"],
    ["too many ids", { ids: [0, 0, 2, 2, 2] }, "the stream of ids has 1 bytes too many"],
    [
      "a negative id",
      { ids: [1, 0, 2, 2] },
      "message 0: expected an id from 0 to 2^53 − 1, was -1",
    ],
    [
      "an id of 2^53",
      { ids: [...LARGEST, 0, 2, 2] },
      "message 1: expected an id from 0 to 2^53 − 1",
    ],
    [
      "a price of 2^31",
      { prices: [0xc0, 0xf4, 0xfb, 0xff, 0x0f, 0, 0] },
      "message 0: expected a price of 32 bits, was 2147483648",
    ],
    [
      "a quantity of 2^31",
      { quantities: [5, 3, 0xf6, 0xff, 0xff, 0xff, 0x0f] },
      "message 2: expected a quantity of 32 bits, was 2147483648",
    ],
    ["a number of 2^53", { ids: [...LARGEST.with(-1, 0x3f), 0, 2, 2] }, "a number above 2^53"],
    [
      "a number of nine bytes",
      { ids: [...LARGEST.with(-1, 0x80), 0, 0, 2, 2] },
      "a number above 2^53",
    ],
  ])("%s", (_, streams, message) => {
    expect(() => decoded(streams)).toThrow(RangeError);
    expect(() => decoded(streams)).toThrow(message);
  });
});

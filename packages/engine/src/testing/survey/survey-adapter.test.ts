import { describe, expect, test } from "vitest";
import { reportOf } from "./edge-cases.ts";
import { decodeMebc } from "./mebc.ts";
import { mebcOf, TINY, TINY_REPORT } from "./mebc-of.ts";
import { hashReport } from "./report-hash.ts";
import { replaySurvey } from "./survey-adapter.ts";
import { type MessageRow, workloadOf } from "./workload.ts";

const buy = (id: number, price: number, quantity: number): MessageRow => [
  0,
  0,
  0,
  quantity,
  id,
  price,
];
const sell = (id: number, price: number, quantity: number): MessageRow => [
  0,
  1,
  0,
  quantity,
  id,
  price,
];
const buyNow = (id: number, price: number, quantity: number): MessageRow => [
  0,
  0,
  1,
  quantity,
  id,
  price,
];
const cancel = (id: number): MessageRow => [1, 0, 0, 0, id, 0];
const modify = (id: number, price: number, quantity: number): MessageRow => [
  2,
  0,
  0,
  quantity,
  id,
  price,
];

const report = (...rows: MessageRow[]): string[] => reportOf(workloadOf(rows));

test("a decoded workload is reported, counted and hashed", () => {
  const workload = decodeMebc(mebcOf(TINY));
  expect(reportOf(workload)).toEqual(TINY_REPORT);
  expect(hashReport(workload)).toEqual({
    lines: 5,
    trades: 1,
    volume: 3,
    // `sha256sum` of the five lines, without a line feed at the end.
    hash: "4172f7ca6c5a0a627de9fa5bff6f2c5ad61efa8165b1e5edf1c6d2245882fdef",
  });
});

test("no message is an empty report", () => {
  expect(report()).toEqual([]);
});

test("an immediate-or-cancel order trades what it can, and the rest is cancelled", () => {
  expect(report(sell(1, 100, 2), buyNow(2, 101, 5), cancel(2), buyNow(3, 101, 1))).toEqual([
    "0,0,1,1,100,2",
    "0,1,0,2,101,5",
    "1,1,100,2,1,2",
    "2,1,0,2,101",
    "4,2,2",
    "0,3,0,3,101,1",
    "2,3,0,3,101",
  ]);
});

test("a modify stays on its side, loses its place in the queue, and is told after what it trades", () => {
  expect(
    report(
      sell(1, 100, 2),
      sell(2, 100, 2),
      modify(1, 100, 2),
      buy(3, 100, 3),
      modify(3, 99, 1),
      modify(1, 98, 4),
      buy(4, 98, 9),
    ),
  ).toEqual([
    "0,0,1,1,100,2",
    "0,1,1,2,100,2",
    "3,2,1,1,100,2",
    "0,3,0,3,100,3",
    "1,3,100,2,2,3",
    "1,3,100,1,1,3",
    "5,4,3",
    "3,5,1,1,98,4",
    "0,6,0,4,98,9",
    "1,6,98,4,1,4",
  ]);
});

describe("ids", () => {
  const far = Number.MAX_SAFE_INTEGER;

  test("may be anything up to 2^53 − 1, also 0", () => {
    expect(
      report(sell(far, 100, 2), buy(0, 100, 1), modify(far, 101, 3), cancel(far), cancel(0)),
    ).toEqual([
      `0,0,1,${far},100,2`,
      "0,1,0,0,100,1",
      `1,1,100,1,${far},0`,
      `3,2,1,${far},101,3`,
      `2,3,1,${far},101`,
      "4,4,0",
    ]);
  });

  test("that never were can be neither cancelled nor modified, whatever they ask", () => {
    expect(report(cancel(5), modify(far, -7, 0))).toEqual(["4,0,5", `5,1,${far}`]);
  });

  test.each([1, far])("can be used again once the order %i is filled or cancelled", (id) => {
    expect(
      report(
        buy(id, 100, 1),
        cancel(id),
        sell(id, 90, 1),
        buy(7, 90, 1),
        buy(id, 80, 1),
        modify(id, 81, 2),
      ),
    ).toEqual([
      `0,0,0,${id},100,1`,
      `2,1,0,${id},100`,
      `0,2,1,${id},90,1`,
      "0,3,0,7,90,1",
      `1,3,90,1,${id},7`,
      `0,4,0,${id},80,1`,
      `3,5,0,${id},81,2`,
    ]);
  });

  test("that still rest, when they are used again, name the order that came to rest last", () => {
    expect(report(buy(1, 100, 1), buy(1, 90, 2), cancel(1), cancel(1), sell(2, 90, 5))).toEqual([
      "0,0,0,1,100,1",
      "0,1,0,1,90,2",
      "2,2,0,1,90",
      "4,3,1",
      "0,4,1,2,90,5",
      "1,4,100,1,1,2",
    ]);
    expect(report(buy(1, 100, 1), buyNow(1, 90, 2), cancel(1))).toEqual([
      "0,0,0,1,100,1",
      "0,1,0,1,90,2",
      "2,1,0,1,90",
      "2,2,0,1,100",
    ]);
  });
});

describe("an order that the widest market does not take throws", () => {
  test.each<[string, MessageRow[], string]>([
    ["price", [buy(1, 1, 1), buy(2, 2 ** 31 - 1, 1)], "message 1: price_above_maximum"],
    ["price", [buy(1, 0, 1)], "message 0: price_must_be_positive"],
    ["quantity", [sell(1, 1, 2 ** 22 + 1)], "message 0: quantity_above_maximum"],
    ["quantity", [sell(1, 1, 0)], "message 0: quantity_must_be_positive"],
    ["price", [buy(1, 1, 1), modify(1, -1, 1)], "message 1: price_must_be_positive"],
    ["quantity", [buy(1, 1, 1), modify(1, 1, 0)], "message 1: quantity_must_be_positive"],
  ])("because of its %s: %j", (_, rows, message) => {
    const replay = () => replaySurvey(workloadOf(rows), () => undefined);
    expect(replay).toThrow(RangeError);
    expect(replay).toThrow(message);
  });

  test("but the highest price and the largest quantity are reported", () => {
    expect(report(buy(1, 2 ** 31 - 2, 2 ** 22))).toEqual(["0,0,0,1,2147483646,4194304"]);
  });
});

test.each<[string, MessageRow]>([
  ["type", [3, 0, 0, 1, 1, 1]],
  ["side", [0, 2, 0, 1, 1, 1]],
  ["ioc", [0, 0, -1, 1, 1, 1]],
  ["id", [0, 0, 0, 1, 2 ** 53, 1]],
  ["price", [0, 0, 0, 1, 1, 1.5]],
  ["quantity", [0, 0, 0, 2 ** 31, 1, 1]],
])("a row with a wrong %s is no message", (field, row) => {
  expect(() => workloadOf([row])).toThrow(RangeError);
  expect(() => workloadOf([row])).toThrow(field);
});

import { describe, expect, test } from "vitest";
import { bucketBefore, bucketStart, CANDLE_INTERVALS, nextBucket } from "./interval.ts";

const at = (text: string): number => Date.parse(`${text}Z`);

describe("a bucket starts", () => {
  test.each([
    ["1m", "2026-11-24T16:37:59.999", "2026-11-24T16:37"],
    ["3m", "2026-11-24T16:37", "2026-11-24T16:36"],
    ["5m", "2026-11-24T16:37", "2026-11-24T16:35"],
    ["15m", "2026-11-24T16:37", "2026-11-24T16:30"],
    ["30m", "2026-11-24T16:37", "2026-11-24T16:30"],
    ["1h", "2026-11-24T16:37", "2026-11-24T16:00"],
    ["2h", "2026-11-24T17:37", "2026-11-24T16:00"],
    ["4h", "2026-11-24T17:37", "2026-11-24T16:00"],
    ["6h", "2026-11-24T17:37", "2026-11-24T12:00"],
    ["8h", "2026-11-24T17:37", "2026-11-24T16:00"],
    ["12h", "2026-11-24T17:37", "2026-11-24T12:00"],
    ["1d", "2026-11-24T17:37", "2026-11-24T00:00"],
    ["3d", "1970-01-05T12:00", "1970-01-04T00:00"],
    ["1w", "2026-11-29T23:59:59.999", "2026-11-23T00:00"],
    ["1w", "2026-11-30T00:00", "2026-11-30T00:00"],
    ["1w", "1970-01-01T00:00", "1969-12-29T00:00"],
    ["1M", "2028-02-29T12:00", "2028-02-01T00:00"],
  ] as const)("of %s, at %s: %s", (interval, moment, start) => {
    expect(bucketStart(interval, at(moment))).toBe(at(start));
  });

  test("in the next month after any length of month, across the year", () => {
    expect(nextBucket("1M", at("2028-02-01T00:00"))).toBe(at("2028-03-01T00:00"));
    expect(nextBucket("1M", at("2026-12-01T00:00"))).toBe(at("2027-01-01T00:00"));
    expect(bucketBefore("1M", at("2027-01-01T00:00"), 1)).toBe(at("2026-12-01T00:00"));
    expect(bucketBefore("1M", at("2027-03-01T00:00"), 14)).toBe(at("2026-01-01T00:00"));
    expect(bucketBefore("1w", at("2026-11-30T00:00"), 2)).toBe(at("2026-11-16T00:00"));
  });
});

test("every interval is made of whole minutes and starts where a minute starts", () => {
  const moment = at("2026-11-24T16:37:21");
  for (const interval of CANDLE_INTERVALS) {
    expect(bucketStart("1m", bucketStart(interval, moment))).toBe(bucketStart(interval, moment));
  }
});

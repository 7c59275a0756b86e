import { describe, expect, test } from "vitest";
import {
  MAX_RECORD_LENGTH,
  RecordWriter,
  recordKind,
  recordLength,
  recordSecond,
  recordVersion,
  recordViews,
  writeHeader,
} from "./record.ts";

describe("a record's header", () => {
  test("says kind, version, length and what the kind adds", () => {
    const views = recordViews(MAX_RECORD_LENGTH + 8);
    writeHeader(views, 8, 255, 254, MAX_RECORD_LENGTH, -7);
    expect(recordKind(views, 8)).toBe(255);
    expect(recordVersion(views, 8)).toBe(254);
    expect(recordLength(views, 8)).toBe(MAX_RECORD_LENGTH);
    expect(recordSecond(views, 8)).toBe(-7);
  });

  test.each([0, 7, 12, MAX_RECORD_LENGTH + 8])("has no length of %i", (length) => {
    expect(() => writeHeader(recordViews(64), 0, 1, 1, length, 0)).toThrow(RangeError);
  });
});

describe("record views", () => {
  test("of aligned bytes share them", () => {
    const bytes = new Uint8Array(16);
    recordViews(bytes).i32[3] = 1;
    expect(bytes[12]).toBe(1);
  });

  test.each([
    ["that don't start on a multiple of 8", new Uint8Array(24).fill(1).subarray(4, 20)],
    ["whose length is no multiple of 8", new Uint8Array(24).fill(1).subarray(0, 20)],
  ])("of bytes %s are of a copy, filled up with 0", (_, bytes) => {
    const views = recordViews(bytes);
    expect(views.bytes.byteLength % 8).toBe(0);
    expect(views.bytes.subarray(0, bytes.length)).toEqual(bytes);
    views.bytes[0] = 9;
    expect(bytes[0]).toBe(1);
  });
});

describe("a record writer", () => {
  test("grows, and keeps what was written", () => {
    const writer = new RecordWriter(8);
    const source = recordViews(24);
    writeHeader(source, 8, 3, 1, 16, 5);
    for (let count = 0; count < 100; count += 1) {
      expect(writer.append(source, 8, 16)).toBe(count * 16);
    }
    const views = recordViews(writer.finished());
    expect(views.bytes.byteLength).toBe(1_600);
    expect([recordKind(views, 1_584), recordSecond(views, 1_584)]).toEqual([3, 5]);
  });

  test("gives zeroed room where something was written before", () => {
    const writer = new RecordWriter();
    writer.views.bytes.fill(9, writer.reserve(16), 16);
    writer.clear();
    expect(writer.reserve(16)).toBe(0);
    expect(writer.finished()).toEqual(new Uint8Array(16));
  });

  test("copies long records, and every bit of a NaN", () => {
    const source = recordViews(1_024);
    source.bytes.fill(0xff);
    const writer = new RecordWriter();
    writer.append(source, 0, 16);
    writer.append(source, 0, 1_024);
    expect(writer.finished()).toEqual(new Uint8Array(1_040).fill(0xff));
  });
});

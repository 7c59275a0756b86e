import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ACCOUNT_BOUNDS, ACCOUNT_KINDS, ACCOUNT_STATUSES, type Account } from "../account.ts";
import { AMOUNT_LIMIT } from "../amount.ts";
import type { Entry } from "../entry.ts";
import { accountOpenedLength, decodeAccountOpened, writeAccountOpened } from "./account-record.ts";
import { decodeEntry, entryLength, writeEntry } from "./entry-record.ts";
import type { RecordViews } from "./record-views.ts";

const viewsOf = (bytes: number): RecordViews => {
  const buffer = new ArrayBuffer(bytes);
  return {
    bytes: new Uint8Array(buffer),
    i32: new Int32Array(buffer),
    f64: new Float64Array(buffer),
  };
};

const amount = fc.bigInt({ min: 1n - AMOUNT_LIMIT, max: AMOUNT_LIMIT - 1n });
const text = (maxLength: number) => fc.string({ unit: "binary", maxLength });
const count = fc.maxSafeNat();

const entry: fc.Arbitrary<Entry> = fc.record({
  number: count,
  kind: text(64),
  at: count,
  bookedAt: count,
  key: text(128),
  memo: text(1_024),
  corrects: count,
  postings: fc.array(fc.record({ account: count, amount, balanceAfter: amount }), {
    maxLength: 12,
  }),
});

const account: fc.Arbitrary<Account> = fc.record({
  account: count,
  owner: text(255),
  sub: text(64),
  asset: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  kind: fc.constantFrom(...ACCOUNT_KINDS),
  place: text(64),
  bound: fc.constantFrom(...ACCOUNT_BOUNDS),
  status: fc.constantFrom(...ACCOUNT_STATUSES),
});

const house = (owner: string): Account => ({
  account: 1,
  owner,
  sub: "",
  asset: 7,
  kind: "house",
  place: "",
  bound: "none",
  status: "open",
});

describe("a record", () => {
  test("of any entry is read back as it was, and no longer than it said", () => {
    fc.assert(
      fc.property(entry, (one) => {
        const length = entryLength(one);
        const views = viewsOf(length + 16);
        expect(writeEntry(views, 8, one)).toBe(length);
        expect(length % 8).toBe(0);
        expect([views.f64[0], views.f64[length / 8 + 1]]).toEqual([0, 0]);
        expect(decodeEntry(views, 8)).toEqual(one);
      }),
    );
  });

  test("of any account is read back as it was, and no longer than it said", () => {
    fc.assert(
      fc.property(account, (one) => {
        const length = accountOpenedLength(one);
        const views = viewsOf(length + 16);
        expect(writeAccountOpened(views, 8, one)).toBe(length);
        expect([views.f64[0], views.f64[length / 8 + 1]]).toEqual([0, 0]);
        expect(decodeAccountOpened(views, 8)).toEqual(one);
      }),
    );
  });

  test("holds texts as UTF-8", () => {
    const owner = "aßΩ€🪙";
    const one = house(owner);
    const views = viewsOf(accountOpenedLength(one));
    writeAccountOpened(views, 0, one);
    const utf8 = new TextEncoder().encode(owner);
    expect(views.bytes.subarray(32, 32 + utf8.length)).toEqual(utf8);
  });

  test("begins with kind 64 or 65, version 2 and its length in 8 bytes", () => {
    const one = house("bob");
    const views = viewsOf(40);
    writeAccountOpened(views, 0, one);
    expect([...views.bytes.subarray(0, 8)]).toEqual([65, 2, 5, 0, 7, 0, 0, 0]);
  });

  test("of another kind, version or length is refused", () => {
    const one = house("bob");
    const views = viewsOf(48);
    writeAccountOpened(views, 0, one);
    expect(() => decodeEntry(views, 0)).toThrow("kind 64, was 65");
    expect(() => decodeAccountOpened(views, 8)).toThrow(RangeError);
    views.bytes[1] = 3;
    expect(() => decodeAccountOpened(views, 0)).toThrow("version 2, was 3");
    views.bytes[1] = 2;
    views.bytes[2] = 4;
    expect(() => decodeAccountOpened(views, 0)).toThrow(RangeError);
    views.bytes[2] = 6;
    expect(() => decodeAccountOpened(views, 0)).toThrow(RangeError);
  });
});

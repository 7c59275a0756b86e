import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bookChecksum } from "./book-checksum.ts";

const rows = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 2 ** 50 })),
  { maxLength: 15 },
);

/** As Kraken's manual has it: on printed decimals. */
const printed = (value: number, decimals: number): string => {
  const digits = String(value).padStart(decimals + 1, "0");
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
};
const token = (text: string): string => text.replace(".", "").replace(/^0+/, "");

test("for any book / the checksum is the CRC-32 of its printed decimals, without points and leading zeros", () => {
  fc.assert(
    fc.property(rows, rows, (asks, bids) => {
      const text = [...asks.slice(0, 10), ...bids.slice(0, 10)]
        .map(([price, quantity]) => token(printed(price, 5)) + token(printed(quantity, 8)))
        .join("");
      expect(bookChecksum({ asks, bids })).toBe(crc32(text));
    }),
  );
});

test("a tick of 0.05 is five in the last decimal that a client was shown", () => {
  const bids = [[20, 3]] as const;
  expect(bookChecksum({ asks: [], bids }, { tick: 5, lot: 10 })).toBe(crc32("10030"));
  expect(bookChecksum({ asks: [], bids: [[20n, 3n]] }, { tick: 5, lot: 10 })).toBe(crc32("10030"));
});

/** How many levels of each side the checksum covers. */
export const CHECKSUM_LEVELS = 10;

/** What a tick and a lot are, in units of the last decimal that the client was shown: 5 for a tick of 0.05. */
export interface PrintedUnits {
  readonly tick?: number | undefined;
  readonly lot?: number | undefined;
}

/** Both sides, best first, as prices and quantities. */
export interface ChecksummedBook {
  readonly bids: readonly ChecksummedLevel[];
  readonly asks: readonly ChecksummedLevel[];
}

/** A level of a book: its price in ticks, and all that is there in lots. */
export type ChecksummedLevel = readonly [price: number | bigint, quantity: number | bigint];

const TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  }
  return remainder;
});

/**
 * The CRC-32 by which a client finds out whether its copy of a book is right, as Kraken defines it: of the ten best asks and
 * then the ten best bids, best first, each its price and its quantity in decimals of fixed length, without the point and
 * without leading zeros. Whole ticks and lots are just that, where a tick and a lot are a 1 in the last decimal.
 *
 * A side with fewer levels takes part with those that it has. The answer is an unsigned 32-bit number.
 *
 * @example
 * ```ts
 * import { bookChecksum } from "@pincex/market-data";
 *
 * // Asks 0.00000500 for 0.05005, bids 1.00000000 for 0.05000, told with five and with eight decimals.
 * bookChecksum({ asks: [[5005, 500]], bids: [[5000, 100000000]] }); // => 1806435574
 * ```
 */
export const bookChecksum = (
  book: ChecksummedBook,
  { tick = 1, lot = 1 }: PrintedUnits = {},
): number => {
  let crc = -1;
  for (const side of [book.asks, book.bids]) {
    const count = Math.min(side.length, CHECKSUM_LEVELS);
    for (let index = 0; index < count; index += 1) {
      const [price, quantity] = side[index] as ChecksummedLevel;
      crc = withDigits(withDigits(crc, times(price, tick)), times(quantity, lot));
    }
  }
  return ~crc >>> 0;
};

const times = (count: number | bigint, unit: number): number | bigint =>
  typeof count === "bigint" ? count * BigInt(unit) : count * unit;

const withDigits = (before: number, value: number | bigint): number => {
  const digits = String(value);
  let crc = before;
  for (let index = 0; index < digits.length; index += 1) {
    crc = (TABLE[(crc ^ digits.charCodeAt(index)) & 0xff] as number) ^ (crc >>> 8);
  }
  return crc;
};

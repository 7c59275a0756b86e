import type { RecordViews } from "@pincex/engine";

/** An amount takes 16 bytes of a record: a signed 128-bit integer, little-endian, in two's complement. */
export const AMOUNT_BYTES = 16;

const TWO_32 = 4_294_967_296;
const HIGH_WORD_OF_SAFE_INTEGERS = 2_097_152;

/** Most amounts are safe integers, and arithmetic on numbers makes no garbage: bigint is left to the rest. */
export const writeAmount = (views: RecordViews, offset: number, amount: bigint): void => {
  const word = offset >> 2;
  const number = Number(amount);
  if (Number.isSafeInteger(number)) {
    views.i32[word] = number | 0;
    views.i32[word + 1] = Math.floor(number / TWO_32) | 0;
    views.i32[word + 2] = views.i32[word + 3] = number < 0 ? -1 : 0;
    return;
  }
  if (BigInt.asIntN(128, amount) !== amount) {
    throw new RangeError(`expected an amount of at most 127 bits, was ${amount}`);
  }
  for (let index = 0; index < 4; index++) {
    views.i32[word + index] = Number(BigInt.asIntN(32, amount >> BigInt(32 * index)));
  }
};

export const readAmount = (views: RecordViews, offset: number): bigint => {
  const word = offset >> 2;
  const low = wordAt(views, word) >>> 0;
  const second = wordAt(views, word + 1);
  const third = wordAt(views, word + 2);
  const high = wordAt(views, word + 3);
  const sign = second >> 31;
  if (
    third === sign &&
    high === sign &&
    second < HIGH_WORD_OF_SAFE_INTEGERS &&
    second >= -HIGH_WORD_OF_SAFE_INTEGERS
  ) {
    return BigInt(second * TWO_32 + low);
  }
  return (
    (BigInt(high) << 96n) |
    (BigInt(third >>> 0) << 64n) |
    (BigInt(second >>> 0) << 32n) |
    BigInt(low)
  );
};

const wordAt = (views: RecordViews, word: number): number => views.i32[word] ?? 0;

import { isAmountInRange } from "../amount.ts";
import { readCell, writeCell } from "../amount-cell.ts";
import { type RecordViews, wordAt } from "./record-views.ts";

/** An amount takes 16 bytes: a signed 128-bit integer, little-endian, in two's complement. */
export const AMOUNT_BYTES = 16;

/** Records are seen as words; the platform cuts a bigint into words faster than shifting does. */
const cells = new BigInt64Array(2);
const words = new Int32Array(cells.buffer);
const WORDS = 4;

/** Throws a `RangeError` for an amount beyond ±2^127. */
export const writeAmount = (views: RecordViews, offset: number, amount: bigint): void => {
  if (!isAmountInRange(amount)) {
    throw new RangeError(`expected an amount within ±2^127, was ${amount}`);
  }
  writeCell(cells, 0, amount);
  for (let word = 0; word < WORDS; word++) views.i32[(offset >> 2) + word] = words[word] as number;
};

export const readAmount = (views: RecordViews, offset: number): bigint => {
  for (let word = 0; word < WORDS; word++) words[word] = wordAt(views, offset + 4 * word);
  return readCell(cells, 0);
};

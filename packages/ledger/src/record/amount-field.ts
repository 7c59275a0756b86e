import { AMOUNT_CELLS, AmountCells } from "../amount-cells.ts";
import { type RecordViews, wordAt } from "./record-views.ts";

/** An amount takes 16 bytes: a signed 128-bit integer, little-endian, in two's complement. */
export const AMOUNT_BYTES = 16;

/** Records are seen as words; the platform cuts a bigint into words faster than shifting does. */
const cells = new AmountCells(AMOUNT_CELLS);
const WORDS = 4;

/** Throws a `RangeError` for an amount beyond ±2^127. */
export const writeAmount = (views: RecordViews, offset: number, amount: bigint): void => {
  if (!cells.write(0, amount)) {
    throw new RangeError(`expected an amount within ±2^127, was ${amount}`);
  }
  const { words } = cells;
  for (let word = 0; word < WORDS; word++) views.i32[(offset >> 2) + word] = words[word] as number;
};

export const readAmount = (views: RecordViews, offset: number): bigint => {
  for (let word = 0; word < WORDS; word++) cells.words[word] = wordAt(views, offset + 4 * word);
  return cells.read(0);
};

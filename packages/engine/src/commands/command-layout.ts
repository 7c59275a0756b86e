import { type RecordViews, recordKind, recordLength, recordVersion } from "../record.ts";

/** Where the fields of a command's record are, as numbers of 32-bit words and of doubles from its start. */

/** The kinds of command records: 1 to 63 are the engine's. */
export const CommandKind = { addMarket: 1, place: 2, cancel: 3, reduce: 4 } as const;

export const COMMAND_VERSION = 1;

/** Bytes of each kind's record, by its number. */
export const COMMAND_LENGTHS: readonly number[] = [0, 56, 40, 24, 32];

export const LONGEST_COMMAND = 56;

/** The first word of a plain `place` and of a `cancel`, ready made: length in words of 8 bytes, version, kind. */
export const PLACE_HEADER = 0x0005_01_02;
export const CANCEL_HEADER = 0x0003_01_03;

// 32-bit words of place, cancel and reduce.
export const ACCOUNT = 2;
export const PRICE = 3;
/** Four bytes: side, order type, time in force, 0. */
export const TERMS = 4;
// Doubles.
export const ORDER_ID = 2;
export const QUANTITY = 3;
export const QUOTE_QUANTITY = 4;
// Doubles of add_market.
export const MAX_PRICE = 1;
export const MAX_QUANTITY = 2;
export const PRICE_INCREMENT = 3;
export const QUANTITY_INCREMENT = 4;
export const MIN_QUANTITY = 5;
export const MIN_NOTIONAL = 6;

/**
 * Throws `RangeError` unless a whole command record of a known kind and version stands at `offset`. Bytes that have no
 * meaning yet must be 0, so that a later version can give them one.
 */
export const expectCommandRecord = (views: RecordViews, offset: number): void => {
  const bytes = views.bytes.byteLength;
  if (!(offset >= 0) || offset % 8 !== 0 || offset + 8 > bytes) {
    throw new RangeError(`expected a record at a multiple of 8 below ${bytes}, was at ${offset}`);
  }
  const kind = recordKind(views, offset);
  if (kind < CommandKind.addMarket || kind > CommandKind.reduce) {
    throw new RangeError(`expected an engine command of kind 1 to 4, was ${kind}`);
  }
  if (recordVersion(views, offset) !== COMMAND_VERSION) {
    throw new RangeError(
      `expected version ${COMMAND_VERSION}, was ${recordVersion(views, offset)}`,
    );
  }
  const length = COMMAND_LENGTHS[kind] as number;
  if (recordLength(views, offset) !== length || offset + length > bytes) {
    throw new RangeError(
      `expected a record of ${length} bytes, was ${recordLength(views, offset)}`,
    );
  }
  if (hasUnknownMeaning(views.i32, offset >> 2, kind)) {
    throw new RangeError("expected 0 in the bytes that have no meaning");
  }
};

const hasUnknownMeaning = (i32: Int32Array, word: number, kind: number): boolean => {
  if (kind === CommandKind.addMarket) return false;
  if (kind === CommandKind.place)
    return (i32[word + TERMS] as number) >>> 24 !== 0 || i32[word + 5] !== 0;
  return i32[word + 3] !== 0;
};

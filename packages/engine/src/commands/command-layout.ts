import {
  CONDITION_UNUSED,
  FLAGS,
  KNOWN_FLAGS,
  postOnlyOf,
} from "../conditions/condition-layout.ts";
import { type RecordViews, recordKind, recordLength, recordVersion } from "../record.ts";

/** Where the fields of a command's record are, as numbers of 32-bit words and of doubles from its start. */

/** The kinds of command records: 1 to 63 are the engine's. */
export const CommandKind = {
  addMarket: 1,
  place: 2,
  cancel: 3,
  reduce: 4,
  amend: 5,
  replace: 6,
  cancelAll: 7,
  cancelAllAfter: 8,
  setPhase: 9,
  setMarkPrice: 10,
  advanceTime: 11,
  setAllocation: 14,
} as const;

export const COMMAND_VERSION = 1;

/** Bytes of each kind's record, by its number; 0 of numbers that are no kind. A `place` may also have conditions: `CONDITIONED_PLACE_LENGTH`. */
export const COMMAND_LENGTHS: readonly number[] = [
  0, 56, 40, 24, 32, 32, 104, 16, 24, 16, 16, 16, 0, 0, 24,
];

/** A placement of 40 bytes, then the block of conditions. */
export const CONDITIONED_PLACE_LENGTH = 96;

export const LONGEST_COMMAND = 104;

/** The first word of a plain `place` and of a `cancel`, ready made: length in words of 8 bytes, version, kind. */
export const PLACE_HEADER = 0x0005_01_02;
export const CANCEL_HEADER = 0x0003_01_03;

// 32-bit words. The second is the market, 0 in commands about none.
/** Of place, cancel, reduce, amend, replace, cancel_all, cancel_all_after. */
export const ACCOUNT = 2;
/** Of place, amend, replace, set_mark_price. */
export const PRICE = 3;
/** Of place and replace, four bytes: side, order type, time in force, 0. */
export const TERMS = 4;
/** Of replace: what it does on failure. 0 in place. */
export const ON_FAILURE = 5;
/** Of cancel_all. */
export const SIDES = 3;
/** Of set_phase. */
export const PHASE = 2;
/** Of set_allocation. */
export const ALLOCATION = 2;
export const FIFO_PERCENT = 3;
// Doubles.
/** Of cancel, reduce, amend. */
export const ORDER_ID = 2;
/** Of place, reduce, amend, replace. */
export const QUANTITY = 3;
/** Of place and replace. */
export const QUOTE_QUANTITY = 4;
/** Where the block of conditions begins in place and replace: in doubles. */
export const CONDITIONS = 5;
/** Of replace, after its conditions: the order to be cancelled. */
export const REPLACED_ORDER_ID = 12;
/** Of cancel_all_after. */
export const AT = 2;
/** Of advance_time. */
export const TIME = 1;
/** Of set_allocation. */
export const MINIMUM_SHARE = 2;
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
  if (!COMMAND_LENGTHS[kind]) {
    throw new RangeError(`expected an engine command of kind 1 to 11 or 14, was ${kind}`);
  }
  if (recordVersion(views, offset) !== COMMAND_VERSION) {
    throw new RangeError(
      `expected version ${COMMAND_VERSION}, was ${recordVersion(views, offset)}`,
    );
  }
  const length = recordLength(views, offset);
  if (!isLengthOf(kind, length) || offset + length > bytes) {
    throw new RangeError(`expected a record of ${COMMAND_LENGTHS[kind]} bytes, was ${length}`);
  }
  if (hasUnknownMeaning(views.i32, offset >> 2, kind, length)) {
    throw new RangeError("expected 0 in the bytes that have no meaning");
  }
};

const isLengthOf = (kind: number, length: number): boolean =>
  length === COMMAND_LENGTHS[kind] ||
  (kind === CommandKind.place && length === CONDITIONED_PLACE_LENGTH);

/** Of each kind, the words that have no meaning: bit 1 is the market, the second word. */
const WITHOUT_MEANING: readonly number[] = [
  0, 0, 0b100000, 0b1000, 0b1000, 0, 0, 0, 0b1010, 0b1000, 0b100, 0b10, 0, 0, 0,
];

const hasUnknownMeaning = (
  i32: Int32Array,
  word: number,
  kind: number,
  length: number,
): boolean => {
  let bits = WITHOUT_MEANING[kind] as number;
  for (let index = word; bits !== 0; index += 1) {
    if ((bits & 1) !== 0 && i32[index] !== 0) return true;
    bits >>= 1;
  }
  if (kind !== CommandKind.place && kind !== CommandKind.replace) return false;
  if ((i32[word + TERMS] as number) >>> 24 !== 0) return true;
  return length > CONDITIONS * 8 && hasUnknownConditions(i32, word + CONDITIONS * 2);
};

/** Two bits say post-only, and only three of what they can say has a meaning. */
const hasUnknownConditions = (i32: Int32Array, word: number): boolean => {
  const flags = i32[word + FLAGS] as number;
  return (
    (flags & ~KNOWN_FLAGS) !== 0 || postOnlyOf(flags) === 3 || i32[word + CONDITION_UNUSED] !== 0
  );
};

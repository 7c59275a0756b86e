import { FLAGS, KNOWN_FLAGS, postOnlyOf } from "../conditions/condition-layout.ts";
import { type RecordViews, recordKind, recordLength, recordVersion } from "../record.ts";
import {
  BAND_COUNT,
  COMMAND_LENGTHS,
  COMMAND_VERSION,
  CONDITIONED_PLACE_LENGTH,
  CONDITIONS,
  CommandKind,
  LEG_CONDITIONS,
  LEG_LENGTH,
  LEG_TERMS,
  LEGS,
  LIST_SHAPE,
  MOST_BANDS,
  TERMS,
} from "./command-layout.ts";

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
  if (kind < CommandKind.addMarket || kind >= COMMAND_LENGTHS.length) {
    throw new RangeError(
      `expected an engine command of kind 1 to ${COMMAND_LENGTHS.length - 1}, was ${kind}`,
    );
  }
  if (recordVersion(views, offset) !== COMMAND_VERSION) {
    throw new RangeError(
      `expected version ${COMMAND_VERSION}, was ${recordVersion(views, offset)}`,
    );
  }
  const length = recordLength(views, offset);
  if (!isLengthOf(kind, length)) {
    throw new RangeError(
      `expected a record of as many bytes as kind ${kind} may have, ${COMMAND_LENGTHS[kind]} at least, was ${length}`,
    );
  }
  if (offset + length > bytes) {
    throw new RangeError(`expected ${length} bytes from ${offset} on, were ${bytes - offset}`);
  }
  if (hasUnknownMeaning(views.i32, offset >> 2, kind, length)) {
    throw new RangeError("expected 0 in the bytes that have no meaning");
  }
};

const isLengthOf = (kind: number, length: number): boolean => {
  const shortest = COMMAND_LENGTHS[kind] as number;
  if (length === shortest) return true;
  if (kind === CommandKind.place) return length === CONDITIONED_PLACE_LENGTH;
  if (kind === CommandKind.placeList) return length === shortest + LEG_LENGTH * 8;
  return (
    kind === CommandKind.setPriceIncrements &&
    length > shortest &&
    length <= shortest + MOST_BANDS * 8
  );
};

/** Of each kind, the words that have no meaning: bit 1 is the market, the second word. */
const WITHOUT_MEANING: readonly number[] = [
  0, 0, 0b100000, 0b1000, 0b1000, 0, 0, 0, 0b1010, 0b1000, 0b100, 0b10, 0, 0b100, 0, 0, 0b1000,
  0b1000,
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
  if (kind === CommandKind.placeList) return hasUnknownLegs(i32, word, length);
  if (kind === CommandKind.setPriceIncrements) {
    return i32[word + BAND_COUNT] !== (length - (COMMAND_LENGTHS[kind] as number)) / 8;
  }
  if (kind !== CommandKind.place && kind !== CommandKind.replace) return false;
  if ((i32[word + TERMS] as number) >>> 24 !== 0) return true;
  return length > CONDITIONS * 8 && hasUnknownConditions(i32, word + CONDITIONS * 2);
};

/** How many legs there are is said twice. */
const hasUnknownLegs = (i32: Int32Array, word: number, length: number): boolean => {
  const legs = (length / 8 - LEGS) / LEG_LENGTH;
  if ((i32[word + LIST_SHAPE] as number) >>> 16 !== legs) return true;
  for (let leg = 0; leg < legs; leg += 1) {
    const at = word + (LEGS + leg * LEG_LENGTH) * 2;
    if ((i32[at + LEG_TERMS] as number) >>> 24 !== 0) return true;
    if (hasUnknownConditions(i32, at + LEG_CONDITIONS * 2)) return true;
  }
  return false;
};

/** Two bits say post-only, and only three of what they can say has a meaning. */
const hasUnknownConditions = (i32: Int32Array, word: number): boolean => {
  const flags = i32[word + FLAGS] as number;
  return (flags & ~KNOWN_FLAGS) !== 0 || postOnlyOf(flags) === 3;
};

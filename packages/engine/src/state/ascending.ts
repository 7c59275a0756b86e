import type { Slices } from "../slices.ts";

/** Digits of eleven bits: whole numbers below 2^53 have five. */
const DIGIT = 2 ** 11;
const LARGEST_KEYS = 2 ** 53;
/** Keys that a slice looks at: half a millisecond's work. */
const KEYS_A_SLICE = 1 << 14;

/**
 * Where keys stand, the lowest key's place first. Keys are whole numbers below 2^53.
 *
 * The sort of the platform can't be done in slices, and of a million takes a tenth of a second. This one goes by digits, the lowest
 * first, and looks no further than the highest that any key has.
 */
export function* ascending(keys: Float64Array): Slices<Uint32Array> {
  let places = new Uint32Array(keys.length);
  let highest = 0;
  for (let place = 0; place < keys.length; place += 1) {
    if (place % KEYS_A_SLICE === 0) yield;
    places[place] = place;
    highest = Math.max(highest, keys[place] as number);
  }
  let sorted = new Uint32Array(keys.length);
  for (let unit = 1; unit <= highest && unit < LARGEST_KEYS; unit *= DIGIT) {
    yield* sortByDigit(keys, unit, places, sorted);
    [places, sorted] = [sorted, places];
  }
  return places;
}

/** Keys with the same digit stay in the order that they have. */
function* sortByDigit(
  keys: Float64Array,
  unit: number,
  places: Uint32Array,
  sorted: Uint32Array,
): Slices<void> {
  const counts = new Uint32Array(DIGIT + 1);
  for (let index = 0; index < keys.length; index += 1) {
    if (index % KEYS_A_SLICE === 0) yield;
    const above = digitOf(keys[index] as number, unit) + 1;
    counts[above] = (counts[above] as number) + 1;
  }
  for (let digit = 1; digit < DIGIT; digit += 1) {
    counts[digit] = (counts[digit] as number) + (counts[digit - 1] as number);
  }
  for (let index = 0; index < places.length; index += 1) {
    if (index % KEYS_A_SLICE === 0) yield;
    const place = places[index] as number;
    const digit = digitOf(keys[place] as number, unit);
    const to = counts[digit] as number;
    sorted[to] = place;
    counts[digit] = to + 1;
  }
}

const digitOf = (key: number, unit: number): number => Math.floor(key / unit) % DIGIT;

import type { Random } from "./random.ts";

/** The price that everybody believes in, and where it is heading. */
export interface ReferencePrice {
  /** In 1/1024 ticks: steps of a slow market are smaller than its tick. */
  readonly value: number;
  /** Change per turn in parts per billion: moves have a direction for about a minute. */
  readonly drift: number;
}

const FRACTION = 1_024;
/** Widths of one turn's step and of the change of drift, in parts per billion: at five turns a second, 2 % a day together. */
const STEP_PPB = 75_000;
const DRIFT_STEP_PPB = 250;
const DRIFT_DECAY = 256;
/** The price is pulled to where it began, over days: it never wanders off for good. */
const PULL = 1_000_000;

/** A reference at rest at so many ticks. */
export const referenceAt = (ticks: number): ReferencePrice => ({
  value: ticks * FRACTION,
  drift: 0,
});

/** In whole ticks. */
export const ticksOf = (reference: ReferencePrice): number =>
  Math.floor(reference.value / FRACTION);

/** One turn of a random walk with momentum around `anchor`, in ticks. Never below one tick. */
export const walked = (
  reference: ReferencePrice,
  anchor: number,
  random: Random,
): ReferencePrice => {
  const drift =
    reference.drift - Math.trunc(reference.drift / DRIFT_DECAY) + random.around(DRIFT_STEP_PPB);
  const step = Math.round((reference.value / 1_000_000_000) * (drift + random.around(STEP_PPB)));
  const pull = Math.trunc((anchor * FRACTION - reference.value) / PULL);
  return { value: Math.max(reference.value + step + pull, FRACTION), drift };
};

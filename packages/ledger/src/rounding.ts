/** Towards more, or towards less. */
export type RoundingDirection = "up" | "down";

/** A part of something in whole units, and what to remember for the next part. */
export interface RoundedPart {
  readonly amount: bigint;
  /** How much has been rounded away so far, in parts of a unit: 0 or more, below the scale. Nothing at the beginning. */
  readonly carried: bigint;
}

/**
 * Rounds the next part of something that comes in parts, so that all parts together are rounded once.
 *
 * Rounding each fill of an order would cost as many units as there are fills, and a hold for the whole order would fall
 * short. So each part is what the sum so far comes to when rounded, less what the parts before came to: the total doesn't
 * depend on how it was split. Of the exact sum only the fraction has to be remembered.
 *
 * `exact` counts parts of a unit, `scale` of which are one: 15n of 10n is one and a half. Throws a `RangeError` for
 * less than nothing, and for what wasn't carried from a part of that scale.
 *
 * @example
 * const first = roundNext("up", 15n, 10n, 0n); // { amount: 2n, carried: 5n }
 * roundNext("up", 15n, 10n, first.carried); // { amount: 1n, carried: 0n }
 */
export const roundNext = (
  direction: RoundingDirection,
  exact: bigint,
  scale: bigint,
  carried: bigint,
): RoundedPart => {
  if (scale < 1n) throw new RangeError(`expected a scale of 1 or more, was ${scale}`);
  if (exact < 0n) throw new RangeError(`expected an exact part of 0 or more, was ${exact}`);
  if (carried < 0n || carried >= scale) {
    throw new RangeError(`expected to carry 0 or more and less than ${scale}, was ${carried}`);
  }
  return direction === "up" ? roundUp(exact - carried, scale) : roundDown(exact + carried, scale);
};

/** What was carried has been paid beyond what was owed, so it is owed no more. */
const roundUp = (owed: bigint, scale: bigint): RoundedPart => {
  if (owed <= 0n) return { amount: 0n, carried: -owed };
  const amount = (owed + scale - 1n) / scale;
  return { amount, carried: amount * scale - owed };
};

/** What was carried is still owed. */
const roundDown = (owed: bigint, scale: bigint): RoundedPart => ({
  amount: owed / scale,
  carried: owed % scale,
});

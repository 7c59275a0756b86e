/**
 * Who gets the units that are left over when every share has been rounded down.
 *
 * - `largest_fraction`: one each for those who lost the largest fraction of a unit; of equal ones, those who stand first.
 * - `first`, `last`: all of them for who stands first or last.
 */
export type RemainderRule = "largest_fraction" | "first" | "last";

/**
 * Splits an amount in proportion to weights. The shares add up to the amount, exactly, and those of a negative amount are
 * those of the positive one with the sign changed.
 *
 * Weights are zero or more, and not all of them zero; throws a `RangeError` otherwise. With `largest_fraction` a weight of zero
 * gets nothing.
 *
 * @example
 * apportion(100n, [1n, 1n, 1n], "largest_fraction"); // [34n, 33n, 33n]
 */
export const apportion = (
  amount: bigint,
  weights: readonly bigint[],
  remainder: RemainderRule,
): bigint[] => {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (weights.some((weight) => weight < 0n) || total === 0n) {
    throw new RangeError("expected weights of zero or more, and one above");
  }
  if (amount < 0n) return apportion(-amount, weights, remainder).map((share) => -share);
  const shares = weights.map((weight) => (amount * weight) / total);
  const left = amount - shares.reduce((sum, share) => sum + share, 0n);
  if (remainder !== "largest_fraction") {
    const index = remainder === "first" ? 0 : shares.length - 1;
    return shares.with(index, (shares[index] ?? 0n) + left);
  }
  const fractions = weights.map((weight) => (amount * weight) % total);
  const lucky = new Set(byFraction(fractions).slice(0, Number(left)));
  return shares.map((share, index) => (lucky.has(index) ? share + 1n : share));
};

/** Indexes, the largest fraction first. */
const byFraction = (fractions: readonly bigint[]): number[] =>
  fractions
    .map((_, index) => index)
    .sort((one, other) => compare(fractions[other] ?? 0n, fractions[one] ?? 0n) || one - other);

const compare = (one: bigint, other: bigint): number => (one < other ? -1 : one > other ? 1 : 0);

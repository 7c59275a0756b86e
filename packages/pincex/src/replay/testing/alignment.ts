/** How a sequence compares with the beginning of another. */
export interface Alignment {
  /** Elements that both have, in the same order: the most that there are. */
  readonly common: number;
  /** How long that beginning is: as long as makes the fewest differences. */
  readonly length: number;
}

/**
 * Aligns a whole sequence with the beginning of another one, by the greedy algorithm of Myers: the furthest that can be
 * reached on each diagonal with no differences, with one, with two, … Quick where there are few.
 */
export const alignWithBeginning = (
  ours: readonly string[],
  theirs: readonly string[],
): Alignment => {
  /** How many of ours have been passed on the diagonal (passed of ours − passed of theirs). */
  const reached = new Map<number, number>();
  for (let differences = 0; differences <= ours.length + theirs.length; differences += 1) {
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      let ourIndex = furthest(reached, diagonal, differences);
      while (ourIndex < ours.length && isSame(ours[ourIndex], theirs[ourIndex - diagonal])) {
        ourIndex += 1;
      }
      reached.set(diagonal, ourIndex);
      const length = ourIndex - diagonal;
      if (ourIndex >= ours.length && length >= 0 && length <= theirs.length) {
        return { common: (ours.length + length - differences) / 2, length };
      }
    }
  }
  return { common: 0, length: 0 };
};

/** Where a diagonal is entered with one more difference: by passing one of theirs, or one of ours. */
const furthest = (
  reached: ReadonlyMap<number, number>,
  diagonal: number,
  differences: number,
): number => {
  if (differences === 0) return 0;
  const passingTheirs = reached.get(diagonal + 1) ?? -1;
  const passingOurs = (reached.get(diagonal - 1) ?? -2) + 1;
  return Math.max(passingTheirs, passingOurs);
};

const isSame = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && one === other;

/**
 * Which snapshots are no longer needed when `keep` of them are: all but the newest ones and the newest that is not ahead of
 * `needed`.
 */
export const forgettable = (
  sequences: readonly number[],
  keep: number,
  needed: number,
): number[] => {
  const newestFirst = [...sequences].sort((a, b) => b - a);
  const start = newestFirst.find((sequence) => sequence <= needed);
  return newestFirst.slice(keep).filter((sequence) => sequence !== start);
};

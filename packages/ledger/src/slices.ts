/**
 * Work that is done in slices, each a millisecond or so of it: every `next()` does one, and the last gives the result. Whoever may not be kept
 * from all else does something else between two of them.
 */
export type Slices<Result> = Generator<undefined, Result, undefined>;

/** All slices at once. */
export const inOneGo = <Result>(slices: Slices<Result>): Result => {
  let step = slices.next();
  while (step.done !== true) step = slices.next();
  return step.value;
};

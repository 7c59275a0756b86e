/**
 * Where something may be done: `*` for everywhere, or a path, as `desk/eu` or `market/BTC-EUR`. A path means itself and whatever is below
 * it.
 */
const SCOPE = /^(\*|[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*)$/;

const LONGEST_SCOPE = 200;

export const isScope = (scope: string): boolean =>
  scope.length <= LONGEST_SCOPE && SCOPE.test(scope);

/** Throws a `RangeError` for what is no scope. */
export const checkScope = (scope: string): void => {
  if (isScope(scope)) return;
  throw new RangeError(`expected a scope like desk/eu or *, was ${scope}`);
};

/** Whether the second scope lies in the first. */
export const covers = (scope: string, wanted: string): boolean =>
  scope === "*" || scope === wanted || wanted.startsWith(`${scope}/`);

/** Whether one of the two lies in the other. */
export const overlaps = (one: string, other: string): boolean =>
  covers(one, other) || covers(other, one);

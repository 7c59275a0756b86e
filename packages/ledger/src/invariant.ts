/**
 * Something that only this package can get wrong did go wrong: the books contradict themselves.
 *
 * Nobody can cause it by what they ask for, and nobody should carry on after it: discard the state and recover.
 */
export class InvariantViolation extends Error {
  override readonly name: string = "InvariantViolation";
}

/** Throws an `InvariantViolation` that names the law, stated positively, unless it holds. */
export const invariant: (holds: boolean, law: string) => asserts holds = (holds, law) => {
  if (!holds) throw new InvariantViolation(`this no longer holds: ${law}`);
};

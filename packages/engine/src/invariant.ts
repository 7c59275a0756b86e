/** Something that only the engine itself can get wrong: its state is not to be trusted any more. */
export class InvariantViolation extends Error {
  override readonly name = "InvariantViolation";
}

/** Throws `InvariantViolation` unless what must hold does; `law` states it positively. */
export function invariant(holds: boolean, law: string): asserts holds {
  if (!holds) throw new InvariantViolation(law);
}

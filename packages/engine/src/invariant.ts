/** Something only we can cause: the engine's state contradicts itself. Whoever catches it discards the state. */
export class InvariantViolation extends Error {
  override readonly name = "InvariantViolation";
}

/** States what always holds, positively, where it is first relied upon. */
export function invariant(holds: boolean, what: string): asserts holds {
  if (!holds) throw new InvariantViolation(what);
}

import { InvariantViolation } from "@pincex/ledger";

/** Throws an `InvariantViolation` that names the law, stated positively, unless it holds. */
export const invariant: (holds: boolean, law: string) => asserts holds = (holds, law) => {
  if (!holds) throw new InvariantViolation(`this no longer holds: ${law}`);
};

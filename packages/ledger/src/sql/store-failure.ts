/** Why a store could not do what it was asked, where it isn't the books that refuse. `STORE_FAILURES` has it in full. */
export type StoreFailureCode =
  | "ledger_is_projected"
  | "ledger_is_posted_to"
  | "serialization_failure"
  | "deadlock"
  | "unavailable"
  | "outcome_unknown";

/** What each code means, and what to do. */
export const STORE_FAILURES: Readonly<Record<StoreFailureCode, string>> = {
  ledger_is_projected: "A ledger that is copied from a journal takes no direct posts.",
  ledger_is_posted_to: "A ledger that is posted to in SQL takes no copy of a journal.",
  serialization_failure:
    "Others changed the same rows, as often as it was tried. Nothing was done; ask again.",
  deadlock: "It waited for others that waited for it. Nothing was done; ask again.",
  unavailable:
    "The database did not answer, as often as it was tried. Nothing was done; ask again.",
  outcome_unknown:
    "The connection was lost while the transaction ended, and the database could not be asked whether it did. It is safe to ask again with the same key.",
};

/** A store failed for a reason that isn't the books'. */
export class StoreFailure extends Error {
  override readonly name: string = "StoreFailure";
  readonly code: StoreFailureCode;

  constructor(code: StoreFailureCode, cause?: unknown) {
    super(`${code}: ${STORE_FAILURES[code]}`, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** Someone else was faster, and everything may be tried again from the beginning. */
export class LostRace extends Error {
  override readonly name: string = "LostRace";
}

/**
 * What kind of trouble an error of the database is: another's change, a deadlock, a connection that is gone or can't be had. An
 * error that says nothing of the kind is undefined, and is whoever's it is.
 */
export const troubleOf = (
  error: unknown,
): "serialization_failure" | "deadlock" | "unavailable" | undefined => {
  if (error instanceof LostRace) return "serialization_failure";
  const code = codeOf(error);
  if (code === "40P01") return "deadlock";
  if (code === "40001" || code === "23505") return "serialization_failure";
  return isConnectionLost(error, code) ? "unavailable" : undefined;
};

const codeOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
};

/** Classes 08 and 57 are about the connection and the server's start and stop; 53300 has no connection left. */
const isConnectionLost = (error: unknown, code: string | undefined): boolean => {
  if (code !== undefined) return /^(08...|57P0.|53300|E[A-Z]{3,})$/.test(code);
  return error instanceof Error && /connection|socket|terminated|timeout/i.test(error.message);
};

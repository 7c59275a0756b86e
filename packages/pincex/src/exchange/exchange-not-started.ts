/** Why an exchange did not start. */
export type NotStartedCode =
  | "data_directory_unusable"
  | "data_directory_in_use"
  | "journal_unusable"
  | "demo_keys_malformed"
  | "setup_refused"
  | "database_unreachable"
  | "database_not_durable"
  | "database_ahead_of_journal"
  | "redis_unreachable"
  | "nothing_kept"
  | "sql_copy_unreadable"
  | "port_in_use"
  | "port_unusable";

/**
 * An exchange that could not start, for a reason that whoever started it can do something about. `message` is one sentence
 * that says what is wrong and what to do.
 */
export class ExchangeNotStarted extends Error {
  override readonly name = "ExchangeNotStarted";
  readonly code: NotStartedCode;

  constructor(code: NotStartedCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
  }
}

/** The reason in an error's own words, without its stack. */
export const reasonOf = (error: unknown): string => {
  // Node tries several addresses of one name, and tells of each failure.
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
};

/** `ENOENT` and its like; undefined if the error is none of the system's. */
export const systemCodeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;

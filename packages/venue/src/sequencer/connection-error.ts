// Node's own, and those of PostgreSQL that say "not now": connection exceptions (08…), the server is starting, stopping or
// full (57P…, 53300), and transactions that met another one (40…).
const PASSING =
  /^(?:ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EAI_AGAIN|ENOTFOUND|ENOENT|08...|57P0[1-5]|53300|40001|40P01)$/;
// The clients of databases say some of it in words only.
const PASSING_WORDS =
  /connection (?:terminated|timeout|ended|refused|closed)|timeout .*connect|query read timeout/i;

/** Whether an error says that a database can't be reached now, rather than that it refuses what it was asked. */
export const isConnectionError = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  if (PASSING.test(code) || PASSING_WORDS.test(error.message)) return true;
  if (error instanceof AggregateError) return error.errors.some(isConnectionError);
  return error.cause !== undefined && isConnectionError(error.cause);
};

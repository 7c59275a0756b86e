/** Something that isn't as it must be, and where. */
export interface VenueFinding {
  /** A sequence number, a file and its byte, a row, an account. */
  readonly where: string;
  readonly finding: string;
}

/** What is looked at, in this order. */
export type VenueCheckName =
  | "journal"
  | "replay"
  | "snapshots"
  | "sql_balances"
  | "sql_entries"
  | "sql_trades"
  | "trial_balance"
  | "hash_chain";

/** One thing that was looked at. */
export interface VenueCheck {
  readonly check: VenueCheckName;
  readonly ok: boolean;
  /** What was seen, in a sentence. */
  readonly summary: string;
  /** Every difference, up to 100. */
  readonly findings: readonly VenueFinding[];
}

const FINDINGS_LIMIT = 100;

/** A check with what it has seen where nothing is wrong, and otherwise how much is. */
export const checked = (
  check: VenueCheckName,
  seen: string,
  findings: readonly VenueFinding[],
): VenueCheck => {
  const count = findings.length;
  return {
    check,
    ok: count === 0,
    summary: count === 0 ? seen : `${count} ${count === 1 ? "difference" : "differences"}`,
    findings: findings.slice(0, FINDINGS_LIMIT),
  };
};

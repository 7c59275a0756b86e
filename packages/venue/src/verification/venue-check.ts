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
  | "sql_orders"
  | "sql_withdrawals"
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

/** Differences, of which a check may find one a row: the first are kept, the others only counted. */
export class Findings {
  readonly first: VenueFinding[] = [];
  count = 0;

  add(where: string, finding: string): void {
    this.count += 1;
    if (this.first.length < FINDINGS_LIMIT) this.first.push({ where, finding });
  }

  static of(all: Iterable<VenueFinding>): Findings {
    const findings = new Findings();
    for (const { where, finding } of all) findings.add(where, finding);
    return findings;
  }
}

/** A check with what it has seen where nothing is wrong, and otherwise how much is. */
export const checked = (
  check: VenueCheckName,
  seen: string,
  found: Findings | Iterable<VenueFinding>,
): VenueCheck => {
  const { count, first } = found instanceof Findings ? found : Findings.of(found);
  return {
    check,
    ok: count === 0,
    summary: count === 0 ? seen : `${count} ${count === 1 ? "difference" : "differences"}`,
    findings: first,
  };
};

/** A posting as the account's owner reads it, in the order of a statement. */
export interface StatementLine {
  readonly entry: number;
  /** Which of the entry's postings it is, from 0. */
  readonly index: number;
  /** When it was recorded, in milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** The time that it belongs to. */
  readonly bookedAt: number;
  readonly kind: string;
  readonly key: string;
  readonly memo: string;
  /** The number of the entry that this one corrects; 0 for none. */
  readonly corrects: number;
  /** Smallest units; positive credits the account. */
  readonly amount: bigint;
  /** What stands on the account after this line and before the next one of the statement. */
  readonly balanceAfter: bigint;
}

/** A movement as somebody else has it: a bank, a blockchain, a payment provider. */
export interface OutsideLine {
  /** Where to find it again in what they sent. */
  readonly id: string;
  /** What both sides know it by: a transaction's id, an end-to-end id. Empty: nothing. */
  readonly reference: string;
  /** Smallest units; positive is money that came in there. */
  readonly amount: bigint;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
}

/** A statement from outside. */
export interface OutsideStatement {
  readonly id: string;
  readonly account: string;
  readonly currency: string;
  /** What they say stood there before the first and after the last line, if they do. Below zero: overdrawn. */
  readonly opening: bigint | undefined;
  readonly closing: bigint | undefined;
  /** Booked lines only. */
  readonly lines: readonly OutsideLine[];
  /** What is announced and not booked yet. */
  readonly pending: readonly OutsideLine[];
}

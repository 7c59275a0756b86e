/** What money is reserved for. */
export type HoldKind = "order" | "withdrawal" | "dispute";

/** A reservation that is asked for. */
export interface HoldRequest {
  /** Chosen by the caller among all kinds of hold: a safe integer from 1. Free again once the hold has ended. */
  readonly id: number;
  readonly account: number;
  /** Greater than zero, smallest units. */
  readonly amount: bigint;
  readonly kind: HoldKind;
  /**
   * Command time in milliseconds since 1970-01-01 UTC from which `expireHolds` ends it; 0, or none, is never. It may be in
   * the past. Nothing expires by itself: until it is told to, a hold that is due can be captured and released as any other.
   */
  readonly expiresAt?: number;
}

/** An open hold. */
export interface Hold extends Required<HoldRequest> {}

/** The kinds of hold by their number in snapshots, from 1. */
export const HOLD_KINDS: readonly HoldKind[] = ["order", "withdrawal", "dispute"];

import type { Timestamp } from "../schema/timestamp.ts";

/** Attempts against one thing: an account, an address, a device. */
export interface ThrottleTable {
  /** A keyed hash of what it counts for: addresses are personal data. */
  bucket: Uint8Array;
  /** Attempts in a row that were charged and not given back. */
  failures: number;
  last_at: Timestamp;
  /** Until then every attempt is refused. */
  closed_until: Timestamp;
}

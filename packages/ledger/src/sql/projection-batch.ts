import type { AccountOpening, AccountStatus } from "../account.ts";
import type { Entry } from "../entry.ts";

/** An asset as it is shown in SQL. */
export interface ProjectedAsset {
  readonly number: number;
  readonly code: string;
  readonly decimals: number;
}

/** An account as it was opened, and its number. */
export interface ProjectedAccount extends AccountOpening {
  readonly number: number;
}

/** An account's status after the batch. */
export interface ProjectedStatus {
  readonly account: number;
  readonly status: AccountStatus;
}

/** An entry, and the sequence number of the command that posted it. */
export interface ProjectedEntry {
  readonly sequence: number;
  readonly entry: Entry;
}

/** What is held on an account after the batch. */
export interface ProjectedHeld {
  readonly account: number;
  readonly held: bigint;
}

/**
 * What the books did while commands `from + 1` to `to` were applied.
 *
 * Entries are in order and complete: each number follows the one before. Of `held` and `statuses`, the last row of an account
 * counts; statuses are in the order that they were set in, because they have a history.
 */
export interface ProjectionBatch {
  /** The position that the batch follows: 0 at the beginning. */
  readonly from: number;
  readonly to: number;
  readonly assets: readonly ProjectedAsset[];
  readonly accounts: readonly ProjectedAccount[];
  readonly entries: readonly ProjectedEntry[];
  readonly held: readonly ProjectedHeld[];
  /** Of accounts whose status was set; none by default. */
  readonly statuses?: readonly ProjectedStatus[];
}

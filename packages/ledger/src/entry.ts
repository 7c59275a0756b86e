/** One account's part in an entry: positive credits it, negative debits it. Smallest units of the account's asset. */
export interface PostingRequest {
  readonly account: number;
  readonly amount: bigint;
}

/** Spends part of a hold. The entry must debit the hold's account by at least what it captures from it. */
export interface Capture {
  readonly hold: number;
  /** Greater than zero, at most what is left of the hold. */
  readonly amount: bigint;
}

/** A movement of money that is asked for. */
export interface EntryRequest {
  /** What happened, in one word of the host: "trade", "deposit". 1 to 64 characters. */
  readonly kind: string;
  /** When it is recorded: command time in milliseconds since 1970-01-01 UTC, 0 to 8,640,000,000,000,000. */
  readonly at: number;
  /** The time that it belongs to, where that isn't when it is recorded. In the range of `at`, which it is by default. */
  readonly bookedAt?: number;
  /**
   * Makes the entry safe to repeat: the same key and body answers the original entry, another body is refused. The body is
   * everything but `at`, which a retry can't know, and what follows from it. Up to 128 characters; none, or an empty one, costs no memory.
   */
  readonly key?: string;
  /** For people. Up to 1,024 characters. */
  readonly memo?: string;
  /** The number of the entry that this one corrects or reverses. Entries themselves never change. */
  readonly corrects?: number;
  /** 2 to 10,000, none of them zero, adding up to zero in every asset. They apply together or not at all. */
  readonly postings: readonly PostingRequest[];
  /** Up to 1,000. */
  readonly captures?: readonly Capture[];
}

/** A posting that happened. */
export interface Posting extends PostingRequest {
  /** The account's balance after this posting and before the next one. */
  readonly balanceAfter: bigint;
}

/** A movement of money that happened. What wasn't given is empty or 0. */
export interface Entry {
  /** Counts up from 1 without a gap. */
  readonly number: number;
  readonly kind: string;
  /** When it was recorded. */
  readonly at: number;
  /** The time that it belongs to: `at` unless another one was given. */
  readonly bookedAt: number;
  readonly key: string;
  readonly memo: string;
  readonly corrects: number;
  readonly postings: readonly Posting[];
}

/** The most postings that an entry may have, so that its record stays below the format's 512 KiB. */
export const POSTINGS_LIMIT = 10_000;

/** The most captures of an entry: each one is compared with all postings. */
export const CAPTURES_LIMIT = 1_000;

/** The most entries that are posted together, so that taking them back stays short. */
export const LINKED_LIMIT = 1_000;

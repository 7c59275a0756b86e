import type { IdentityDatabase, IdentityTransaction } from "../identity-database.ts";

/** Who a sealed value belongs to and where it stands. Both are authenticated: a value moved elsewhere does not open. */
export interface SealedPlace {
  /** The user's id. */
  readonly subject: string;
  /** Table and column, as `identity_user.email`. */
  readonly field: string;
}

/**
 * Personal data under a key for each user (envelope encryption). Destroying the key erases what was sealed under it, in every
 * table and every backup.
 *
 * Where a database is asked for, a transaction does as well: what it has begun is seen, and what it destroys is gone.
 */
export interface PersonalData {
  /** Makes the subject's key, unless it has one or had one. */
  begin(transaction: IdentityTransaction, subject: string): Promise<void>;
  /** Whether the subject's key was made and not destroyed. */
  has(db: IdentityDatabase, subject: string): Promise<boolean>;
  /** Throws a `RangeError` for a subject that has no key. */
  seal(db: IdentityDatabase, place: SealedPlace, text: string): Promise<Uint8Array>;
  /** Undefined once the subject's key is destroyed. Throws if the value was changed or moved. */
  open(db: IdentityDatabase, place: SealedPlace, sealed: Uint8Array): Promise<string | undefined>;
  /** A keyed hash by which a sealed value can be found: HMAC-SHA256, the same for the same purpose and text. */
  index(purpose: string, text: string): Promise<Uint8Array>;
  /** Destroys the subject's key for good: it never gets another. Throws a `RangeError` for a subject that is no user. */
  destroy(transaction: IdentityTransaction, subject: string): Promise<void>;
}

import type { IdentityTransaction } from "../identity-context.ts";

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
 */
export interface PersonalData {
  /** Makes the subject's key. */
  begin(transaction: IdentityTransaction, subject: string): Promise<void>;
  seal(transaction: IdentityTransaction, place: SealedPlace, text: string): Promise<Uint8Array>;
  /** Undefined once the subject's key is destroyed. Throws if the value was changed or moved. */
  open(
    transaction: IdentityTransaction,
    place: SealedPlace,
    sealed: Uint8Array,
  ): Promise<string | undefined>;
  /** A keyed hash by which a sealed value can be found: HMAC-SHA256, the same for the same purpose and text. */
  index(purpose: string, text: string): Promise<Uint8Array>;
  destroy(transaction: IdentityTransaction, subject: string): Promise<void>;
}

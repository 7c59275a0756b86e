import type { Timestamp } from "../schema/timestamp.ts";

export interface TotpTable {
  id: string;
  user_id: string;
  /** Pending until a first code shows that the authenticator has the secret. */
  status: "pending" | "active";
  /** Sealed, in base 32. */
  secret: Uint8Array;
  /** The newest time step whose code was taken: neither it nor an older one is taken again. */
  last_step: number;
  created_at: Timestamp;
  /** When a pending one is void. */
  expires_at: Timestamp | null;
}

export interface RecoveryCodeTable {
  /** SHA-256 of user and code: with 120 random bits nothing slower is needed. */
  hash: Uint8Array;
  user_id: string;
  used_at: Timestamp | null;
}

export interface PasskeyTable {
  /** The credential's id, in base64url. */
  id: string;
  user_id: string;
  /** COSE. */
  public_key: Uint8Array;
  /** Signatures that the authenticator has counted; 0 where it doesn't count. */
  counter: number;
  /** Separated by spaces. */
  transports: string;
  backed_up: boolean;
  /** Sealed: what the user calls it. */
  name: Uint8Array;
  created_at: Timestamp;
  last_used_at: Timestamp | null;
}

/** What an authenticator is asked to sign. */
export interface PasskeyChallengeTable {
  hash: Uint8Array;
  /** `enrol` for the session's user; `sign_in` for anybody; `factor` for the user of a sign-in or a session. */
  purpose: "enrol" | "sign_in" | "factor";
  /** Null where nobody is known yet. */
  user_id: string | null;
  /** The session or the sign-in that it was made for; null where there is none. */
  bound_to: string | null;
  expires_at: Timestamp;
}

/** A sign-in whose password was right and whose second factor is missing. Not a session. */
export interface SignInChallengeTable {
  id: string;
  hash: Uint8Array;
  user_id: string;
  kind: "browser" | "app";
  attempts: number;
  expires_at: Timestamp;
}

export interface ConfirmationCodeTable {
  id: string;
  user_id: string;
  channel: "email" | "sms";
  /** SHA-256 of the request that it confirms. */
  request_hash: Uint8Array;
  /** A keyed hash: six or eight digits could be guessed from a plain one. */
  code_index: Uint8Array;
  attempts: number;
  expires_at: Timestamp;
}

export interface FactorTables {
  identity_totp: TotpTable;
  identity_recovery_code: RecoveryCodeTable;
  identity_passkey: PasskeyTable;
  identity_passkey_challenge: PasskeyChallengeTable;
  identity_sign_in_challenge: SignInChallengeTable;
  identity_confirmation_code: ConfirmationCodeTable;
}

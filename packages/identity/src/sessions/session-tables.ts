import type { Timestamp } from "../schema/timestamp.ts";

export interface SessionTable {
  /** `ses_` and 26 characters of base 32; stays the same while tokens rotate. */
  id: string;
  user_id: string;
  /** Of the token that is valid now. */
  token_hash: Uint8Array;
  /** `browser`: one token until it ends. `app`: a short-lived token and refresh tokens. */
  kind: "browser" | "app";
  /** 1: one factor. 2: two, or a passkey that verified its user. */
  assurance: number;
  /** By what the user proved to be who they are, separated by spaces. */
  methods: string;
  authenticated_at: Timestamp;
  created_at: Timestamp;
  last_seen_at: Timestamp;
  /** When the token ends if it isn't used; for an app, when the access token ends. */
  idle_expires_at: Timestamp;
  expires_at: Timestamp;
  device_id: string;
  /** Sealed. */
  address: Uint8Array | null;
  ended_at: Timestamp | null;
  end_reason: string | null;
}

export interface RefreshTokenTable {
  hash: Uint8Array;
  session_id: string;
  expires_at: Timestamp;
  used_at: Timestamp | null;
  /** What it was exchanged for, encrypted under a key made of the token itself: only who sends it again can read it. */
  successor: Uint8Array | null;
}

export interface DeviceTable {
  id: string;
  user_id: string;
  token_hash: Uint8Array;
  /** Sealed: what the client says it is. */
  name: Uint8Array;
  first_seen_at: Timestamp;
  last_seen_at: Timestamp;
}

export interface SigningKeyTable {
  /** The JWK's thumbprint (RFC 7638). */
  id: string;
  public_key: string;
  wrapping_key_id: string;
  wrapped_key: Uint8Array;
  signs_from: Timestamp;
  /** When nothing it signed is valid any more; null for the newest. */
  verifies_until: Timestamp | null;
}

export interface SessionTables {
  identity_session: SessionTable;
  identity_refresh_token: RefreshTokenTable;
  identity_device: DeviceTable;
  identity_signing_key: SigningKeyTable;
}

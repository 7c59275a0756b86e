import type { Timestamp } from "../schema/timestamp.ts";

/** A key by which a user's programs act for them. */
export interface ApiKeyTable {
  /** What a client sends to say which key it has: no secret. */
  id: string;
  user_id: string;
  /** Sealed under the user's key. */
  label: Uint8Array;
  kind: "hmac" | "ed25519" | "rsa";
  /** Of HMAC: the secret, sealed under the user's key. */
  secret: Uint8Array | null;
  /** Of the others: PEM of the public half. */
  public_key: string | null;
  /** Of `read`, `trade` and `withdraw`, with commas between. */
  permissions: string;
  /** Networks from which it may be used, with commas between; empty for anywhere. */
  networks: string;
  created_at: Timestamp;
  /** Null for one that doesn't end. */
  expires_at: Timestamp | null;
  last_used_at: Timestamp | null;
  /** The key that it took the place of. */
  replaces: string | null;
  revoked_at: Timestamp | null;
}

export const apiKeyMigration = (schema: string): readonly string[] => [
  `create table ${schema}.identity_api_key (
    id text primary key,
    user_id text not null references ${schema}.identity_user (id),
    label bytea not null,
    kind text not null check (kind in ('hmac', 'ed25519', 'rsa')),
    secret bytea,
    public_key text,
    permissions text not null,
    networks text not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    last_used_at timestamptz,
    replaces text unique references ${schema}.identity_api_key (id),
    revoked_at timestamptz,
    check ((kind = 'hmac') = (secret is not null)),
    check ((kind = 'hmac') = (public_key is null))
  )`,
  `create index identity_api_key_by_user on ${schema}.identity_api_key (user_id)`,
];

import type { Migration } from "../schema/migration.ts";

export const sessionMigration: Migration = {
  version: 4,
  name: "sessions",
  statements: (schema) => [
    `create table ${schema}.identity_device (
      id text primary key,
      user_id text not null references ${schema}.identity_user (id) on delete cascade,
      token_hash bytea not null unique,
      name bytea not null,
      first_seen_at timestamptz not null,
      last_seen_at timestamptz not null
    )`,
    `create index identity_device_user on ${schema}.identity_device (user_id)`,
    `create table ${schema}.identity_session (
      id text primary key,
      user_id text not null references ${schema}.identity_user (id) on delete cascade,
      token_hash bytea not null unique,
      kind text not null check (kind in ('browser', 'app')),
      assurance int4 not null check (assurance in (1, 2)),
      methods text not null,
      authenticated_at timestamptz not null,
      created_at timestamptz not null,
      last_seen_at timestamptz not null,
      idle_expires_at timestamptz not null,
      expires_at timestamptz not null,
      device_id text not null references ${schema}.identity_device (id) on delete cascade,
      address bytea,
      ended_at timestamptz,
      end_reason text,
      check ((ended_at is null) = (end_reason is null))
    )`,
    `create index identity_session_user on ${schema}.identity_session (user_id) where ended_at is null`,
    `create table ${schema}.identity_refresh_token (
      hash bytea primary key,
      session_id text not null references ${schema}.identity_session (id) on delete cascade,
      expires_at timestamptz not null,
      used_at timestamptz,
      successor bytea,
      check ((used_at is null) = (successor is null))
    )`,
    // One unused refresh token a session: two would be two families.
    `create unique index identity_refresh_token_unused
      on ${schema}.identity_refresh_token (session_id) where used_at is null`,
    `create table ${schema}.identity_signing_key (
      id text primary key,
      public_key text not null,
      wrapping_key_id text not null,
      wrapped_key bytea not null,
      signs_from timestamptz not null,
      verifies_until timestamptz
    )`,
  ],
};

import type { Migration } from "../schema/migration.ts";

export const factorMigration: Migration = {
  version: 5,
  name: "factors",
  statements: (schema) => [
    `create table ${schema}.identity_totp (
      id text primary key,
      user_id text not null references ${schema}.identity_user (id) on delete cascade,
      status text not null check (status in ('pending', 'active')),
      secret bytea not null,
      last_step int4 not null,
      created_at timestamptz not null,
      expires_at timestamptz,
      unique (user_id, status),
      check ((status = 'pending') = (expires_at is not null))
    )`,
    `create table ${schema}.identity_recovery_code (
      hash bytea primary key,
      user_id text not null references ${schema}.identity_user (id) on delete cascade,
      used_at timestamptz
    )`,
    `create index identity_recovery_code_user on ${schema}.identity_recovery_code (user_id)`,
    `create table ${schema}.identity_passkey (
      id text primary key,
      user_id text not null references ${schema}.identity_user (id) on delete cascade,
      public_key bytea not null,
      counter float8 not null check (counter >= 0),
      transports text not null,
      backed_up boolean not null,
      name bytea not null,
      created_at timestamptz not null,
      last_used_at timestamptz
    )`,
    `create index identity_passkey_user on ${schema}.identity_passkey (user_id)`,
    `create table ${schema}.identity_passkey_challenge (
      hash bytea primary key,
      purpose text not null check (purpose in ('enrol', 'sign_in', 'factor')),
      user_id text references ${schema}.identity_user (id) on delete cascade,
      bound_to text,
      expires_at timestamptz not null,
      check ((purpose = 'sign_in') = (user_id is null))
    )`,
    `create table ${schema}.identity_sign_in_challenge (
      id text primary key,
      hash bytea not null unique,
      user_id text not null references ${schema}.identity_user (id) on delete cascade,
      kind text not null check (kind in ('browser', 'app')),
      attempts int4 not null default 0,
      expires_at timestamptz not null
    )`,
    `create table ${schema}.identity_confirmation_code (
      id text primary key,
      user_id text not null references ${schema}.identity_user (id) on delete cascade,
      channel text not null check (channel in ('email', 'sms')),
      request_hash bytea not null,
      code_index bytea not null,
      attempts int4 not null default 0,
      expires_at timestamptz not null
    )`,
    `create index identity_confirmation_code_user on ${schema}.identity_confirmation_code (user_id)`,
  ],
};

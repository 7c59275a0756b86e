import type { Migration } from "../schema/migration.ts";

export const userMigration: Migration = {
  version: 3,
  name: "people",
  statements: (schema) => [
    // A credential set before the address was proven would be its setter's, not the owner's: a pending user can't have one.
    `alter table ${schema}.identity_user
      add column email bytea,
      add column email_index bytea unique,
      add column phone bytea,
      add column display_name bytea,
      add column language text,
      add column password_hash text,
      add column password_set_at timestamptz,
      add constraint identity_user_pending_has_no_password
        check (status <> 'pending' or password_hash is null)`,
    `create table ${schema}.identity_mail_token (
      hash bytea primary key,
      user_id text not null references ${schema}.identity_user (id) on delete cascade,
      purpose text not null check (purpose in ('registration', 'password_reset', 'thaw')),
      expires_at timestamptz not null
    )`,
    `create index identity_mail_token_user on ${schema}.identity_mail_token (user_id)`,
    `create table ${schema}.identity_contact_change (
      id text primary key,
      user_id text not null references ${schema}.identity_user (id) on delete cascade,
      field text not null check (field in ('email', 'phone')),
      value bytea not null,
      value_index bytea,
      old_hash bytea not null unique,
      old_confirmed_at timestamptz,
      new_hash bytea not null unique,
      new_confirmed_at timestamptz,
      attempts int4 not null default 0,
      expires_at timestamptz not null,
      unique (user_id, field)
    )`,
  ],
};

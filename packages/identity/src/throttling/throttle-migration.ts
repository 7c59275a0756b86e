import type { Migration } from "../schema/migration.ts";

export const throttleMigration: Migration = {
  version: 2,
  name: "throttling",
  statements: (schema) => [
    `create table ${schema}.identity_throttle (
      bucket bytea primary key,
      failures int4 not null check (failures >= 0),
      last_at timestamptz not null,
      closed_until timestamptz not null
    )`,
    `create index identity_throttle_last_at on ${schema}.identity_throttle (last_at)`,
  ],
};

import type { Migration } from "../schema/migration.ts";

export const staffFreezeMigration: Migration = {
  version: 16,
  name: "freezes by staff",
  statements: (schema) => [
    `alter table ${schema}.identity_user add column frozen_by_staff boolean not null default false`,
  ],
};

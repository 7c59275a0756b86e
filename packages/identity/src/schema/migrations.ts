import { addressBookMigration } from "../address-book/address-book-tables.ts";
import { antiPhishingMigration } from "../anti-phishing/phrase-table.ts";
import { apiKeyMigration } from "../api-keys/api-key-table.ts";
import { auditMigration } from "../audit/audit-tables.ts";
import { erasureMigration } from "../erasure/erasure-table.ts";
import { factorMigration } from "../factors/factor-migration.ts";
import { dataKeyMigration } from "../keys/data-key-table.ts";
import { outboxMigration } from "../outbox/outbox-table.ts";
import { roleMigration } from "../roles/role-tables.ts";
import { securityHoldMigration } from "../security-holds/security-hold-table.ts";
import { sessionMigration } from "../sessions/session-migration.ts";
import { elevationMigration } from "../step-up/elevation-table.ts";
import { throttleMigration } from "../throttling/throttle-migration.ts";
import { staffFreezeMigration } from "../users/staff-freeze-migration.ts";
import { userMigration } from "../users/user-migration.ts";
import type { Migration } from "./migration.ts";

/**
 * The schema, step by step. Valid for PostgreSQL 15 and later and for PGlite.
 *
 * Times are `timestamptz` and come from the caller's clock, never from `now()`, so that a test can say what time it is. What is
 * personal is sealed under its subject's key (`bytea`), and found again by a keyed hash beside it.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: "users",
    statements: (schema) => [
      `create table ${schema}.identity_user (
        id text primary key,
        status text not null check (status in ('pending', 'active', 'frozen', 'erased')),
        created_at timestamptz not null
      )`,
    ],
  },
  throttleMigration,
  userMigration,
  sessionMigration,
  factorMigration,
  { version: 6, name: "data keys", statements: dataKeyMigration },
  { version: 7, name: "audit log", statements: auditMigration },
  { version: 8, name: "outbox", statements: outboxMigration },
  { version: 9, name: "security holds", statements: securityHoldMigration },
  { version: 10, name: "anti-phishing phrases", statements: antiPhishingMigration },
  { version: 11, name: "step-up", statements: elevationMigration },
  { version: 12, name: "roles and approvals", statements: roleMigration },
  { version: 13, name: "API keys", statements: apiKeyMigration },
  { version: 14, name: "address book", statements: addressBookMigration },
  { version: 15, name: "erasures", statements: erasureMigration },
  staffFreezeMigration,
];

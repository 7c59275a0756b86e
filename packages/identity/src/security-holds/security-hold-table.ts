import type { Timestamp } from "../schema/timestamp.ts";

/** A time in which nothing is withdrawn. */
export interface SecurityHoldTable {
  id: string;
  user_id: string;
  reason: string;
  began_at: Timestamp;
  until: Timestamp;
}

export const securityHoldMigration = (schema: string): readonly string[] => [
  `create table ${schema}.identity_security_hold (
    id text primary key,
    user_id text not null references ${schema}.identity_user (id),
    reason text not null,
    began_at timestamptz not null,
    until timestamptz not null check (until > began_at)
  )`,
  `create index identity_security_hold_by_user on ${schema}.identity_security_hold (user_id, until)`,
];

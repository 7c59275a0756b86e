import type { Timestamp } from "../schema/timestamp.ts";

/** That a user was erased, and what the law still keeps. */
export interface ErasureTable {
  user_id: string;
  requested_at: Timestamp;
  /** Until when the law keeps part of it; null if it keeps nothing. */
  retained_until: Timestamp | null;
  retained_for: string | null;
  /** When the user's key was destroyed; null while it is kept. */
  finished_at: Timestamp | null;
}

export const erasureMigration = (schema: string): readonly string[] => [
  `create table ${schema}.identity_erasure (
    user_id text primary key references ${schema}.identity_user (id),
    requested_at timestamptz not null,
    retained_until timestamptz,
    retained_for text,
    finished_at timestamptz,
    check ((retained_until is null) = (retained_for is null))
  )`,
  `create index identity_erasure_retained on ${schema}.identity_erasure (retained_until) where finished_at is null`,
];

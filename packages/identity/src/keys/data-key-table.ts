import type { Timestamp } from "../schema/timestamp.ts";

/** A data key: of a user, of the system's own records, or the one of the index. */
export interface DataKeyTable {
  /** A user's id, `system` or `index`. */
  subject: string;
  /** The key that wrapped it. */
  key_id: string;
  /** Null once it is destroyed. The row stays, so that no new key is made for a subject that was erased. */
  wrapped: Uint8Array | null;
  created_at: Timestamp;
  destroyed_at: Timestamp | null;
}

export const dataKeyMigration = (schema: string): readonly string[] => [
  `create table ${schema}.identity_data_key (
    subject text primary key,
    key_id text not null,
    wrapped bytea,
    created_at timestamptz not null,
    destroyed_at timestamptz,
    check ((wrapped is null) = (destroyed_at is not null))
  )`,
  `create index identity_data_key_by_key on ${schema}.identity_data_key (key_id, subject) where wrapped is not null`,
];

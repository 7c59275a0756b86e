import type { Timestamp } from "../schema/timestamp.ts";

/** That somebody has proved anew who they are, for one operation. */
export interface ElevationTable {
  id: string;
  user_id: string;
  session_id: string;
  /** The operation's type. */
  purpose: string;
  operation_digest: Uint8Array;
  /** What was proved, with commas between. */
  methods: string;
  created_at: Timestamp;
  expires_at: Timestamp;
  consumed_at: Timestamp | null;
}

export const elevationMigration = (schema: string): readonly string[] => [
  `create table ${schema}.identity_elevation (
    id text primary key,
    user_id text not null references ${schema}.identity_user (id),
    session_id text not null,
    purpose text not null,
    operation_digest bytea not null check (length(operation_digest) = 32),
    methods text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    consumed_at timestamptz
  )`,
  `create index identity_elevation_by_user on ${schema}.identity_elevation (user_id)`,
  `create index identity_elevation_expired on ${schema}.identity_elevation (expires_at)`,
];

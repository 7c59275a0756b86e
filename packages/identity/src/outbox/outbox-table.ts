import type { Timestamp } from "../schema/timestamp.ts";

/** What is to leave the database: a notice to a user, or a command to the host. */
export interface OutboxTable {
  id: string;
  user_id: string;
  channel: "email" | "sms" | "command";
  /** What a notice is about, or what a command does. */
  kind: string;
  /** Sealed under the user's key; null once it was delivered or given up. */
  body: Uint8Array | null;
  status: "waiting" | "delivered" | "given_up";
  /** How often a delivery was begun. */
  attempts: number;
  created_at: Timestamp;
  /** When the next delivery may begin. */
  due_at: Timestamp;
  /** After this it is given up: a code that has expired helps nobody. */
  expires_at: Timestamp;
}

export const outboxMigration = (schema: string): readonly string[] => [
  `create table ${schema}.identity_outbox (
    id text primary key,
    user_id text not null references ${schema}.identity_user (id),
    channel text not null check (channel in ('email', 'sms', 'command')),
    kind text not null,
    body bytea,
    status text not null check (status in ('waiting', 'delivered', 'given_up')),
    attempts int4 not null default 0,
    created_at timestamptz not null,
    due_at timestamptz not null,
    expires_at timestamptz not null,
    check ((body is not null) = (status = 'waiting'))
  )`,
  `create index identity_outbox_due on ${schema}.identity_outbox (due_at, id) where status = 'waiting'`,
  `create index identity_outbox_by_user on ${schema}.identity_outbox (user_id)`,
];

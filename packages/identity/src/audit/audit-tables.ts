import type { ColumnType } from "kysely";
import type { Timestamp } from "../schema/timestamp.ts";

/** What happened. Never changed and never deleted. */
export interface AuditEventTable {
  id: string;
  at: Timestamp;
  actor: string;
  action: string;
  subject: string | null;
  target: string | null;
  outcome: "done" | "refused";
  reason: string | null;
  /** Whose key sealed address and details: a user's id, or `system`. Null where there are none. */
  sealed_for: string | null;
  sealed: Uint8Array | null;
  /** SHA-256 of the canonical JSON of all columns above, `sealed` by its hash. */
  digest: Uint8Array;
}

/** The place of an event in the chain, written when its transaction commits. */
export interface AuditLinkTable {
  seq: ColumnType<never, never, never>;
  event: string;
  /** SHA-256 of the hash before, the sequence number in eight bytes, and the event's digest. */
  hash: Uint8Array;
}

/** The end of the chain, one row. */
export interface AuditHeadTable {
  seq: ColumnType<never, never, never>;
  hash: Uint8Array;
}

/** The hash before the first event. */
export const GENESIS_HASH: Uint8Array = new Uint8Array(32);

/**
 * An event takes its place in the chain by a trigger that is deferred to the commit. The row of the head is locked only then, when its
 * transaction locks nothing more: audited transactions wait for each other's commits, but never in a circle.
 */
export const auditMigration = (schema: string): readonly string[] => [
  `create table ${schema}.identity_audit_event (
    id text primary key,
    at timestamptz not null,
    actor text not null,
    action text not null,
    subject text,
    target text,
    outcome text not null check (outcome in ('done', 'refused')),
    reason text,
    sealed_for text,
    sealed bytea,
    digest bytea not null check (length(digest) = 32),
    check ((sealed is null) = (sealed_for is null))
  )`,
  `create index identity_audit_event_by_subject on ${schema}.identity_audit_event (subject, at)`,
  `create index identity_audit_event_by_action on ${schema}.identity_audit_event (action, at)`,
  `create table ${schema}.identity_audit_link (
    seq int8 primary key,
    event text not null unique references ${schema}.identity_audit_event (id),
    hash bytea not null
  )`,
  `create table ${schema}.identity_audit_head (
    only_one bool primary key default true check (only_one),
    seq int8 not null,
    hash bytea not null
  )`,
  `insert into ${schema}.identity_audit_head (seq, hash) values (0, decode(repeat('00', 32), 'hex'))`,
  `create function ${schema}.identity_audit_append() returns trigger language plpgsql as $$
    declare
      next_seq int8;
      next_hash bytea;
    begin
      update ${schema}.identity_audit_head
        set seq = seq + 1, hash = sha256(hash || int8send(seq + 1) || new.digest)
        returning seq, hash into strict next_seq, next_hash;
      insert into ${schema}.identity_audit_link (seq, event, hash) values (next_seq, new.id, next_hash);
      return null;
    end $$`,
  `create constraint trigger identity_audit_append
    after insert on ${schema}.identity_audit_event
    deferrable initially deferred
    for each row execute function ${schema}.identity_audit_append()`,
  `create function ${schema}.identity_audit_refuse() returns trigger language plpgsql as $$
    begin
      raise exception 'the audit log is only ever added to' using errcode = 'restrict_violation';
    end $$`,
  ...["identity_audit_event", "identity_audit_link"].map(
    (table) => `create trigger ${table}_is_kept
      before update or delete or truncate on ${schema}.${table}
      for each statement execute function ${schema}.identity_audit_refuse()`,
  ),
  `create trigger identity_audit_head_is_kept
    before update or delete on ${schema}.identity_audit_head
    for each row when (pg_trigger_depth() = 0) execute function ${schema}.identity_audit_refuse()`,
  `create trigger identity_audit_head_is_never_emptied
    before truncate on ${schema}.identity_audit_head
    for each statement execute function ${schema}.identity_audit_refuse()`,
];

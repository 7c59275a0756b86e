import { sql } from "kysely";
import type { IdentityDatabase } from "../identity-database.ts";
import { millisecondsOf } from "../schema/time-column.ts";

/** An event as it is kept, and its place in the chain if it has one. */
export interface ChainedEvent {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string | null;
  readonly target: string | null;
  readonly outcome: "done" | "refused";
  readonly reason: string | null;
  readonly sealed_for: string | null;
  readonly sealed: Uint8Array | null;
  readonly digest: Uint8Array;
}

/** A link and the event that it names; null where the event is gone. */
export interface ReadLink {
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly linked: string;
  readonly event: ChainedEvent | null;
}

const EVENT_COLUMNS = [
  "event.actor",
  "event.action",
  "event.subject",
  "event.target",
  "event.outcome",
  "event.reason",
  "event.sealed_for",
  "event.sealed",
  "event.digest",
] as const;

/** The links after a sequence number, in order. */
export const readLinks = async (
  db: IdentityDatabase,
  after: number,
  limit: number,
): Promise<ReadLink[]> => {
  const rows = await db
    .selectFrom("identity_audit_link as link")
    .leftJoin("identity_audit_event as event", "event.id", "link.event")
    .select(EVENT_COLUMNS)
    .select([
      sql<number>`link.seq::float8`.as("seq"),
      "link.hash",
      "link.event as linked",
      "event.id",
      millisecondsOf("event.at").as("at"),
    ])
    .where("link.seq", ">", sql<never>`${after}::int8`)
    .orderBy("link.seq")
    .limit(limit)
    .execute();
  return rows.map(({ seq, hash, linked, id, ...event }) => ({
    seq,
    hash,
    linked,
    event: id === null ? null : ({ id, ...event } as ChainedEvent),
  }));
};

/** The events about a user, the oldest first. */
export const readEventsOf = async (
  db: IdentityDatabase,
  subject: string,
): Promise<ChainedEvent[]> =>
  db
    .selectFrom("identity_audit_event as event")
    .innerJoin("identity_audit_link as link", "link.event", "event.id")
    .select(EVENT_COLUMNS)
    .select(["event.id", millisecondsOf("event.at").as("at")])
    .where("event.subject", "=", subject)
    .orderBy("link.seq")
    .execute();

/** The end of the chain. */
export const readHead = async (
  db: IdentityDatabase,
): Promise<{ readonly seq: number; readonly hash: Uint8Array }> =>
  db
    .selectFrom("identity_audit_head")
    .select([sql<number>`seq::float8`.as("seq"), "hash"])
    .executeTakeFirstOrThrow();

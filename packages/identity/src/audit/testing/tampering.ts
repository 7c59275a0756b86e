import * as fc from "fast-check";
import { sql } from "kysely";
import type { IdentityDatabase } from "../../identity-database.ts";
import type { AuditFinding } from "../verify-audit-log.ts";

/** What somebody can do who administers the database: triggers don't fire for them. */
export const tamper = (
  db: IdentityDatabase,
  act: (tx: IdentityDatabase) => Promise<unknown>,
): Promise<void> =>
  db.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    await act(tx);
  });

/** The ids of the events, by their place in the chain less one. */
type Events = readonly string[];

interface Deed {
  act(tx: IdentityDatabase, events: Events): Promise<unknown>;
  /** What must be found first. */
  first(events: Events): AuditFinding;
}

/** How long the log is that deeds are done to. */
export const DEED_EVENTS = 6;

const placed = (events: Events, seq: number) => ({ seq, event: events[seq - 1] as string });

const changes: readonly Record<string, unknown>[] = [
  { actor: "usr_mallory" },
  { action: "session.ended" },
  { subject: "usr_mallory" },
  { subject: null },
  { target: "ses_9" },
  { outcome: "refused" },
  { reason: "why not" },
  { at: sql`at + interval '1 millisecond'` },
  { sealed: new Uint8Array(40) },
  { sealed_for: "usr_mallory" },
  { digest: new Uint8Array(32) },
];

const changed = (seq: number, change: Record<string, unknown>): Deed => ({
  act: (tx, events) =>
    tx
      .updateTable("identity_audit_event")
      .set(change as never)
      .where("id", "=", placed(events, seq).event)
      .execute(),
  first: (events) => ({ code: "event_changed", ...placed(events, seq) }),
});

const deleteEvent = (tx: IdentityDatabase, event: string) =>
  tx.deleteFrom("identity_audit_event").where("id", "=", event).execute();

const eventDeleted = (seq: number): Deed => ({
  act: (tx, events) => deleteEvent(tx, placed(events, seq).event),
  first: (events) => ({ code: "event_missing", ...placed(events, seq) }),
});

const removed = (seq: number): Deed => ({
  async act(tx, events) {
    const { event } = placed(events, seq);
    await tx.deleteFrom("identity_audit_link").where("event", "=", event).execute();
    await deleteEvent(tx, event);
  },
  first: () => ({ code: seq === DEED_EVENTS ? "head_changed" : "link_missing", seq }),
});

const added = (seq: number): Deed => ({
  async act(tx, events) {
    const copied = await tx
      .selectFrom("identity_audit_event")
      .selectAll()
      .where("id", "=", placed(events, seq).event)
      .executeTakeFirstOrThrow();
    await tx
      .insertInto("identity_audit_event")
      .values({ ...copied, id: "aud_added" } as never)
      .execute();
  },
  first: () => ({ code: "event_unlinked", event: "aud_added" }),
});

const swapped = (one: number, other: number): Deed => ({
  async act(tx, events) {
    const point = (seq: number, event: string) =>
      tx
        .updateTable("identity_audit_link")
        .set({ event })
        .where(sql.ref("seq"), "=", sql`${seq}::int8`)
        .execute();
    await point(one, "between");
    await point(other, placed(events, one).event);
    await point(one, placed(events, other).event);
  },
  first: (events) => {
    const [early, late] = one < other ? [one, other] : [other, one];
    return { code: "link_changed", seq: early, event: placed(events, late).event };
  },
});

const place = fc.integer({ min: 1, max: DEED_EVENTS });

/** Something done to one or two rows of the log. */
export const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.tuple(place, fc.constantFrom(...changes)).map(([seq, change]) => changed(seq, change)),
  place.map(eventDeleted),
  place.map(removed),
  place.map(added),
  fc
    .tuple(place, place)
    .filter(([one, other]) => one !== other)
    .map(([one, other]) => swapped(one, other)),
);

export const linkedEvents = async (db: IdentityDatabase): Promise<Events> => {
  const links = await db.selectFrom("identity_audit_link").select("event").orderBy("seq").execute();
  return links.map(({ event }) => event);
};

const TABLES = ["identity_audit_link", "identity_audit_event", "identity_audit_head"] as const;

type Saved = readonly { readonly table: (typeof TABLES)[number]; readonly rows: unknown[] }[];

export const savedTables = async (db: IdentityDatabase): Promise<Saved> => {
  const saved = [];
  for (const table of TABLES) {
    saved.push({ table, rows: await db.selectFrom(table).selectAll().execute() });
  }
  return saved;
};

export const restore = async (tx: IdentityDatabase, saved: Saved): Promise<void> => {
  for (const { table, rows } of saved) {
    await tx.deleteFrom(table).execute();
    await tx
      .insertInto(table)
      .values(rows as never)
      .execute();
  }
};

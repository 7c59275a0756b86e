import { sql } from "kysely";
import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import type { IdentityDatabase, IdentityTransaction } from "../identity-context.ts";
import type { Refused } from "../refusal.ts";
import { isAfter, millisecondsOf, timestampOf } from "../schema/time-column.ts";
import { tokenHash } from "../tokens/secret-token.ts";
import { holdUser } from "../users/hold-user.ts";
import type { Session, SessionRefusal, SignInMethod } from "./session.ts";

/** A session that was used less than this ago isn't written to again: most requests only read. */
const TOUCHED_EVERY_MS = 60_000;

export type AuthenticateAnswer =
  | { readonly ok: true; readonly session: Session }
  | Refused<"session_invalid">;

/**
 * The session of a token, if it is alive and its user is active. Each use prolongs a browser's session, up to its absolute end.
 *
 * Asks the database each time, so that a session that is ended anywhere is ended everywhere at once. Never throws for what a client
 * may send.
 */
export const authenticate = async (
  context: AccountContext,
  token: unknown,
): Promise<AuthenticateAnswer> => {
  const hash = tokenHash("session", token);
  if (hash === undefined) return refuse("session_invalid");
  const now = context.clock();
  const row = await living(context.db, now)
    .where("identity_session.token_hash", "=", hash)
    .executeTakeFirst();
  if (row === undefined) return refuse("session_invalid");
  if (now - row.lastSeenAt >= TOUCHED_EVERY_MS) await touch(context, row.id, row.kind, hash);
  return { ok: true, session: sessionOf(row) };
};

/**
 * The session as it is now, kept from being ended until the transaction is done; undefined if it is over. For use cases that change
 * something: between `authenticate` and now it may have been ended.
 */
export const holdSession = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  { id, user }: Session,
): Promise<Session | undefined> => {
  await holdUser(transaction, user);
  await transaction
    .selectFrom("identity_session")
    .select("id")
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  const row = await living(transaction, context.clock())
    .where("identity_session.id", "=", id)
    .executeTakeFirst();
  return row === undefined ? undefined : sessionOf(row);
};

/** For what protects an account: a live session whose user proved who they are a little while ago. Undefined where all is well. */
export const refuseUnlessRecent = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  session: Session,
): Promise<SessionRefusal | undefined> => {
  const held = await holdSession(context, transaction, session);
  if (held === undefined) return refuse("session_invalid");
  const since = context.clock() - held.authenticatedAt;
  if (since > context.settings.sessions.recentMs) return refuse("reauthentication_needed");
  return undefined;
};

const living = (db: IdentityDatabase, now: number) =>
  db
    .selectFrom("identity_session")
    .innerJoin("identity_user", "identity_user.id", "identity_session.user_id")
    .select([
      "identity_session.id",
      "identity_session.user_id as user",
      "identity_session.kind",
      "identity_session.device_id as device",
      "identity_session.assurance",
      "identity_session.methods",
      millisecondsOf("identity_session.authenticated_at").as("authenticatedAt"),
      millisecondsOf("identity_session.last_seen_at").as("lastSeenAt"),
    ])
    .where("identity_user.status", "=", "active")
    .where("identity_session.ended_at", "is", null)
    .where(isAfter("identity_session.idle_expires_at", now))
    .where(isAfter("identity_session.expires_at", now));

const sessionOf = (row: {
  readonly id: string;
  readonly user: string;
  readonly kind: Session["kind"];
  readonly device: string;
  readonly assurance: number;
  readonly methods: string;
  readonly authenticatedAt: number;
}): Session => ({
  id: row.id,
  user: row.user,
  kind: row.kind,
  device: row.device,
  assurance: row.assurance === 2 ? 2 : 1,
  methods: row.methods.split(" ") as SignInMethod[],
  authenticatedAt: row.authenticatedAt,
});

/** Only while the token is still the session's: one that was rotated meanwhile prolongs nothing. */
const touch = async (
  { db, clock, settings }: AccountContext,
  id: string,
  kind: Session["kind"],
  hash: Uint8Array,
): Promise<void> => {
  const idle = timestampOf(clock() + settings.sessions.browserIdleMs);
  await db
    .updateTable("identity_session")
    .set({
      last_seen_at: timestampOf(clock()),
      ...(kind === "browser" ? { idle_expires_at: sql<Date>`least(${idle}, expires_at)` } : {}),
    })
    .where("id", "=", id)
    .where("token_hash", "=", hash)
    .where("ended_at", "is", null)
    .execute();
};

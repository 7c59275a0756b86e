import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import { enqueueNotice } from "../outbox/outbox.ts";
import type { Refused } from "../refusal.ts";
import { isAfter, millisecondsOf, timestampOf } from "../schema/time-column.ts";
import { tokenHash } from "../tokens/secret-token.ts";
import type { SessionTokens } from "./session.ts";
import {
  keepRefreshToken,
  mintSessionTokens,
  openSuccessor,
  sealSuccessor,
} from "./session-tokens.ts";

export type RefreshAnswer =
  | { readonly ok: true; readonly tokens: SessionTokens }
  | Refused<"refresh_invalid">;

/**
 * Exchanges an app's refresh token for new tokens, once.
 *
 * Sent again within the grace, it gives the same tokens: the answer may have been lost on the way. Sent again later, two have it, and one of
 * them stole it: the session ends, whoever holds its newest token, and the user is told.
 */
export const refreshSession = async (
  context: AccountContext,
  refreshToken: unknown,
): Promise<RefreshAnswer> => {
  const hash = tokenHash("refresh", refreshToken);
  if (hash === undefined || typeof refreshToken !== "string") return refuse("refresh_invalid");
  return inTransaction(context, async (transaction) => {
    const session = await sessionOf(transaction, hash);
    if (session === undefined) return refuse("refresh_invalid");
    const expiresAt = await holdLivingApp(context, transaction, session);
    if (expiresAt === undefined) return refuse("refresh_invalid");
    const minted = mintSessionTokens(context, "app", expiresAt);
    const exchanged = await transaction
      .updateTable("identity_refresh_token")
      .set({
        used_at: timestampOf(context.clock()),
        successor: sealSuccessor(context, refreshToken, minted.tokens),
      })
      .where("hash", "=", hash)
      .where("used_at", "is", null)
      .where(isAfter("expires_at", context.clock()))
      .returning("hash")
      .executeTakeFirst();
    if (exchanged === undefined) return usedBefore(context, transaction, hash, refreshToken);
    await transaction
      .updateTable("identity_session")
      .set({
        token_hash: minted.tokenHash,
        idle_expires_at: timestampOf(minted.idleExpiresAt),
        last_seen_at: timestampOf(context.clock()),
      })
      .where("id", "=", session)
      .execute();
    await keepRefreshToken(transaction, session, minted.refresh);
    return { ok: true, tokens: minted.tokens };
  });
};

const sessionOf = async (
  transaction: IdentityTransaction,
  hash: Uint8Array,
): Promise<string | undefined> => {
  const row = await transaction
    .selectFrom("identity_refresh_token")
    .select("session_id")
    .where("hash", "=", hash)
    .executeTakeFirst();
  return row?.session_id;
};

/** When a session ends at the latest, if it is alive and its user active. Holds it, before its refresh token: always in this order. */
const holdLivingApp = async (
  { clock }: AccountContext,
  transaction: IdentityTransaction,
  session: string,
): Promise<number | undefined> => {
  const row = await transaction
    .selectFrom("identity_session")
    .select(["user_id", millisecondsOf("expires_at").as("expiresAt")])
    .where("id", "=", session)
    .where("ended_at", "is", null)
    .where(isAfter("expires_at", clock()))
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const user = await transaction
    .selectFrom("identity_user")
    .select("status")
    .where("id", "=", row.user_id)
    .executeTakeFirst();
  return user?.status === "active" ? row.expiresAt : undefined;
};

const usedBefore = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  hash: Uint8Array,
  refreshToken: string,
): Promise<RefreshAnswer> => {
  const used = await transaction
    .selectFrom("identity_refresh_token")
    .select(["session_id", "successor", millisecondsOf("used_at").as("usedAt")])
    .where("hash", "=", hash)
    .where("used_at", "is not", null)
    .executeTakeFirst();
  // Neither used nor valid: it has expired.
  if (used?.successor == null) return refuse("refresh_invalid");
  const tokens = openSuccessor(refreshToken, used.successor);
  const since = context.clock() - used.usedAt;
  if (since < context.settings.sessions.refreshGraceMs && (await isUnused(transaction, tokens))) {
    return { ok: true, tokens };
  }
  const { user_id: user } = await transaction
    .updateTable("identity_session")
    .set({ ended_at: timestampOf(context.clock()), end_reason: "refresh_reused" })
    .where("id", "=", used.session_id)
    .returning("user_id")
    .executeTakeFirstOrThrow();
  await context.audit.record(transaction, {
    actor: "anonymous",
    action: "session.refresh_reused",
    subject: user,
    target: used.session_id,
    outcome: "refused",
    reason: "refresh_invalid",
  });
  await enqueueNotice(context, transaction, {
    user,
    channel: "email",
    kind: "session_stolen",
    values: {},
  });
  return refuse("refresh_invalid");
};

/** A client that has used the successor has got it, and has no reason to send what came before again. */
const isUnused = async (
  transaction: IdentityTransaction,
  { refreshToken }: SessionTokens,
): Promise<boolean> => {
  const hash = tokenHash("refresh", refreshToken);
  if (hash === undefined) return false;
  const successor = await transaction
    .selectFrom("identity_refresh_token")
    .select("hash")
    .where("hash", "=", hash)
    .where("used_at", "is", null)
    .executeTakeFirst();
  return successor !== undefined;
};

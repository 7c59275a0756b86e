import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import { enqueueNotice } from "../outbox/outbox.ts";
import { checkPassword, type PasswordRefusalCode } from "../passwords/password-rules.ts";
import type { Refused } from "../refusal.ts";
import { timestampOf } from "../schema/time-column.ts";
import { setSecurityHold } from "../security-holds/security-hold.ts";
import { refuseUnlessRecent } from "../sessions/authenticate.ts";
import { endSessionsOf } from "../sessions/end-sessions.ts";
import { rotateSession } from "../sessions/rotate-session.ts";
import type { Session, SessionRefusal, SessionTokens } from "../sessions/session.ts";
import { openEmail } from "./profile.ts";

export type PasswordChangeAnswer =
  | { readonly ok: true; readonly tokens: SessionTokens }
  | SessionRefusal
  | Refused<PasswordRefusalCode | "server_busy">;

/** Changes the password of whoever has just proven who they are. All other sessions end; this one gets new tokens. */
export const changePassword = async (
  context: AccountContext,
  session: Session,
  password: string,
): Promise<PasswordChangeAnswer> => {
  const { user } = session;
  const words = [await openEmail(context, context.db, user)];
  const taken = await checkPassword(context.settings.passwordRules, password, words);
  if (!taken.ok) return taken;
  if (context.passwords.overloaded) return refuse("server_busy");
  const hash = await context.passwords.hash(password);
  return inTransaction(context, async (transaction) => {
    const refused = await refuseUnlessRecent(context, transaction, session);
    if (refused !== undefined) return refused;
    await setPassword(context, transaction, user, hash);
    await endSessionsOf(context, transaction, user, "password_changed", session.id);
    const tokens = await rotateSession(context, transaction, session);
    await setSecurityHold(context, transaction, user, "password_changed");
    await enqueueNotice(context, transaction, {
      user,
      channel: "email",
      kind: "password_changed",
      values: {},
    });
    await context.audit.record(transaction, {
      actor: user,
      action: "password.changed",
      subject: user,
      outcome: "done",
    });
    return { ok: true, tokens };
  });
};

export const setPassword = async (
  { clock }: AccountContext,
  transaction: IdentityTransaction,
  user: string,
  hash: string,
): Promise<void> => {
  await transaction
    .updateTable("identity_user")
    .set({ password_hash: hash, password_set_at: timestampOf(clock()) })
    .where("id", "=", user)
    .execute();
};

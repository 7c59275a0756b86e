import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import { inTransaction } from "../in-transaction.ts";
import { enqueueNotice } from "../outbox/outbox.ts";
import { checkPassword, type PasswordRefusalCode } from "../passwords/password-rules.ts";
import type { Refused } from "../refusal.ts";
import { setSecurityHold } from "../security-holds/security-hold.ts";
import { endSessionsOf } from "../sessions/end-sessions.ts";
import type { Client } from "../sign-in/client.ts";
import { clear, throttleOf } from "../throttling/throttle.ts";
import { holdUser } from "./hold-user.ts";
import { consume, ownerOf, sendable } from "./mail-token.ts";
import { setPassword } from "./password-change.ts";
import { openEmail } from "./profile.ts";
import { type RequestByEmailAnswer, requestByEmail } from "./request-by-email.ts";

export interface PasswordResetRequest {
  readonly email: string;
  readonly client: Client;
}

/** Sends a link for a new password, to whoever has an account. The answer is the same for whoever has none. */
export const requestPasswordReset = (
  context: AccountContext,
  request: PasswordResetRequest,
): Promise<RequestByEmailAnswer> =>
  requestByEmail(context, request, "password_reset", async (transaction, user) => {
    if (user.status !== "active") return;
    const lives = context.settings.passwordResetMs;
    const token = await sendable(context, transaction, user.id, "password_reset", lives);
    await enqueueNotice(context, transaction, {
      user: user.id,
      channel: "email",
      kind: "password_reset",
      values: { token },
      expiresAt: context.clock() + lives,
    });
  });

export interface PasswordReset {
  /** From the e-mail. */
  readonly token: string;
  readonly password: string;
  readonly client: Client;
}

export type PasswordResetAnswer =
  | { readonly ok: true }
  | Refused<"token_invalid" | "server_busy" | PasswordRefusalCode>;

/**
 * Sets a new password by the link. It signs nobody in, and no second factor is touched: whoever has the mailbox alone still doesn't get in.
 * All sessions end, money doesn't leave for a while, and the attempts that strangers used up count no more.
 */
export const resetPassword = async (
  context: AccountContext,
  { token, password, client }: PasswordReset,
): Promise<PasswordResetAnswer> => {
  const user = await ownerOf(context, context.db, "password_reset", token);
  if (user === undefined) return refuse("token_invalid", { field: "token" });
  const words = [await openEmail(context, context.db, user)];
  const taken = await checkPassword(context.settings.passwordRules, password, words);
  if (!taken.ok) return taken;
  if (context.passwords.overloaded) return refuse("server_busy");
  const hash = await context.passwords.hash(password);
  const answer = await inTransaction<PasswordResetAnswer>(context, async (transaction) => {
    const held = await holdUser(transaction, user);
    const used = await consume(context, transaction, "password_reset", token);
    if (!used || held?.status !== "active") return refuse("token_invalid", { field: "token" });
    await setPassword(context, transaction, user, hash);
    await endSessionsOf(context, transaction, user, "password_reset");
    await setSecurityHold(context, transaction, user, "password_reset");
    await enqueueNotice(context, transaction, {
      user,
      channel: "email",
      kind: "password_changed",
      values: {},
    });
    await context.audit.record(transaction, {
      actor: user,
      action: "password.reset",
      subject: user,
      outcome: "done",
      address: client.address,
    });
    return { ok: true };
  });
  if (answer.ok) await openToStrangers(context, user);
  return answer;
};

const openToStrangers = async (context: AccountContext, user: string): Promise<void> => {
  const row = await context.db
    .selectFrom("identity_user")
    .select("email_index")
    .where("id", "=", user)
    .executeTakeFirst();
  if (row?.email_index == null) return;
  const account = Buffer.from(row.email_index).toString("hex");
  const { passwordByAccount } = context.settings.throttles;
  await clear(context, await throttleOf(context, passwordByAccount, account));
};

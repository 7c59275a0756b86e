import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import { enrolledFactors } from "../factors/enrolled-factors.ts";
import { type FactorProof, proveFactor } from "../factors/prove-factor.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import { enqueueNotice } from "../outbox/outbox.ts";
import type { Refused } from "../refusal.ts";
import { holdSession } from "../sessions/authenticate.ts";
import { endSessionsOf } from "../sessions/end-sessions.ts";
import type { Session } from "../sessions/session.ts";
import { takeAttempt } from "../sign-in/attempts.ts";
import type { Client } from "../sign-in/client.ts";
import { takeFactorAttempt } from "../sign-in/finish-sign-in.ts";
import { holdUser } from "./hold-user.ts";
import { consume, ownerOf, sendable } from "./mail-token.ts";
import { type RequestByEmailAnswer, requestByEmail } from "./request-by-email.ts";

/**
 * Freezes the user's own account: every session ends and nobody signs in. Any living session may, however old its sign-in: who suspects
 * a thief mustn't look for their authenticator first.
 */
export const freezeAccount = (
  context: AccountContext,
  session: Session,
): Promise<{ readonly ok: true } | Refused<"session_invalid">> =>
  inTransaction(context, async (transaction) => {
    const { user } = session;
    if ((await holdSession(context, transaction, session)) === undefined) {
      return refuse("session_invalid");
    }
    await setStatus(transaction, user, "frozen");
    await endSessionsOf(context, transaction, user, "account_frozen");
    await enqueueNotice(context, transaction, {
      user,
      channel: "email",
      kind: "account_frozen",
      values: {},
    });
    await context.audit.record(transaction, {
      actor: user,
      action: "account.frozen",
      subject: user,
      outcome: "done",
    });
    return { ok: true };
  });

/** Sends the owner of a frozen account a link to thaw it. The answer is the same for everybody. */
export const requestThaw = (
  context: AccountContext,
  request: { readonly email: string; readonly client: Client },
): Promise<RequestByEmailAnswer> =>
  requestByEmail(context, request, "thaw", async (transaction, user) => {
    if (user.status !== "frozen") return;
    const token = await sendable(context, transaction, user.id, "thaw", context.settings.thawMs);
    await enqueueNotice(context, transaction, {
      user: user.id,
      channel: "email",
      kind: "account_thaw",
      values: { token },
    });
  });

export interface Thaw {
  /** From the e-mail. */
  readonly token: string;
  readonly password: string;
  /** Needed where the user has one. A passkey can't be asked before there is a sign-in: an authenticator's code or a recovery code. */
  readonly factor?: Exclude<FactorProof, { kind: "passkey" }> | undefined;
  readonly client: Client;
}

export type ThawAnswer =
  | { readonly ok: true }
  | Refused<
      | "token_invalid"
      | "credentials_wrong"
      | "factor_wrong"
      | "server_busy"
      | "attempts_throttled"
      | "attempts_exhausted"
    >;

/** Thaws an account by mailbox, password and second factor together. It signs nobody in. */
export const thawAccount = async (
  context: AccountContext,
  { token, password, factor, client }: Thaw,
): Promise<ThawAnswer> => {
  if (context.passwords.overloaded) return refuse("server_busy");
  const user = await ownerOf(context, context.db, "thaw", token);
  if (user === undefined) return refuse("token_invalid", { field: "token" });
  const { passwordByAccount, passwordByDevice } = context.settings.throttles;
  const attempt = await takeAttempt(context, client, {
    account: user,
    device: undefined,
    byAccount: passwordByAccount,
    byDevice: passwordByDevice,
  });
  if (!attempt.ok) return attempt;
  const row = await context.db
    .selectFrom("identity_user")
    .select("password_hash")
    .where("id", "=", user)
    .executeTakeFirst();
  const { right } = await context.passwords.verify(row?.password_hash ?? undefined, password);
  if (!right) return refuse("credentials_wrong");
  await attempt.wasRight();
  const factorAttempt = await takeFactorAttempt(context, user, client);
  if (!factorAttempt.ok) return factorAttempt;
  const answer = await inTransaction<ThawAnswer>(context, async (transaction) => {
    const held = await holdUser(transaction, user);
    if (held?.status !== "frozen") return refuse("token_invalid", { field: "token" });
    if (!(await factorsProven(context, transaction, user, factor))) return refuse("factor_wrong");
    if (!(await consume(context, transaction, "thaw", token))) {
      return refuse("token_invalid", { field: "token" });
    }
    await setStatus(transaction, user, "active");
    await enqueueNotice(context, transaction, {
      user,
      channel: "email",
      kind: "account_thawed",
      values: {},
    });
    await context.audit.record(transaction, {
      actor: user,
      action: "account.thawed",
      subject: user,
      outcome: "done",
      address: client.address,
    });
    return { ok: true };
  });
  if (answer.ok) await factorAttempt.wasRight();
  return answer;
};

const factorsProven = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  user: string,
  factor: FactorProof | undefined,
): Promise<boolean> => {
  if (factor === undefined) return (await enrolledFactors(transaction, user)).length === 0;
  return (await proveFactor(context, transaction, user, user, factor)) !== undefined;
};

const setStatus = async (
  transaction: IdentityTransaction,
  user: string,
  status: "active" | "frozen",
): Promise<void> => {
  await transaction.updateTable("identity_user").set({ status }).where("id", "=", user).execute();
};

import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import { enrolledFactors } from "../factors/enrolled-factors.ts";
import { freshPasskeyChallenge } from "../factors/passkey-challenge.ts";
import {
  type PublicKeyCredentialRequestOptionsJSON,
  passkeyRequest,
  passkeysOf,
} from "../factors/passkeys.ts";
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
    if (!isThawable(user)) return;
    await sendThaw(context, transaction, user.id);
  });

/** What staff have frozen is not its owner's to open. */
const isThawable = ({
  status,
  frozen_by_staff,
}: {
  readonly status: string;
  readonly frozen_by_staff: boolean;
}): boolean => status === "frozen" && !frozen_by_staff;

export const sendThaw = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  user: string,
): Promise<void> => {
  const token = await sendable(context, transaction, user, "thaw", context.settings.thawMs);
  await enqueueNotice(context, transaction, {
    user,
    channel: "email",
    kind: "account_thaw",
    values: { token },
  });
};

/**
 * What `navigator.credentials.get` is to sign to thaw an account. Refused with one code for every token that doesn't do, and with `factor_unknown` where
 * the account has no passkey.
 */
export const passkeyForThaw = async (
  context: AccountContext,
  token: string,
): Promise<
  | { readonly ok: true; readonly options: PublicKeyCredentialRequestOptionsJSON }
  | Refused<"token_invalid" | "factor_unknown">
> => {
  const user = await ownerOf(context, context.db, "thaw", token);
  if (user === undefined) return refuse("token_invalid", { field: "token" });
  const own = await passkeysOf(context.db, user);
  if (own.length === 0) return refuse("factor_unknown");
  const wanted = { purpose: "factor", user, boundTo: boundToThaw(user) } as const;
  const challenge = await freshPasskeyChallenge(context, context.db, wanted);
  return { ok: true, options: await passkeyRequest(context, challenge, own) };
};

/** What is signed for a thaw opens nothing else. */
const boundToThaw = (user: string): string => `thaw ${user}`;

export interface Thaw {
  /** From the e-mail. */
  readonly token: string;
  readonly password: string;
  /** Needed where the user has one. A passkey answers the options of `passkeyForThaw`. */
  readonly factor?: FactorProof | undefined;
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
    if (held === undefined || !isThawable(held)) return refuse("token_invalid", { field: "token" });
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
  return (await proveFactor(context, transaction, user, boundToThaw(user), factor)) !== undefined;
};

const setStatus = async (
  transaction: IdentityTransaction,
  user: string,
  status: "active" | "frozen",
): Promise<void> => {
  await transaction.updateTable("identity_user").set({ status }).where("id", "=", user).execute();
};

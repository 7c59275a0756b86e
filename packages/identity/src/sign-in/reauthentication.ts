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
import type { Refused } from "../refusal.ts";
import { holdSession } from "../sessions/authenticate.ts";
import { rotateSession } from "../sessions/rotate-session.ts";
import type { Session, SessionTokens, SignInMethod } from "../sessions/session.ts";
import { takeAttempt } from "./attempts.ts";
import type { Client } from "./client.ts";
import { takeFactorAttempt } from "./finish-sign-in.ts";
import { recordRefusal } from "./record-refusal.ts";

export interface Reauthentication {
  /** Not needed with a passkey. */
  readonly password?: string | undefined;
  /** Needed where the user has one. */
  readonly factor?: FactorProof | undefined;
  readonly client: Client;
}

export type ReauthenticationAnswer =
  | { readonly ok: true; readonly tokens: SessionTokens }
  | Refused<
      | "credentials_wrong"
      | "factor_wrong"
      | "attempts_throttled"
      | "attempts_exhausted"
      | "server_busy"
      | "session_invalid"
    >;

/** What `navigator.credentials.get` is to sign to prove again who acts in this session. */
export const passkeyForSession = async (
  context: AccountContext,
  { id, user }: Session,
): Promise<
  | { readonly ok: true; readonly options: PublicKeyCredentialRequestOptionsJSON }
  | Refused<"factor_unknown">
> => {
  const own = await passkeysOf(context.db, user);
  if (own.length === 0) return refuse("factor_unknown");
  const wanted = { purpose: "factor", user, boundTo: id } as const;
  const toSign = await freshPasskeyChallenge(context, context.db, wanted);
  return { ok: true, options: await passkeyRequest(context, toSign, own) };
};

/**
 * Proves again, within a session, who acts: by all that a sign-in would ask. The session gets new tokens, and what protects the account may be
 * changed for a little while.
 */
export const reauthenticate = async (
  context: AccountContext,
  session: Session,
  proof: Reauthentication,
): Promise<ReauthenticationAnswer> => {
  const refused = await refusePassword(context, session, proof);
  if (refused !== undefined) return refused;
  const { factor, client } = proof;
  const attempt =
    factor === undefined ? undefined : await takeFactorAttempt(context, session.user, client);
  if (attempt?.ok === false) return attempt;
  const answer = await inTransaction(context, (transaction) =>
    prove(context, transaction, session, factor),
  );
  if (answer.ok && attempt?.ok) await attempt.wasRight();
  return answer;
};

/** Undefined where the password is right, or a passkey takes its place. */
const refusePassword = async (
  context: AccountContext,
  { user, device }: Session,
  { password, factor, client }: Reauthentication,
) => {
  if (password === undefined) {
    return factor?.kind === "passkey" ? undefined : refuse("credentials_wrong");
  }
  if (context.passwords.overloaded) return refuse("server_busy");
  const { passwordByAccount, passwordByDevice } = context.settings.throttles;
  const attempt = await takeAttempt(context, client, {
    account: user,
    device,
    byAccount: passwordByAccount,
    byDevice: passwordByDevice,
  });
  if (!attempt.ok) return attempt;
  const { password_hash: hash } = await context.db
    .selectFrom("identity_user")
    .select("password_hash")
    .where("id", "=", user)
    .executeTakeFirstOrThrow();
  if (!(await context.passwords.verify(hash ?? undefined, password)).right) {
    await recordRefusal(context, user, client, "credentials_wrong");
    return refuse("credentials_wrong");
  }
  await attempt.wasRight();
  return undefined;
};

const prove = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  session: Session,
  factor: FactorProof | undefined,
): Promise<ReauthenticationAnswer> => {
  const { id, user } = session;
  const held = await holdSession(context, transaction, session);
  if (held === undefined) return refuse("session_invalid");
  const factors = await enrolledFactors(transaction, user);
  if (factor === undefined && factors.length > 0) return refuse("factor_wrong");
  const method =
    factor === undefined ? undefined : await proveFactor(context, transaction, user, id, factor);
  if (factor !== undefined && method === undefined) {
    await context.audit.record(transaction, {
      actor: user,
      action: "session.reauthentication_refused",
      subject: user,
      target: id,
      outcome: "refused",
      reason: "factor_wrong",
    });
    return refuse("factor_wrong");
  }
  const methods: readonly SignInMethod[] =
    method === "passkey" ? ["passkey"] : ["password", ...(method === undefined ? [] : [method])];
  const assurance = method === undefined ? 1 : 2;
  const tokens = await rotateSession(context, transaction, held, { methods, assurance });
  await context.audit.record(transaction, {
    actor: user,
    action: "session.reauthenticated",
    subject: user,
    target: id,
    outcome: "done",
    details: { methods: methods.join(" ") },
  });
  return { ok: true, tokens };
};

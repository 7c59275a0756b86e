import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import { enrolledFactors, type FactorKind } from "../factors/enrolled-factors.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import type { Refused } from "../refusal.ts";
import { knownDevice } from "../sessions/device.ts";
import type { Session } from "../sessions/session.ts";
import { type StartedSession, startSession } from "../sessions/start-session.ts";
import { emailIndex, findByEmail } from "../users/find-user.ts";
import { holdUser } from "../users/hold-user.ts";
import { takeAttempt } from "./attempts.ts";
import type { Client } from "./client.ts";
import { recordRefusal } from "./record-refusal.ts";
import { beginChallenge } from "./sign-in-challenge.ts";

export interface PasswordSignIn {
  readonly email: string;
  readonly password: string;
  readonly client: Client;
  /** What kind of session is wanted; a browser's by default. */
  readonly kind?: Session["kind"];
}

/** The password was right, and one of these is still to be proven. Not a session: it opens nothing but `finishSignIn`. */
export interface FactorNeeded {
  readonly ok: true;
  readonly status: "factor_needed";
  readonly challenge: string;
  readonly factors: readonly FactorKind[];
  readonly expiresAt: number;
}

export type SignedIn = { readonly ok: true; readonly status: "signed_in" } & StartedSession;

export type SignInAnswer =
  | SignedIn
  | FactorNeeded
  | Refused<
      | "credentials_wrong"
      | "attempts_throttled"
      | "attempts_exhausted"
      | "server_busy"
      | "account_frozen"
    >;

const LONGEST_PASSWORD = 1_024;

/**
 * Signs in by password. An unknown address, a pending user and a wrong password are one answer after the same work; that an account is
 * frozen learns only who has its password.
 *
 * @example
 * const answer = await signInWithPassword(context, { email, password, client: { address } });
 * if (answer.ok && answer.status === "signed_in") setCookie(answer.tokens.token);
 */
export const signInWithPassword = async (
  context: AccountContext,
  { email, password, client, kind = "browser" }: PasswordSignIn,
): Promise<SignInAnswer> => {
  if (context.passwords.overloaded) return refuse("server_busy");
  const index = await emailIndex(context, email);
  const user = await findByEmail(context, index);
  const { passwordByAccount, passwordByDevice } = context.settings.throttles;
  const attempt = await takeAttempt(context, client, {
    account: Buffer.from(index).toString("hex"),
    device: await knownDevice(context.db, user?.id ?? "", client),
    byAccount: passwordByAccount,
    byDevice: passwordByDevice,
  });
  if (!attempt.ok) return attempt;
  // Longer than any password is: not hashed, but the work is done.
  const typed = password.length > LONGEST_PASSWORD ? "" : password;
  const verdict = await context.passwords.verify(user?.password_hash ?? undefined, typed);
  if (user === undefined || !verdict.right) {
    await recordRefusal(context, user?.id, client, "credentials_wrong");
    return refuse("credentials_wrong");
  }
  await attempt.wasRight();
  if (user.status !== "active") {
    await recordRefusal(context, user.id, client, "account_frozen");
    return refuse("account_frozen");
  }
  return inTransaction(context, async (transaction) => {
    const now = await holdUser(transaction, user.id);
    // Frozen, erased or given another password while this one was verified.
    if (now?.status !== "active" || now.password_hash !== user.password_hash) {
      return refuse("credentials_wrong");
    }
    if (verdict.rehashed !== undefined) await rehash(transaction, user.id, verdict.rehashed);
    const factors = await enrolledFactors(transaction, user.id);
    if (factors.length > 0) {
      const challenge = await beginChallenge(context, transaction, user.id, kind);
      return { ok: true, status: "factor_needed", factors, ...challenge };
    }
    const started = await startSession(context, transaction, {
      user: user.id,
      kind,
      methods: ["password"],
      assurance: 1,
      client,
    });
    return { ok: true, status: "signed_in", ...started };
  });
};

const rehash = async (
  transaction: IdentityTransaction,
  user: string,
  hash: string,
): Promise<void> => {
  await transaction
    .updateTable("identity_user")
    .set({ password_hash: hash })
    .where("id", "=", user)
    .execute();
};

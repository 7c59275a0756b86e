import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
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
import { knownDevice } from "../sessions/device.ts";
import { startSession } from "../sessions/start-session.ts";
import { holdUser } from "../users/hold-user.ts";
import { type TakenAttempt, takeAttempt } from "./attempts.ts";
import { type Client, clientName } from "./client.ts";
import type { SignedIn } from "./password-sign-in.ts";
import {
  attemptChallenge,
  consumeChallenge,
  findChallenge,
  type PendingSignIn,
} from "./sign-in-challenge.ts";

export interface SignInFactor {
  /** From `signInWithPassword`. */
  readonly challenge: string;
  readonly factor: FactorProof;
  readonly client: Client;
}

export type FinishSignInAnswer =
  | SignedIn
  | Refused<"challenge_invalid" | "factor_wrong" | "attempts_throttled" | "attempts_exhausted">;

/** For a passkey as second factor: what `navigator.credentials.get` is to sign for this sign-in. */
export const passkeyForSignIn = async (
  context: AccountContext,
  challenge: string,
): Promise<
  | { readonly ok: true; readonly options: PublicKeyCredentialRequestOptionsJSON }
  | Refused<"challenge_invalid" | "factor_unknown">
> => {
  const pending = await findChallenge(context, challenge);
  if (pending === undefined) return refuse("challenge_invalid");
  const own = await passkeysOf(context.db, pending.user);
  if (own.length === 0) return refuse("factor_unknown");
  const wanted = { purpose: "factor", user: pending.user, boundTo: pending.id } as const;
  const toSign = await freshPasskeyChallenge(context, context.db, wanted);
  return { ok: true, options: await passkeyRequest(context, toSign, own) };
};

/** Ends a sign-in with its second factor: only now there is a session. */
export const finishSignIn = async (
  context: AccountContext,
  { challenge, factor, client }: SignInFactor,
): Promise<FinishSignInAnswer> => {
  const pending = await attemptChallenge(context, challenge);
  if (pending === undefined) return refuse("challenge_invalid");
  const attempt = await takeFactorAttempt(context, pending.user, client);
  if (!attempt.ok) return attempt;
  const answer = await inTransaction(context, (transaction) =>
    finish(context, transaction, pending, factor, client),
  );
  if (answer.ok) await attempt.wasRight();
  return answer;
};

/** Wrong factors have counts of their own: whoever gets here knows the password. */
export const takeFactorAttempt = async (
  context: AccountContext,
  user: string,
  client: Client,
): Promise<TakenAttempt | Refused<"attempts_throttled" | "attempts_exhausted">> => {
  const { factorByAccount, factorByDevice } = context.settings.throttles;
  return takeAttempt(context, client, {
    account: user,
    device: await knownDevice(context.db, user, client),
    byAccount: factorByAccount,
    byDevice: factorByDevice,
  });
};

/** Somebody knows the password. Once a sign-in: who mistypes a code twice knows already. */
const tellOfHalfSignIn = (
  context: AccountContext,
  transaction: IdentityTransaction,
  user: string,
  client: Client,
): Promise<void> =>
  enqueueNotice(context, transaction, {
    user,
    channel: "email",
    kind: "sign_in_stopped_at_factor",
    values: { device: clientName(client), address: client.address },
  });

const finish = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  pending: PendingSignIn,
  factor: FactorProof,
  client: Client,
): Promise<FinishSignInAnswer> => {
  const user = await holdUser(transaction, pending.user);
  if (user?.status !== "active") return refuse("challenge_invalid");
  const method = await proveFactor(context, transaction, pending.user, pending.id, factor);
  if (method === undefined) {
    await context.audit.record(transaction, {
      actor: "anonymous",
      action: "sign_in.factor_refused",
      subject: pending.user,
      outcome: "refused",
      reason: "factor_wrong",
      address: client.address,
      details: { factor: factor.kind },
    });
    if (pending.attempts === 1) await tellOfHalfSignIn(context, transaction, pending.user, client);
    return refuse("factor_wrong");
  }
  // Whoever was a moment sooner with the same challenge has had the session; the factor that was proven here is used up too.
  if (!(await consumeChallenge(transaction, pending))) return refuse("challenge_invalid");
  const started = await startSession(context, transaction, {
    user: pending.user,
    kind: pending.kind,
    methods: ["password", method],
    assurance: 2,
    client,
  });
  return { ok: true, status: "signed_in", ...started };
};

import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import { freshPasskeyChallenge } from "../factors/passkey-challenge.ts";
import {
  type AuthenticationResponseJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  passkeyRequest,
  usePasskey,
} from "../factors/passkeys.ts";
import { inTransaction } from "../in-transaction.ts";
import type { Refused } from "../refusal.ts";
import type { Session } from "../sessions/session.ts";
import { startSession } from "../sessions/start-session.ts";
import { charge, giveBack, throttleOf } from "../throttling/throttle.ts";
import { holdUser } from "../users/hold-user.ts";
import { type Client, networkOf } from "./client.ts";
import type { SignedIn } from "./password-sign-in.ts";

/** Begins a sign-in by passkey alone: nobody says who they are, the passkey does. */
export const beginPasskeySignIn = async (
  context: AccountContext,
): Promise<PublicKeyCredentialRequestOptionsJSON> => {
  const wanted = { purpose: "sign_in", user: undefined, boundTo: undefined } as const;
  return passkeyRequest(context, await freshPasskeyChallenge(context, context.db, wanted));
};

export interface PasskeySignIn {
  readonly response: AuthenticationResponseJSON;
  readonly client: Client;
  readonly kind?: Session["kind"];
}

export type PasskeySignInAnswer =
  | SignedIn
  | Refused<"factor_wrong" | "attempts_throttled" | "attempts_exhausted" | "account_frozen">;

/**
 * Signs in by a passkey that has verified its user: something they have and something they know or are, so two factors at once. Not throttled by
 * account, because nothing is guessed: with a passkey an owner gets in while strangers have used up the account's attempts.
 */
export const signInWithPasskey = async (
  context: AccountContext,
  { response, client, kind = "browser" }: PasskeySignIn,
): Promise<PasskeySignInAnswer> => {
  const { byNetwork } = context.settings.throttles;
  const network = await throttleOf(context, byNetwork, networkOf(client));
  const charged = await charge(context, network);
  if (!charged.ok) return charged;
  const answer = await inTransaction<PasskeySignInAnswer>(context, async (transaction) => {
    const wanted = { purpose: "sign_in", user: undefined, boundTo: undefined } as const;
    const user = await usePasskey(context, transaction, response, wanted);
    if (user === undefined) {
      await context.audit.record(transaction, {
        actor: "anonymous",
        action: "sign_in.refused",
        outcome: "refused",
        reason: "factor_wrong",
        address: client.address,
      });
      return refuse("factor_wrong");
    }
    const held = await holdUser(transaction, user);
    if (held?.status !== "active") return refuse("account_frozen");
    const started = await startSession(context, transaction, {
      user,
      kind,
      methods: ["passkey"],
      assurance: 2,
      client,
    });
    return { ok: true, status: "signed_in", ...started };
  });
  if (answer.ok) await giveBack(context, network);
  return answer;
};

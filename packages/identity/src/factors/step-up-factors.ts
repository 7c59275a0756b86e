import type { AccountContext } from "../account-context.ts";
import { type AccountRefusalCode, refuse } from "../account-refusal.ts";
import { type Operation, operationDigest } from "../operation.ts";
import type { Refused } from "../refusal.ts";
import { holdSession } from "../sessions/authenticate.ts";
import type { Session } from "../sessions/session.ts";
import type { Client } from "../sign-in/client.ts";
import { takeFactorAttempt } from "../sign-in/finish-sign-in.ts";
import type { FactorCheck } from "../step-up/step-up.ts";
import { freshPasskeyChallenge } from "./passkey-challenge.ts";
import {
  type PublicKeyCredentialRequestOptionsJSON,
  passkeyRequest,
  passkeysOf,
} from "./passkeys.ts";
import { type FactorProof, proveFactor } from "./prove-factor.ts";

/** A challenge for one operation in one session: what is signed for withdrawal A confirms no B. */
const boundTo = ({ id }: Session, digest: Uint8Array): string =>
  `${id} ${Buffer.from(digest).toString("hex")}`;

/** What `navigator.credentials.get` is to sign to confirm exactly this operation. */
export const passkeyForOperation = async (
  context: AccountContext,
  session: Session,
  operation: Operation,
): Promise<
  | { readonly ok: true; readonly options: PublicKeyCredentialRequestOptionsJSON }
  | Refused<"factor_unknown">
> => {
  const { user } = session;
  const own = await passkeysOf(context.db, user);
  if (own.length === 0) return refuse("factor_unknown");
  const digest = operationDigest(operation);
  const wanted = { purpose: "factor", user, boundTo: boundTo(session, digest) } as const;
  const toSign = await freshPasskeyChallenge(context, context.db, wanted);
  return { ok: true, options: await passkeyRequest(context, toSign, own) };
};

/**
 * The user's second factors as what confirms an operation, for `elevate`.
 *
 * @example
 * const factors = stepUpFactors(context, session, { factor: { kind: "totp", code }, client });
 * const confirmed = await elevate(context, { session, operation, factors });
 */
export const stepUpFactors = (
  context: AccountContext,
  session: Session,
  { factor, client }: { readonly factor: FactorProof; readonly client: Client },
): FactorCheck<
  Extract<AccountRefusalCode, "factor_wrong" | "session_invalid" | `attempts_${string}`>
> => ({
  async prove(transaction, user, digest) {
    const joined = { ...context, db: transaction };
    if ((await holdSession(joined, transaction, session)) === undefined) {
      return refuse("session_invalid");
    }
    const attempt = await takeFactorAttempt(joined, user, client);
    if (!attempt.ok) return attempt;
    const method = await proveFactor(joined, transaction, user, boundTo(session, digest), factor);
    if (method === undefined) return refuse("factor_wrong", { field: "factor" });
    await attempt.wasRight();
    return { ok: true, methods: [method] };
  },
});

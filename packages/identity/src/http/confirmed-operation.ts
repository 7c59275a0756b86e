import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import { freshPasskeyChallenge } from "../factors/passkey-challenge.ts";
import { passkeyRequest, passkeysOf } from "../factors/passkeys.ts";
import { type FactorProof, proveFactor } from "../factors/prove-factor.ts";
import { type Operation, operationDigest } from "../operation.ts";
import type { Session } from "../sessions/session.ts";
import { takeFactorAttempt } from "../sign-in/finish-sign-in.ts";
import { elevate, type FactorCheck } from "../step-up/step-up.ts";
import { answered } from "./answer.ts";
import type { RouteAnswer, SessionCall } from "./route.ts";

/** What a passkey's challenge for an operation is bound to: it signs that operation and no other. */
const bindingOf = (operation: Operation): string =>
  Buffer.from(operationDigest(operation)).toString("hex");

/** What an authenticator is to sign to confirm an operation. */
export const passkeyForOperation = async (
  context: AccountContext,
  { user }: Session,
  operation: Operation,
): Promise<RouteAnswer> => {
  const own = await passkeysOf(context.db, user);
  if (own.length === 0) return refuse("factor_unknown");
  const wanted = { purpose: "factor", user, boundTo: bindingOf(operation) } as const;
  const challenge = await freshPasskeyChallenge(context, context.db, wanted);
  return answered({ options: await passkeyRequest(context, challenge, own) });
};

/** Confirms an operation by a factor; wrong ones are counted as those of a sign-in are. */
export const confirmOperation = async (
  { context, client, session }: Pick<SessionCall<unknown>, "context" | "client" | "session">,
  operation: Operation,
  factor: FactorProof,
) => {
  const attempt = await takeFactorAttempt(context, session.user, client);
  if (!attempt.ok) return attempt;
  const factors: FactorCheck<"factor_wrong"> = {
    async prove(transaction, user) {
      const method = await proveFactor(context, transaction, user, bindingOf(operation), factor);
      return method === undefined ? refuse("factor_wrong") : { ok: true, methods: [method] };
    },
  };
  const elevated = await elevate(context, { session, operation, factors });
  if (elevated.ok) await attempt.wasRight();
  return elevated;
};

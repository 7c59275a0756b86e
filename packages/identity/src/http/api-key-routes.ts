import { z } from "zod";
import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import type { ApiKeyWish } from "../api-keys/api-key-terms.ts";
import { apiKeyCreation, createApiKey } from "../api-keys/create-api-key.ts";
import { listApiKeys } from "../api-keys/list-api-keys.ts";
import { revokeApiKey } from "../api-keys/revoke-api-key.ts";
import { freshPasskeyChallenge } from "../factors/passkey-challenge.ts";
import { passkeyRequest, passkeysOf } from "../factors/passkeys.ts";
import { type FactorProof, proveFactor } from "../factors/prove-factor.ts";
import { operationDigest } from "../operation.ts";
import type { Session } from "../sessions/session.ts";
import { takeFactorAttempt } from "../sign-in/finish-sign-in.ts";
import { elevate, type FactorCheck } from "../step-up/step-up.ts";
import { answered } from "./answer.ts";
import { factorSchema } from "./factor-schema.ts";
import { deleteSignedIn, getSignedIn, postSignedIn, type Route } from "./route.ts";

const PERMISSIONS = ["read", "trade", "withdraw"] as const;

const wish = {
  label: z.string().max(1_000),
  permissions: z.array(z.enum(PERMISSIONS)).max(PERMISSIONS.length),
  networks: z.array(z.string().max(100)).max(100),
  publicKey: z.string().max(10_000).optional(),
};

/** What a passkey's challenge for a key is bound to: it signs that key and no other. */
const boundTo = (wished: ApiKeyWish): string =>
  Buffer.from(operationDigest(apiKeyCreation(wished))).toString("hex");

const checkOf = (context: AccountContext, factor: FactorProof, bound: string): FactorCheck => ({
  async prove(transaction, user) {
    const method = await proveFactor(context, transaction, user, bound, factor);
    return method === undefined ? refuse("factor_wrong") : { ok: true, methods: [method] };
  },
});

export const API_KEY_ROUTES: readonly Route[] = [
  getSignedIn("api-keys", async ({ context, session }) =>
    answered({ apiKeys: await listApiKeys(context, session.user) }),
  ),
  postSignedIn("api-keys/passkey", z.strictObject(wish), async ({ context, session, body }) => {
    const own = await passkeysOf(context.db, session.user);
    if (own.length === 0) return refuse("factor_unknown");
    const wanted = { purpose: "factor", user: session.user, boundTo: boundTo(body) } as const;
    const challenge = await freshPasskeyChallenge(context, context.db, wanted);
    return answered({ options: await passkeyRequest(context, challenge, own) });
  }),
  postSignedIn(
    "api-keys",
    z.strictObject({ ...wish, factor: factorSchema }),
    async ({ context, client, session, body: { factor, ...wished } }) => {
      const attempt = await takeFactorAttempt(context, session.user, client);
      if (!attempt.ok) return attempt;
      const elevated = await confirm(context, session, wished, factor);
      if (!elevated.ok) return elevated;
      await attempt.wasRight();
      const { elevation } = elevated;
      const made = await createApiKey(context, { session, elevation, wish: wished });
      if (!made.ok) return made;
      const { apiKey, secret, expiresAt } = made;
      return answered({ apiKey, secret, expiresAt }, { status: 201 });
    },
  ),
  deleteSignedIn("api-keys/:id", async ({ context, session, id }) => {
    const answer = await revokeApiKey(context, { user: session.user, apiKey: id });
    return answer.ok ? answered() : answer;
  }),
];

const confirm = (
  context: AccountContext,
  session: Session,
  wished: ApiKeyWish,
  factor: FactorProof,
) =>
  elevate(context, {
    session,
    operation: apiKeyCreation(wished),
    factors: checkOf(context, factor, boundTo(wished)),
  });

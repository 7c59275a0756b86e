import type { IdentityContext } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import type { Operation } from "../operation.ts";
import type { Refused } from "../refusal.ts";
import { type ActingSession, consumeElevation } from "../step-up/step-up.ts";
import type { StepUpRefusalCode } from "../step-up/step-up-refusal.ts";
import type { ApiKeyRefusalCode } from "./api-key-refusal.ts";
import { type CreatedApiKey, fingerprint, insertKey, refuseFull } from "./api-key-rows.ts";
import { type ApiKeyWish, judgeWish } from "./api-key-terms.ts";

/**
 * What a user confirms before a key is made: all that the key may do.
 *
 * @example
 * const operation = apiKeyCreation({ label: "bot", permissions: ["read", "trade"] });
 */
export const apiKeyCreation = (wish: ApiKeyWish): Operation => ({
  type: "api_key_creation",
  label: wish.label,
  permissions: wish.permissions.join(","),
  networks: (wish.networks ?? []).join(","),
  publicKey: fingerprint(wish.publicKey),
  expiresAt: String(wish.expiresAt ?? ""),
});

/**
 * Makes an API key, with a step-up of `apiKeyCreation`. Of an Ed25519 or RSA key only the public half is known here; an HMAC secret is
 * sealed under the user's key and shown once.
 *
 * @example
 * const made = await createApiKey(context, { session, elevation, wish: { label: "bot", permissions: ["trade"] } });
 */
export const createApiKey = (
  context: IdentityContext,
  {
    session,
    elevation,
    wish,
  }: {
    readonly session: ActingSession;
    readonly elevation: string;
    readonly wish: ApiKeyWish;
  },
): Promise<CreatedApiKey | Refused<ApiKeyRefusalCode | StepUpRefusalCode>> =>
  inTransaction(context, async (transaction) => {
    const terms = judgeWish(wish, context.clock());
    if ("ok" in terms) return terms;
    const { user } = session;
    const full = await refuseFull(context, transaction, user);
    if (full !== undefined) return full;
    const operation = apiKeyCreation(wish);
    const used = await consumeElevation(context, transaction, { session, elevation, operation });
    if (!used.ok) return used;
    return insertKey(context, transaction, user, terms, null);
  });

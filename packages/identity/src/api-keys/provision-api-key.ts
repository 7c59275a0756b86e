import type { IdentityContext, IdentityTransaction } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import type { Refused } from "../refusal.ts";
import { type ApiKeyRefusalCode, refuseApiKey } from "./api-key-refusal.ts";
import { type CreatedApiKey, insertKey, type KnownKey, refuseFull } from "./api-key-rows.ts";
import { type ApiKeyWish, judgeWish } from "./api-key-terms.ts";

/** A key that the host answers for. */
export interface ProvisionedApiKey {
  readonly user: string;
  readonly wish: ApiKeyWish;
  /** Of an HMAC key that clients have already: 16 to 128 characters each. A key with this id must not be there yet. */
  readonly known?: KnownKey;
}

/**
 * Makes a key by the host's word instead of the user's step-up: for accounts of programs, which have no second factor, and for keys
 * that were given out before. Not for what a user may ask for.
 *
 * @example
 * await provisionApiKey(context, { user, wish: { label: "market maker", permissions: ["trade"] } });
 */
export const provisionApiKey = (
  context: IdentityContext,
  { user, wish, known }: ProvisionedApiKey,
): Promise<CreatedApiKey | Refused<ApiKeyRefusalCode>> =>
  inTransaction(context, async (transaction) => {
    const terms = judgeWish(wish, context.clock());
    if ("ok" in terms) return terms;
    if (known !== undefined && !isKnownKey(known)) return refuseApiKey("known_key_malformed");
    const full = await refuseFull(context, transaction, user);
    if (full !== undefined) return full;
    if (known !== undefined && (await isTaken(transaction, known))) {
      return refuseApiKey("known_key_taken");
    }
    // It ends when the host says so, also without networks: nobody was asked to remember it.
    const lasting = { ...terms, expiresAt: wish.expiresAt };
    return insertKey(context, transaction, user, lasting, null, known);
  });

const isTaken = async (
  transaction: IdentityTransaction,
  { apiKey }: KnownKey,
): Promise<boolean> => {
  const key = await transaction
    .selectFrom("identity_api_key")
    .select("id")
    .where("id", "=", apiKey)
    .executeTakeFirst();
  return key !== undefined;
};

const isKnownKey = ({ apiKey, secret }: KnownKey): boolean =>
  [apiKey, secret].every((text) => /^[\x21-\x7e]{16,128}$/.test(text));

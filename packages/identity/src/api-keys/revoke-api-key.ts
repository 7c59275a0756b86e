import type { IdentityContext } from "../identity-context.ts";
import type { IdentityTransaction } from "../identity-database.ts";
import { inTransaction } from "../in-transaction.ts";
import type { Refused } from "../refusal.ts";
import { timestampOf } from "../schema/time-column.ts";
import { type ApiKeyRefusalCode, refuseApiKey } from "./api-key-refusal.ts";
import { tellOfKey } from "./api-key-rows.ts";

/**
 * Ends one key of the user's own at once. Needs no step-up: whoever sees a thief must be quick. Other processes stop taking it within
 * their verifier's freshness.
 */
export const revokeApiKey = (
  context: IdentityContext,
  { user, apiKey }: { readonly user: string; readonly apiKey: string },
): Promise<{ readonly ok: true } | Refused<ApiKeyRefusalCode>> =>
  inTransaction(context, async (transaction) => {
    const revoked = await revoke(context, transaction, user, apiKey);
    return revoked === 1 ? { ok: true } : refuseApiKey("api_key_unknown", "apiKey");
  });

/** The kill switch: ends all keys of a user at once. Answers how many there were. */
export const revokeAllApiKeys = (context: IdentityContext, user: string): Promise<number> =>
  inTransaction(context, (transaction) => revoke(context, transaction, user));

const revoke = async (
  context: IdentityContext,
  transaction: IdentityTransaction,
  user: string,
  apiKey?: string,
): Promise<number> => {
  const owned = transaction
    .updateTable("identity_api_key")
    .set({ revoked_at: timestampOf(context.clock()) })
    .where("user_id", "=", user)
    .where("revoked_at", "is", null);
  const chosen = apiKey === undefined ? owned : owned.where("id", "=", apiKey);
  const revoked = await chosen.returning(["id", "permissions"]).execute();
  for (const { id, permissions } of revoked) {
    await tellOfKey(context, transaction, {
      user,
      kind: "api_key_revoked",
      apiKey: id,
      permissions,
    });
  }
  return revoked.length;
};

import type { IdentityDatabase } from "../identity-context.ts";

/** What a second factor may be. A recovery code stands in for one that was lost. */
export type FactorKind = "totp" | "passkey" | "recovery_code";

/** The second factors that a user has; none means that their password is all there is. */
export const enrolledFactors = async (
  db: IdentityDatabase,
  user: string,
): Promise<readonly FactorKind[]> => {
  const totp = await db
    .selectFrom("identity_totp")
    .select("id")
    .where("user_id", "=", user)
    .where("status", "=", "active")
    .executeTakeFirst();
  const passkey = await db
    .selectFrom("identity_passkey")
    .select("id")
    .where("user_id", "=", user)
    .executeTakeFirst();
  if (totp === undefined && passkey === undefined) return [];
  const code = await db
    .selectFrom("identity_recovery_code")
    .select("hash")
    .where("user_id", "=", user)
    .where("used_at", "is", null)
    .executeTakeFirst();
  const kinds: FactorKind[] = [];
  if (totp !== undefined) kinds.push("totp");
  if (passkey !== undefined) kinds.push("passkey");
  if (code !== undefined) kinds.push("recovery_code");
  return kinds;
};

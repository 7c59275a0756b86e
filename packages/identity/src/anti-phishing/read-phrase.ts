import type { IdentityContext } from "../identity-context.ts";
import type { IdentityDatabase } from "../identity-database.ts";

/** The phrase stands here, sealed. */
export const PHRASE_FIELD = "identity_anti_phishing_phrase.phrase";

/** The user's anti-phishing phrase; undefined if they have chosen none. */
export const readPhrase = async (
  { personalData }: IdentityContext,
  db: IdentityDatabase,
  user: string,
): Promise<string | undefined> => {
  const row = await db
    .selectFrom("identity_anti_phishing_phrase")
    .select("phrase")
    .where("user_id", "=", user)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return personalData.open(db, { subject: user, field: PHRASE_FIELD }, row.phrase);
};

import type { AccountContext } from "../account-context.ts";
import type { IdentityDatabase, IdentityTransaction } from "../identity-context.ts";
import { isAfter, timestampOf } from "../schema/time-column.ts";
import { mintToken, type TokenKind, tokenHash } from "../tokens/secret-token.ts";
import type { MailTokenTable } from "./user-tables.ts";

type Purpose = MailTokenTable["purpose"];

const KINDS: Readonly<Record<Purpose, TokenKind>> = {
  registration: "registration",
  password_reset: "passwordReset",
  thaw: "thaw",
};

/** A token for an e-mail. Earlier ones stay good until they expire: whoever asks again must not void the owner's. */
export const sendable = async (
  { clock, randomBytes }: AccountContext,
  transaction: IdentityTransaction,
  user: string,
  purpose: Purpose,
  livesMs: number,
): Promise<string> => {
  const { token, hash } = mintToken(KINDS[purpose], randomBytes);
  await transaction
    .insertInto("identity_mail_token")
    .values({ hash, user_id: user, purpose, expires_at: timestampOf(clock() + livesMs) })
    .execute();
  return token;
};

/** Whose valid token this is; it stays unused. */
export const ownerOf = async (
  { clock }: AccountContext,
  db: IdentityDatabase,
  purpose: Purpose,
  token: unknown,
): Promise<string | undefined> => {
  const hash = tokenHash(KINDS[purpose], token);
  if (hash === undefined) return undefined;
  const row = await db
    .selectFrom("identity_mail_token")
    .select("user_id")
    .where("hash", "=", hash)
    .where("purpose", "=", purpose)
    .where(isAfter("expires_at", clock()))
    .executeTakeFirst();
  return row?.user_id;
};

/** Uses a token, and with it all that the user got for the same purpose. False if somebody else has used it. */
export const consume = async (
  { clock }: AccountContext,
  transaction: IdentityTransaction,
  purpose: Purpose,
  token: unknown,
): Promise<boolean> => {
  const hash = tokenHash(KINDS[purpose], token);
  if (hash === undefined) return false;
  const used = await transaction
    .deleteFrom("identity_mail_token")
    .where("hash", "=", hash)
    .where("purpose", "=", purpose)
    .where(isAfter("expires_at", clock()))
    .returning("user_id")
    .executeTakeFirst();
  if (used === undefined) return false;
  await transaction
    .deleteFrom("identity_mail_token")
    .where("user_id", "=", used.user_id)
    .where("purpose", "=", purpose)
    .execute();
  return true;
};

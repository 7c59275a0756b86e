import type { AccountContext } from "../account-context.ts";
import type { IdentityDatabase, IdentityTransaction } from "../identity-context.ts";
import { isAfter, timestampOf } from "../schema/time-column.ts";
import { sha256 } from "../tokens/secret-token.ts";
import type { PasskeyChallengeTable } from "./factor-tables.ts";

const CHALLENGE_BYTES = 32;

/** What a challenge was made for; a response to it is worth nothing elsewhere. */
export interface ChallengeFor {
  readonly purpose: PasskeyChallengeTable["purpose"];
  readonly user: string | undefined;
  readonly boundTo: string | undefined;
}

export const freshPasskeyChallenge = async (
  { clock, randomBytes, settings }: AccountContext,
  db: IdentityDatabase,
  { purpose, user, boundTo }: ChallengeFor,
): Promise<Uint8Array<ArrayBuffer>> => {
  const challenge = new Uint8Array(randomBytes(CHALLENGE_BYTES));
  await db
    .insertInto("identity_passkey_challenge")
    .values({
      hash: sha256(Buffer.from(challenge).toString("base64url")),
      purpose,
      user_id: user ?? null,
      bound_to: boundTo ?? null,
      expires_at: timestampOf(clock() + settings.passkeys.challengeMs),
    })
    .execute();
  return challenge;
};

/** Uses a challenge up, in one statement: false for the second who answers it, and for whoever it wasn't made for. */
export const takePasskeyChallenge = async (
  { clock }: AccountContext,
  transaction: IdentityTransaction,
  challenge: string,
  { purpose, user, boundTo }: ChallengeFor,
): Promise<boolean> => {
  const taken = await transaction
    .deleteFrom("identity_passkey_challenge")
    .where("hash", "=", sha256(challenge))
    .where("purpose", "=", purpose)
    .where("user_id", user === undefined ? "is" : "=", user ?? null)
    .where("bound_to", boundTo === undefined ? "is" : "=", boundTo ?? null)
    .where(isAfter("expires_at", clock()))
    .returning("hash")
    .executeTakeFirst();
  return taken !== undefined;
};

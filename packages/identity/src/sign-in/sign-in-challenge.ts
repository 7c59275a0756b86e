import { sql } from "kysely";
import type { AccountContext } from "../account-context.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { randomId } from "../random-id.ts";
import { isAfter, timestampOf } from "../schema/time-column.ts";
import type { Session } from "../sessions/session.ts";
import { mintToken, tokenHash } from "../tokens/secret-token.ts";

const MOST_ATTEMPTS = 5;

/** A sign-in that waits for its second factor. */
export interface PendingSignIn {
  readonly id: string;
  readonly user: string;
  readonly kind: Session["kind"];
  /** How many factors were shown for it, this one among them. */
  readonly attempts: number;
}

export const beginChallenge = async (
  { clock, randomBytes, settings }: AccountContext,
  transaction: IdentityTransaction,
  user: string,
  kind: Session["kind"],
): Promise<{ readonly challenge: string; readonly expiresAt: number }> => {
  const { token, hash } = mintToken("challenge", randomBytes);
  const expiresAt = clock() + settings.signInChallengeMs;
  await transaction
    .insertInto("identity_sign_in_challenge")
    .values({
      id: randomId("sic", randomBytes),
      hash,
      user_id: user,
      kind,
      attempts: 0,
      expires_at: timestampOf(expiresAt),
    })
    .execute();
  return { challenge: token, expiresAt };
};

/** The pending sign-in, without taking an attempt. */
export const findChallenge = async (
  { db, clock }: AccountContext,
  challenge: unknown,
): Promise<PendingSignIn | undefined> => {
  const hash = tokenHash("challenge", challenge);
  if (hash === undefined) return undefined;
  return db
    .selectFrom("identity_sign_in_challenge")
    .select(["id", "user_id as user", "kind", "attempts"])
    .where("hash", "=", hash)
    .where("attempts", "<", MOST_ATTEMPTS)
    .where(isAfter("expires_at", clock()))
    .executeTakeFirst();
};

/** Takes one of its five attempts, in one statement; undefined where none is left. */
export const attemptChallenge = async (
  { db, clock }: AccountContext,
  challenge: unknown,
): Promise<PendingSignIn | undefined> => {
  const hash = tokenHash("challenge", challenge);
  if (hash === undefined) return undefined;
  return db
    .updateTable("identity_sign_in_challenge")
    .set({ attempts: sql<number>`attempts + 1` })
    .where("hash", "=", hash)
    .where("attempts", "<", MOST_ATTEMPTS)
    .where(isAfter("expires_at", clock()))
    .returning(["id", "user_id as user", "kind", "attempts"])
    .executeTakeFirst();
};

/** Uses it up; false for whoever comes second. */
export const consumeChallenge = async (
  transaction: IdentityTransaction,
  { id }: PendingSignIn,
): Promise<boolean> => {
  const used = await transaction
    .deleteFrom("identity_sign_in_challenge")
    .where("id", "=", id)
    .returning("id")
    .executeTakeFirst();
  return used !== undefined;
};

import { sql } from "kysely";
import type { IdentityContext } from "../identity-context.ts";
import type { IdentityDatabase, IdentityTransaction } from "../identity-database.ts";
import { enqueueNotice } from "../outbox/outbox.ts";
import { randomId } from "../random-id.ts";
import { millisecondsOf, timestampOf } from "../schema/time-column.ts";

const HOUR = 3_600_000;

/**
 * What makes us wait, and for how many milliseconds: as long as an owner may need to notice that somebody else did it.
 */
export const SECURITY_HOLDS = {
  password_changed: 24 * HOUR,
  password_reset: 48 * HOUR,
  factor_changed: 48 * HOUR,
  email_changed: 48 * HOUR,
  phone_changed: 24 * HOUR,
  recovery_code_used: 72 * HOUR,
  new_device_in_new_country: 24 * HOUR,
  anti_phishing_phrase_changed: 24 * HOUR,
} as const;

/** Why withdrawals are held. */
export type SecurityHoldReason = keyof typeof SECURITY_HOLDS;

/** A hold that is in force. */
export interface SecurityHold {
  readonly reason: SecurityHoldReason;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/**
 * Holds all withdrawals of a user after something sensitive was changed, with a notice to the user and a line in the audit log, in the
 * transaction of the change. A shorter hold never ends a longer one. Answers when it ends, in milliseconds since 1970.
 *
 * Throws a `RangeError` for a duration that isn't a whole number of milliseconds above zero.
 *
 * @example
 * await setSecurityHold(context, transaction, user, "password_changed");
 */
export const setSecurityHold = async (
  context: IdentityContext,
  transaction: IdentityTransaction,
  user: string,
  reason: SecurityHoldReason,
  milliseconds: number = SECURITY_HOLDS[reason],
): Promise<number> => {
  if (!Number.isSafeInteger(milliseconds) || milliseconds <= 0) {
    throw new RangeError(`expected whole milliseconds above zero, was ${milliseconds}`);
  }
  const began = context.clock();
  const until = began + milliseconds;
  await transaction
    .insertInto("identity_security_hold")
    .values({
      id: randomId("hld", context.randomBytes),
      user_id: user,
      reason,
      began_at: timestampOf(began),
      until: timestampOf(until),
    })
    .execute();
  const values = { reason, until: new Date(until).toISOString() };
  await enqueueNotice(context, transaction, {
    user,
    kind: "security_hold",
    values,
    channel: "email",
  });
  await context.audit.record(transaction, {
    actor: "system",
    action: "security_hold.set",
    subject: user,
    outcome: "done",
    reason,
  });
  return until;
};

/** The hold of a user that ends last; undefined if none is in force. Asked before a withdrawal, in its transaction. */
export const findSecurityHold = async (
  { clock }: IdentityContext,
  db: IdentityDatabase,
  user: string,
): Promise<SecurityHold | undefined> =>
  db
    .selectFrom("identity_security_hold")
    .select([sql<SecurityHoldReason>`reason`.as("reason"), millisecondsOf("until").as("until")])
    .where("user_id", "=", user)
    .where("until", ">", timestampOf(clock()))
    .orderBy("until", "desc")
    .limit(1)
    .executeTakeFirst();

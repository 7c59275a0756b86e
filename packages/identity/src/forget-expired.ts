import type { IdentityContext, IdentityTransaction } from "./identity-context.ts";
import { inTransaction } from "./in-transaction.ts";
import { isAfter } from "./schema/time-column.ts";

/** Tables of what is worth nothing once it has expired. */
const EXPIRING = [
  "identity_mail_token",
  "identity_contact_change",
  "identity_sign_in_challenge",
  "identity_passkey_challenge",
  "identity_confirmation_code",
  "identity_refresh_token",
] as const;

const A_WEEK = 7 * 86_400_000;

/** How many rows of each table were forgotten. */
export type Forgotten = Readonly<Record<string, number>>;

/**
 * Deletes links, challenges and codes that have expired, enrolments that nobody ended, and sessions that ended a week ago or more. Nothing that it deletes
 * could still be used; to be run every hour or so.
 */
export const forgetExpired = (context: IdentityContext): Promise<Forgotten> =>
  inTransaction(context, async (transaction) => {
    const forgotten: Record<string, number> = {};
    for (const table of EXPIRING) {
      forgotten[table] = await deleteExpired(transaction, table, context.clock());
    }
    const enrolments = await transaction
      .deleteFrom("identity_totp")
      .where("status", "=", "pending")
      .where((where) => where.not(isAfter("expires_at", context.clock())))
      .executeTakeFirst();
    const sessions = await transaction
      .deleteFrom("identity_session")
      .where((where) =>
        where.or([
          where.not(isAfter("ended_at", context.clock() - A_WEEK)),
          where.not(isAfter("expires_at", context.clock() - A_WEEK)),
        ]),
      )
      .executeTakeFirst();
    return {
      ...forgotten,
      identity_totp: Number(enrolments.numDeletedRows),
      identity_session: Number(sessions.numDeletedRows),
    };
  });

const deleteExpired = async (
  transaction: IdentityTransaction,
  table: (typeof EXPIRING)[number],
  now: number,
): Promise<number> => {
  const { numDeletedRows } = await transaction
    .deleteFrom(table)
    .where((where) => where.not(isAfter("expires_at", now)))
    .executeTakeFirst();
  return Number(numDeletedRows);
};

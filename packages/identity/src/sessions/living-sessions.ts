import { sql } from "kysely";
import type { AccountContext } from "../account-context.ts";
import { isAfter } from "../schema/time-column.ts";

/** Which of these sessions are alive: not ended, not idle too long, not too old, and their users active. */
export const livingSessions = async (
  { db, clock }: Pick<AccountContext, "db" | "clock">,
  ids: readonly string[],
): Promise<ReadonlySet<string>> => {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom("identity_session")
    .innerJoin("identity_user", "identity_user.id", "identity_session.user_id")
    .select("identity_session.id")
    // One parameter, however many they are.
    .where(sql<boolean>`identity_session.id = any(${[...ids]}::text[])`)
    .where("identity_user.status", "=", "active")
    .where("identity_session.ended_at", "is", null)
    .where(isAfter("identity_session.idle_expires_at", clock()))
    .where(isAfter("identity_session.expires_at", clock()))
    .execute();
  return new Set(rows.map(({ id }) => id));
};

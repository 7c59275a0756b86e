import type { Selectable } from "kysely";
import type { IdentityTransaction } from "../identity-context.ts";
import type { UserTable } from "./user-tables.ts";

/**
 * Keeps others from changing the same user until the transaction is done, and answers how the user stands; undefined for an unknown
 * one. Taken before anything else of the user's, so that no two wait for each other.
 */
export const holdUser = async (
  transaction: IdentityTransaction,
  user: string,
): Promise<
  Pick<Selectable<UserTable>, "status" | "password_hash" | "frozen_by_staff"> | undefined
> =>
  transaction
    .selectFrom("identity_user")
    .select(["status", "password_hash", "frozen_by_staff"])
    .where("id", "=", user)
    .forUpdate()
    .executeTakeFirst();

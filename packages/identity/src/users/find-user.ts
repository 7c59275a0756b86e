import type { Selectable } from "kysely";
import type { AccountContext } from "../account-context.ts";
import { emailAddress } from "./email-address.ts";
import type { UserTable } from "./user-tables.ts";

/** A user as a sign-in or a reset begins with them. */
export type FoundUser = Pick<
  Selectable<UserTable>,
  "id" | "status" | "password_hash" | "frozen_by_staff"
>;

/** Text that is no address is looked for as well, and not found: it takes as long, and says as little. */
export const emailIndex = (
  { personalData }: Pick<AccountContext, "personalData">,
  email: string,
): Promise<Uint8Array> =>
  personalData.index(
    "identity_user.email",
    emailAddress(email)?.key ?? `\u0000${email.slice(0, 254)}`,
  );

export const findByEmail = (
  { db }: Pick<AccountContext, "db">,
  index: Uint8Array,
): Promise<FoundUser | undefined> =>
  db
    .selectFrom("identity_user")
    .select(["id", "status", "password_hash", "frozen_by_staff"])
    .where("email_index", "=", index)
    .executeTakeFirst();

/**
 * The user who has an address; undefined for none. For the host's own programs: whoever answers a stranger by it tells who has an
 * account.
 */
export const findUserByEmail = async (
  context: Pick<AccountContext, "db" | "personalData">,
  email: string,
): Promise<{ readonly user: string; readonly status: UserTable["status"] } | undefined> => {
  const found = await findByEmail(context, await emailIndex(context, email));
  return found && { user: found.id, status: found.status };
};

import { sql } from "kysely";
import type { IdentityContext } from "../identity-context.ts";
import type { IdentityDatabase } from "../identity-database.ts";
import type { Refused } from "../refusal.ts";
import { millisecondsOf, timestampOf } from "../schema/time-column.ts";
import { isAllowed, type RoleAssignment } from "./is-allowed.ts";
import type { RoleBook } from "./role.ts";
import { type RoleRefusalCode, refuseRole } from "./role-refusal.ts";

/** What the use cases of roles take besides the common ports. */
export interface RoleContext extends IdentityContext {
  readonly roles: RoleBook;
}

/** The roles that an active user holds now. Of a user who isn't active, none. */
export const readRoles = async (
  { clock }: IdentityContext,
  db: IdentityDatabase,
  user: string,
): Promise<readonly RoleAssignment[]> => {
  const rows = await db
    .selectFrom("identity_role_assignment as held")
    .innerJoin("identity_user as user", "user.id", "held.user_id")
    .select(["held.role", "held.scope", millisecondsOf("held.until").as("until")])
    .where("held.user_id", "=", user)
    .where("user.status", "=", "active")
    .where(sql<boolean>`(held.until is null or held.until > ${timestampOf(clock())})`)
    .execute();
  return rows.map(({ role, scope, until }) => ({ role, scope, until: until ?? undefined }));
};

/** Refuses a user whose roles don't allow it there. Undefined if they do. */
export const refusePermission = async (
  context: RoleContext,
  db: IdentityDatabase,
  user: string,
  permission: string,
  scope: string,
): Promise<Refused<RoleRefusalCode> | undefined> => {
  const held = await readRoles(context, db, user);
  const allowed = isAllowed(context.roles, held, { permission, scope, at: context.clock() });
  return allowed ? undefined : refuseRole("permission_missing");
};

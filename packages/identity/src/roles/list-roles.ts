import type { Refused } from "../refusal.ts";
import { millisecondsOf } from "../schema/time-column.ts";
import { type RoleContext, refusePermission } from "./permissions.ts";
import type { RoleRefusalCode } from "./role-refusal.ts";

/** A role that somebody was given, also one whose time is over. */
export interface ListedRole {
  readonly role: string;
  readonly scope: string;
  readonly grantedBy: string;
  /** Milliseconds since 1970. */
  readonly grantedAt: number;
  /** Milliseconds since 1970; null for one that doesn't end. */
  readonly until: number | null;
}

/**
 * The roles of a user, for who may read roles everywhere (`role.read`).
 *
 * @example
 * const listed = await listRoles(context, staff, "usr_…");
 */
export const listRoles = async (
  context: RoleContext,
  reader: { readonly user: string },
  user: string,
): Promise<
  { readonly ok: true; readonly roles: readonly ListedRole[] } | Refused<RoleRefusalCode>
> => {
  const refused = await refusePermission(context, context.db, reader.user, "role.read", "*");
  if (refused !== undefined) return refused;
  const roles = await context.db
    .selectFrom("identity_role_assignment")
    .select(["role", "scope", "granted_by as grantedBy"])
    .select([millisecondsOf("granted_at").as("grantedAt"), millisecondsOf("until").as("until")])
    .where("user_id", "=", user)
    .orderBy("role")
    .orderBy("scope")
    .execute();
  return { ok: true, roles };
};

import { sql } from "kysely";
import type { IdentityTransaction } from "../identity-database.ts";
import type { Operation } from "../operation.ts";
import type { Refused } from "../refusal.ts";
import { timestampOf } from "../schema/time-column.ts";
import { consumeApproval, requestApproval } from "./approval.ts";
import { type RoleContext, refusePermission } from "./permissions.ts";
import { type RoleRefusalCode, refuseRole } from "./role-refusal.ts";
import { isScope } from "./scope.ts";

/** A role for a user, somewhere, perhaps for a time. */
export interface RoleGrant {
  /** Who asks, from their session. */
  readonly granter: string;
  readonly user: string;
  readonly role: string;
  readonly scope: string;
  /** Milliseconds since 1970; for ever if undefined. */
  readonly until?: number | undefined;
}

/**
 * Asks for a role to be granted. Another holder of `role.grant` has to approve it, then `grantRole` does it.
 *
 * @example
 * const asked = await requestRole(context, transaction, { granter, user, role: "treasury", scope: "*" });
 */
export const requestRole = async (
  context: RoleContext,
  transaction: IdentityTransaction,
  grant: RoleGrant,
): Promise<{ readonly ok: true; readonly approval: string } | Refused<RoleRefusalCode>> => {
  const refusal = await refuseGrant(context, transaction, grant);
  if (refusal !== undefined) return refusal;
  const approval = await requestApproval(context, transaction, {
    requester: grant.granter,
    operation: grantOperation(grant),
    permission: "role.grant",
    scope: grant.scope,
    beneficiary: grant.user,
  });
  return { ok: true, approval };
};

/** Grants a role by an approval of exactly this grant. A role that is held already gets the new end. */
export const grantRole = async (
  context: RoleContext,
  transaction: IdentityTransaction,
  { approval, ...grant }: RoleGrant & { readonly approval: string },
): Promise<{ readonly ok: true } | Refused<RoleRefusalCode>> => {
  const refusal = await refuseGrant(context, transaction, grant);
  if (refusal !== undefined) return refusal;
  const operation = grantOperation(grant);
  const used = await consumeApproval(context, transaction, { approval, operation });
  if (!used.ok) return used;
  await assign(context, transaction, grant);
  return { ok: true };
};

/**
 * Makes a user the first admin, who is needed to grant anything. Refused as soon as there is one: whoever may call this must be the
 * host's own set-up, never a request.
 */
export const appointFirstAdmin = async (
  context: RoleContext,
  transaction: IdentityTransaction,
  user: string,
): Promise<{ readonly ok: true } | Refused<RoleRefusalCode>> => {
  // Two set-ups at once take turns; the second finds the first's admin.
  await sql`select pg_advisory_xact_lock(hashtextextended('pincex/identity first admin', 0))`.execute(
    transaction,
  );
  const admin = await transaction
    .selectFrom("identity_role_assignment")
    .select("user_id")
    .where("role", "=", "admin")
    .limit(1)
    .executeTakeFirst();
  if (admin !== undefined) return refuseRole("admin_already_there");
  await assign(context, transaction, { granter: "system", user, role: "admin", scope: "*" });
  return { ok: true };
};

/** Takes a role away at once. Needs `role.revoke` there, and no approval: taking away must be quick. */
export const revokeRole = async (
  context: RoleContext,
  transaction: IdentityTransaction,
  grant: Pick<RoleGrant, "granter" | "user" | "role" | "scope">,
): Promise<{ readonly ok: true } | Refused<RoleRefusalCode>> => {
  const { granter, user, role, scope } = grant;
  if (!isScope(scope)) return refuseRole("scope_malformed", "scope");
  const denied = await refusePermission(context, transaction, granter, "role.revoke", scope);
  if (denied !== undefined) return denied;
  const { numDeletedRows } = await transaction
    .deleteFrom("identity_role_assignment")
    .where("user_id", "=", user)
    .where("role", "=", role)
    .where("scope", "=", scope)
    .executeTakeFirst();
  if (numDeletedRows === 0n) return refuseRole("role_not_held", "role");
  await context.audit.record(transaction, {
    actor: granter,
    action: "role.revoked",
    subject: user,
    target: `${role}@${scope}`,
    outcome: "done",
  });
  return { ok: true };
};

const grantOperation = ({ user, role, scope, until }: Omit<RoleGrant, "granter">): Operation => ({
  type: "role_grant",
  user,
  role,
  scope,
  until: String(until ?? "never"),
});

const refuseGrant = async (
  context: RoleContext,
  transaction: IdentityTransaction,
  { granter, user, role, scope, until }: RoleGrant,
): Promise<Refused<RoleRefusalCode> | undefined> => {
  if (!context.roles.has(role)) return refuseRole("role_unknown", "role");
  if (!isScope(scope)) return refuseRole("scope_malformed", "scope");
  if (until !== undefined && until <= context.clock()) {
    return refuseRole("until_in_the_past", "until");
  }
  if (granter === user) return refuseRole("role_for_oneself", "user");
  const denied = await refusePermission(context, transaction, granter, "role.grant", scope);
  if (denied !== undefined) return denied;
  // After the permission: nobody else learns who there is.
  return (await isThere(transaction, user)) ? undefined : refuseRole("user_unknown", "user");
};

const isThere = async (transaction: IdentityTransaction, user: string): Promise<boolean> => {
  const row = await transaction
    .selectFrom("identity_user")
    .select("status")
    .where("id", "=", user)
    .executeTakeFirst();
  return row !== undefined && row.status !== "erased";
};

const assign = async (
  { clock, audit }: RoleContext,
  transaction: IdentityTransaction,
  { granter, user, role, scope, until }: RoleGrant,
): Promise<void> => {
  const grant = {
    granted_by: granter,
    granted_at: timestampOf(clock()),
    until: until === undefined ? null : timestampOf(until),
  };
  await transaction
    .insertInto("identity_role_assignment")
    .values({ user_id: user, role, scope, ...grant })
    .onConflict((conflict) => conflict.columns(["user_id", "role", "scope"]).doUpdateSet(grant))
    .execute();
  await audit.record(transaction, {
    actor: granter,
    action: "role.granted",
    subject: user,
    target: `${role}@${scope}`,
    outcome: "done",
  });
};

import type { Operation } from "../operation.ts";
import { millisecondsOf, timestampOf } from "../schema/time-column.ts";
import { OPERATION_FIELD } from "./approval.ts";
import { isAllowed } from "./is-allowed.ts";
import { type RoleContext, readRoles } from "./permissions.ts";

/** Something that waits for others, as an approver sees it. */
export interface ListedApproval {
  readonly id: string;
  /** What is to be done, to the last character; undefined where whoever asked has been erased. */
  readonly operation: Operation | undefined;
  readonly permission: string;
  readonly scope: string;
  readonly requestedBy: string;
  readonly approvers: number;
  readonly approversNeeded: number;
  readonly status: "pending" | "approved";
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * What hasn't been decided or used and isn't too late, the oldest first: what the reader asked for, and what their roles let them decide.
 *
 * @example
 * const waiting = await listApprovals(context, staff);
 */
export const listApprovals = async (
  context: RoleContext,
  reader: { readonly user: string },
): Promise<readonly ListedApproval[]> => {
  const at = context.clock();
  const held = await readRoles(context, context.db, reader.user);
  const rows = await context.db
    .selectFrom("identity_approval")
    .select(["id", "operation", "permission", "scope", "status", "approvers"])
    .select(["requested_by as requestedBy", "approvers_needed as approversNeeded"])
    .select(millisecondsOf("expires_at").as("expiresAt"))
    .where("status", "in", ["pending", "approved"])
    .where("expires_at", ">", timestampOf(at))
    .orderBy("requested_at")
    .orderBy("id")
    .execute();
  const seen = rows.filter(
    ({ requestedBy, permission, scope }) =>
      requestedBy === reader.user || isAllowed(context.roles, held, { permission, scope, at }),
  );
  return Promise.all(
    seen.map(async ({ operation: sealed, status, ...row }) => {
      const place = { subject: row.requestedBy, field: OPERATION_FIELD };
      const text = await context.personalData.open(context.db, place, sealed);
      const operation = text === undefined ? undefined : (JSON.parse(text) as Operation);
      return { ...row, status: status as ListedApproval["status"], operation };
    }),
  );
};

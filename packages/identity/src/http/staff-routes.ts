import { z } from "zod";
import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import { readAuditByStaff } from "../audit/read-audit-by-staff.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import type { Refused } from "../refusal.ts";
import { voteOnApproval } from "../roles/approval.ts";
import { grantRole, requestRole, revokeRole } from "../roles/grant-role.ts";
import { listApprovals } from "../roles/list-approvals.ts";
import { listRoles } from "../roles/list-roles.ts";
import type { RoleContext } from "../roles/permissions.ts";
import type { RoleBook } from "../roles/role.ts";
import { refuseRole } from "../roles/role-refusal.ts";
import { endSessionsByStaff } from "../sessions/staff-end-sessions.ts";
import { freezeByStaff, unfreezeByStaff } from "../users/staff-freeze.ts";
import { answered } from "./answer.ts";
import {
  deleteSignedIn,
  getSignedIn,
  postSignedIn,
  type Route,
  type RouteAnswer,
  type SessionCall,
} from "./route.ts";
import { nothing } from "./schemas.ts";

/** A call of staff, in one transaction from the question whether they may to what they did. */
interface StaffCall<Body> extends SessionCall<Body> {
  readonly context: AccountContext & RoleContext;
  readonly transaction: IdentityTransaction;
}

const text = z.string().max(1_000);
const placed = { user: text, role: text, scope: text };
const grant = { ...placed, until: z.int().nonnegative().optional() };

/**
 * What staff do, for the routes of `createIdentityHandler`: each by whoever holds a role that allows it, in a session that a second factor has proven; changes
 * soon after having signed in.
 *
 * @example
 * createIdentityHandler(context, { routes: staffRoutes(roleBook()) });
 */
export const staffRoutes = (roles: RoleBook): readonly Route[] => {
  const asStaff =
    <Body>(
      act: (call: StaffCall<Body>) => Promise<RouteAnswer>,
      { isChange }: { readonly isChange: boolean },
    ) =>
    async (call: SessionCall<Body>): Promise<RouteAnswer> => {
      const refused = refuseSession(call, isChange);
      if (refused !== undefined) return refused;
      return inTransaction(call.context, (transaction) =>
        act({ ...call, context: { ...call.context, db: transaction, roles }, transaction }),
      );
    };
  const reads = (path: string, act: (call: StaffCall<undefined>) => Promise<RouteAnswer>) =>
    getSignedIn(path, asStaff(act, { isChange: false }));
  const changes = <Body>(
    path: string,
    body: z.ZodType<Body>,
    act: (call: StaffCall<Body>) => Promise<RouteAnswer>,
  ) => postSignedIn(path, body, asStaff(act, { isChange: true }));
  return [
    reads("staff/users/:id/roles", async ({ context, session, id }) => {
      const answer = await listRoles(context, session, id);
      return answer.ok ? answered({ roles: answer.roles }) : answer;
    }),
    changes(
      "staff/roles/request",
      z.strictObject(grant),
      async ({ context, transaction, session, body }) => {
        const asked = { granter: session.user, ...body };
        const answer = await requestRole(context, transaction, asked);
        return answer.ok ? answered({ approval: answer.approval }, { status: 202 }) : answer;
      },
    ),
    changes(
      "staff/roles/grant",
      z.strictObject({ ...grant, approval: text }),
      async ({ context, transaction, session, body }) =>
        done(await grantRole(context, transaction, { granter: session.user, ...body })),
    ),
    changes(
      "staff/roles/revoke",
      z.strictObject(placed),
      async ({ context, transaction, session, body }) =>
        done(await revokeRole(context, transaction, { granter: session.user, ...body })),
    ),
    reads("staff/approvals", async ({ context, session }) =>
      answered({ approvals: await listApprovals(context, session) }),
    ),
    changes(
      "staff/approvals/:id",
      z.strictObject({ verdict: z.enum(["approve", "reject"]) }),
      async ({ context, transaction, session, id, body }) => {
        const vote = { approver: session.user, approval: id, verdict: body.verdict };
        const answer = await voteOnApproval(context, transaction, vote);
        return answer.ok ? answered({ status: answer.status }) : answer;
      },
    ),
    changes("staff/users/:id/freeze", nothing, async ({ context, session, id }) =>
      done(await freezeByStaff(context, session, id)),
    ),
    changes("staff/users/:id/unfreeze", nothing, async ({ context, session, id }) =>
      done(await unfreezeByStaff(context, session, id)),
    ),
    deleteSignedIn(
      "staff/users/:id/sessions",
      asStaff(
        async ({ context, session, id }) => {
          const answer = await endSessionsByStaff(context, session, id);
          return answer.ok ? answered({ ended: answer.ended }) : answer;
        },
        { isChange: true },
      ),
    ),
    reads("staff/users/:id/audit", async ({ context, session, id }) => {
      const answer = await readAuditByStaff(context, session, id);
      return answer.ok ? answered({ events: answer.events }) : answer;
    }),
  ];
};

/** The session was found alive for this request; nothing is locked, so that two of the staff who act on each other don't wait for each other. */
const refuseSession = (
  { context, session }: SessionCall<unknown>,
  isChange: boolean,
): Refused | undefined => {
  if (session.assurance !== 2) return refuseRole("second_factor_needed");
  const since = context.clock() - session.authenticatedAt;
  const isOld = since > context.settings.sessions.recentMs;
  return isChange && isOld ? refuse("reauthentication_needed") : undefined;
};

const done = (answer: { readonly ok: true } | Refused): RouteAnswer =>
  answer.ok ? answered() : answer;

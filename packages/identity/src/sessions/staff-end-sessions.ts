import type { AccountContext } from "../account-context.ts";
import { inTransaction } from "../in-transaction.ts";
import { enqueueNotice } from "../outbox/outbox.ts";
import type { Refused } from "../refusal.ts";
import { type RoleContext, refusePermission } from "../roles/permissions.ts";
import type { RoleRefusalCode } from "../roles/role-refusal.ts";
import { holdUser } from "../users/hold-user.ts";
import { endSessionsOf } from "./end-sessions.ts";
import type { Session } from "./session.ts";

/**
 * Ends all sessions of a user, by staff whose roles allow `session.end` everywhere: for somebody who calls because a device was stolen. The user
 * is told, and signs in again as always.
 *
 * @example
 * await endSessionsByStaff(context, staff, "usr_…");
 */
export const endSessionsByStaff = (
  context: AccountContext & RoleContext,
  staff: Session,
  user: string,
): Promise<{ readonly ok: true; readonly ended: number } | Refused<RoleRefusalCode>> =>
  inTransaction(context, async (transaction) => {
    const refused = await refusePermission(context, transaction, staff.user, "session.end", "*");
    if (refused !== undefined) return refused;
    // Somebody unknown has no sessions: whoever guesses at ids learns nothing.
    if ((await holdUser(transaction, user)) === undefined) return { ok: true, ended: 0 };
    const ended = await endSessionsOf(context, transaction, user, "ended_by_staff");
    await enqueueNotice(context, transaction, {
      user,
      channel: "email",
      kind: "sessions_ended_by_staff",
      values: {},
    });
    await context.audit.record(transaction, {
      actor: staff.user,
      action: "session.ended_by_staff",
      subject: user,
      outcome: "done",
      details: { sessions: ended.join(" ") },
    });
    return { ok: true, ended: ended.length };
  });

import type { AccountContext } from "../account-context.ts";
import { inTransaction } from "../in-transaction.ts";
import { enqueueNotice } from "../outbox/outbox.ts";
import type { Refused } from "../refusal.ts";
import { type RoleContext, refusePermission } from "../roles/permissions.ts";
import { type RoleRefusalCode, refuseRole } from "../roles/role-refusal.ts";
import { endSessionsOf } from "../sessions/end-sessions.ts";
import { sendThaw } from "./freeze.ts";
import { holdUser } from "./hold-user.ts";

export type StaffFreezeAnswer = { readonly ok: true } | Refused<RoleRefusalCode>;

/**
 * Freezes somebody's account, by staff whose roles allow `user.freeze` everywhere: every session ends, nobody signs in, and its owner can't thaw it.
 * Of an account that its owner has frozen, too.
 *
 * @example
 * await freezeByStaff(context, staff, "usr_…");
 */
export const freezeByStaff = (
  context: AccountContext & RoleContext,
  staff: { readonly user: string },
  user: string,
): Promise<StaffFreezeAnswer> =>
  inTransaction(context, async (transaction) => {
    const refused = await refusePermission(context, transaction, staff.user, "user.freeze", "*");
    if (refused !== undefined) return refused;
    const held = await holdUser(transaction, user);
    if (held?.status !== "active" && held?.status !== "frozen") {
      return refuseRole("user_unknown", "user");
    }
    await transaction
      .updateTable("identity_user")
      .set({ status: "frozen", frozen_by_staff: true })
      .where("id", "=", user)
      .execute();
    await endSessionsOf(context, transaction, user, "frozen_by_staff");
    const values = {};
    const notice = { user, channel: "email", kind: "account_frozen_by_staff", values } as const;
    await enqueueNotice(context, transaction, notice);
    await context.audit.record(transaction, {
      actor: staff.user,
      action: "account.frozen_by_staff",
      subject: user,
      outcome: "done",
    });
    return { ok: true };
  });

/**
 * Takes back what `freezeByStaff` did, by staff whose roles allow `user.unfreeze` everywhere. It opens nothing: the owner gets the link of a thaw, and
 * comes in by mailbox, password and second factor, so that nobody of the staff can let somebody in.
 *
 * @example
 * await unfreezeByStaff(context, staff, "usr_…");
 */
export const unfreezeByStaff = (
  context: AccountContext & RoleContext,
  staff: { readonly user: string },
  user: string,
): Promise<StaffFreezeAnswer> =>
  inTransaction(context, async (transaction) => {
    const refused = await refusePermission(context, transaction, staff.user, "user.unfreeze", "*");
    if (refused !== undefined) return refused;
    const held = await holdUser(transaction, user);
    if (held === undefined || held.status === "erased") return refuseRole("user_unknown", "user");
    if (!held.frozen_by_staff) return refuseRole("user_not_frozen_by_staff", "user");
    await transaction
      .updateTable("identity_user")
      .set({ frozen_by_staff: false })
      .where("id", "=", user)
      .execute();
    await sendThaw(context, transaction, user);
    await context.audit.record(transaction, {
      actor: staff.user,
      action: "account.unfrozen_by_staff",
      subject: user,
      outcome: "done",
    });
    return { ok: true };
  });

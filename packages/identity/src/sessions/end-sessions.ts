import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import { mayBeId } from "../random-id.ts";
import type { Refused } from "../refusal.ts";
import { timestampOf } from "../schema/time-column.ts";
import { holdSession } from "./authenticate.ts";
import type { Session } from "./session.ts";

export type EndReason =
  | "signed_out"
  | "ended_by_user"
  | "ended_by_staff"
  | "frozen_by_staff"
  | "password_changed"
  | "password_reset"
  | "factors_changed"
  | "contact_changed"
  | "account_frozen"
  | "account_erased"
  | "refresh_reused";

/** Ends sessions of a user, but for one that may stay, and every sign-in that has only begun. Answers the ids. */
export const endSessionsOf = async (
  { clock }: Pick<AccountContext, "clock">,
  transaction: IdentityTransaction,
  user: string,
  reason: EndReason,
  except?: string,
): Promise<readonly string[]> => {
  await transaction.deleteFrom("identity_sign_in_challenge").where("user_id", "=", user).execute();
  const ended = await transaction
    .updateTable("identity_session")
    .set({ ended_at: timestampOf(clock()), end_reason: reason })
    .where("user_id", "=", user)
    .where("ended_at", "is", null)
    .$if(except !== undefined, (query) => query.where("id", "!=", except ?? ""))
    .returning("id")
    .execute();
  return ended.map(({ id }) => id);
};

export type EndSessionAnswer =
  | { readonly ok: true }
  | Refused<"session_invalid" | "session_unknown">;

/** Ends one of the user's own sessions; somebody else's is as unknown as none. */
export const endSession = (
  context: AccountContext,
  session: Session,
  target: string,
): Promise<EndSessionAnswer> =>
  inTransaction(context, async (transaction) => {
    if ((await holdSession(context, transaction, session)) === undefined) {
      return refuse("session_invalid");
    }
    if (!mayBeId(target)) return refuse("session_unknown", { field: "session" });
    const ended = await transaction
      .updateTable("identity_session")
      .set({
        ended_at: timestampOf(context.clock()),
        end_reason: target === session.id ? "signed_out" : "ended_by_user",
      })
      .where("id", "=", target)
      .where("user_id", "=", session.user)
      .where("ended_at", "is", null)
      .returning("id")
      .executeTakeFirst();
    if (ended === undefined) return refuse("session_unknown", { field: "session" });
    await context.audit.record(transaction, {
      actor: session.user,
      action: "session.ended",
      subject: session.user,
      target,
      outcome: "done",
    });
    return { ok: true };
  });

/** Ends the session itself. */
export const signOut = (context: AccountContext, session: Session): Promise<EndSessionAnswer> =>
  endSession(context, session, session.id);

/** Ends all sessions of the user but this one. */
export const endOtherSessions = (
  context: AccountContext,
  session: Session,
): Promise<{ readonly ok: true; readonly ended: number } | Refused<"session_invalid">> =>
  inTransaction(context, async (transaction) => {
    if ((await holdSession(context, transaction, session)) === undefined) {
      return refuse("session_invalid");
    }
    const ended = await endSessionsOf(
      context,
      transaction,
      session.user,
      "ended_by_user",
      session.id,
    );
    await context.audit.record(transaction, {
      actor: session.user,
      action: "session.others_ended",
      subject: session.user,
      outcome: "done",
      details: { sessions: ended.join(" ") },
    });
    return { ok: true, ended: ended.length };
  });

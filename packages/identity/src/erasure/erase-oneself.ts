import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import { enrolledFactors } from "../factors/enrolled-factors.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import type { Operation } from "../operation.ts";
import type { Refused } from "../refusal.ts";
import { refuseUnlessRecent } from "../sessions/authenticate.ts";
import type { Session, SessionRefusal } from "../sessions/session.ts";
import { consumeElevation } from "../step-up/step-up.ts";
import type { StepUpRefusalCode } from "../step-up/step-up-refusal.ts";
import {
  type ErasureRefusalCode,
  type ErasureReport,
  eraseSubject,
  type Retention,
} from "./erase-subject.ts";

/** What a user confirms before they are erased. */
export const ownErasure = ({ user }: Pick<Session, "user">): Operation => ({
  type: "erasure",
  user,
});

/**
 * Erases the one who asks: soon after a sign-in, and with a step-up of `ownErasure` where they have a second factor.
 *
 * @example
 * const erased = await eraseOneself(context, session, { elevation, retention });
 */
export const eraseOneself = (
  context: AccountContext,
  session: Session,
  {
    elevation,
    retention,
  }: { readonly elevation?: string | undefined; readonly retention?: Retention | undefined },
): Promise<
  ErasureReport | SessionRefusal | Refused<ErasureRefusalCode | StepUpRefusalCode | "factor_wrong">
> =>
  inTransaction(context, async (transaction) => {
    const { user } = session;
    const refused =
      (await refuseUnlessRecent(context, transaction, session)) ??
      (await refuseUnconfirmed(context, transaction, session, elevation));
    if (refused !== undefined) return refused;
    return eraseSubject({ ...context, db: transaction }, { actor: user, user, retention });
  });

/** Whoever has a second factor shows it: their password may be a thief's, too. */
const refuseUnconfirmed = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  session: Session,
  elevation: string | undefined,
): Promise<Refused<StepUpRefusalCode | "factor_wrong"> | undefined> => {
  if (elevation === undefined) {
    const factors = await enrolledFactors(transaction, session.user);
    return factors.length === 0 ? undefined : refuse("factor_wrong", { field: "factor" });
  }
  const use = { session, elevation, operation: ownErasure(session) };
  const used = await consumeElevation(context, transaction, use);
  return used.ok ? undefined : used;
};

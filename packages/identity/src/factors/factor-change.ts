import type { AccountContext } from "../account-context.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { enqueueNotice } from "../outbox/outbox.ts";
import { setSecurityHold } from "../security-holds/security-hold.ts";
import { endSessionsOf } from "../sessions/end-sessions.ts";
import { rotateSession } from "../sessions/rotate-session.ts";
import type { Session, SessionTokens, SignInMethod } from "../sessions/session.ts";
import { enrolledFactors, type FactorKind } from "./enrolled-factors.ts";
import { issueRecoveryCodes } from "./recovery-codes.ts";

/** A factor that was added or taken away. */
export interface ChangedFactor {
  readonly kind: "totp" | "passkey";
  readonly id: string;
}

export interface FactorAdded {
  readonly ok: true;
  readonly id: string;
  /** The session's new tokens; the old ones are void. */
  readonly tokens: SessionTokens;
  /** With the first factor: shown once. */
  readonly recoveryCodes?: readonly string[];
}

export interface FactorRemoved {
  readonly ok: true;
  readonly tokens: SessionTokens;
}

/**
 * What goes with every new factor: other sessions had it not and end, this one has proven it just now, and the user is told. Where there were
 * factors `before`, money doesn't leave for a while: whoever adds one may do so to stand in for those.
 */
export const factorAdded = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  session: Session,
  factor: ChangedFactor,
  before: readonly FactorKind[],
): Promise<FactorAdded> => {
  if (before.length > 0) {
    await setSecurityHold(context, transaction, session.user, "factor_changed");
  }
  const methods: readonly SignInMethod[] = [...new Set([...session.methods, factor.kind])];
  await endSessionsOf(context, transaction, session.user, "factors_changed", session.id);
  const tokens = await rotateSession(context, transaction, session, { methods, assurance: 2 });
  const first = !(await enrolledFactors(transaction, session.user)).includes("recovery_code");
  const recoveryCodes = first
    ? await issueRecoveryCodes(context, transaction, session.user)
    : undefined;
  await tell(context, transaction, session, "added", factor);
  return { ok: true, id: factor.id, tokens, ...(recoveryCodes && { recoveryCodes }) };
};

/** What goes with every factor taken away: money doesn't leave for a while, and without any factor codes stand in for nothing. */
export const factorRemoved = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  session: Session,
  factor: ChangedFactor,
): Promise<FactorRemoved> => {
  const { user } = session;
  if ((await enrolledFactors(transaction, user)).length === 0) {
    await transaction.deleteFrom("identity_recovery_code").where("user_id", "=", user).execute();
  }
  await setSecurityHold(context, transaction, user, "factor_changed");
  await endSessionsOf(context, transaction, user, "factors_changed", session.id);
  const tokens = await rotateSession(context, transaction, session);
  await tell(context, transaction, session, "removed", factor);
  return { ok: true, tokens };
};

const tell = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  { user }: Session,
  what: "added" | "removed",
  { kind, id }: ChangedFactor,
): Promise<void> => {
  await enqueueNotice(context, transaction, {
    user,
    channel: "email",
    kind: `factor_${what}`,
    values: { factor: kind },
  });
  await context.audit.record(transaction, {
    actor: user,
    action: `factor.${kind}_${what}`,
    subject: user,
    target: id,
    outcome: "done",
  });
};

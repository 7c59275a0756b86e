import type { IdentityContext } from "../identity-context.ts";
import type { IdentityTransaction } from "../identity-database.ts";
import { inTransaction } from "../in-transaction.ts";
import { type Operation, operationDigest } from "../operation.ts";
import { enqueueCommand } from "../outbox/outbox.ts";
import { randomId } from "../random-id.ts";
import type { Refused } from "../refusal.ts";
import { millisecondsOf, timestampOf } from "../schema/time-column.ts";
import { findSecurityHold } from "../security-holds/security-hold.ts";
import { refuseStepUp, type StepUpRefusalCode } from "./step-up-refusal.ts";

/** Who acts, as their session's token says: never what a client sent. */
export interface ActingSession {
  readonly id: string;
  readonly user: string;
}

/** How somebody may prove who they are. */
export type ProofMethod =
  | "password"
  | "totp"
  | "passkey"
  | "recovery_code"
  | "email_code"
  | "sms_code";

/** What confirms an operation: something that a phisher or a stolen mailbox doesn't have. One of them is needed. */
const CONFIRMING_METHODS: readonly ProofMethod[] = ["totp", "passkey"];

const LIFETIME = 5 * 60_000;

/** The port to the user's factors. */
export interface FactorCheck<Code extends string = string> {
  /**
   * Verifies the proof and uses it up, in the transaction, which is committed also if it refuses: attempts count. A passkey's challenge should
   * come from the digest, so that the authenticator signs the operation.
   */
  prove(
    transaction: IdentityTransaction,
    user: string,
    digest: Uint8Array,
  ): Promise<{ readonly ok: true; readonly methods: readonly ProofMethod[] } | Refused<Code>>;
}

/** An operation that was confirmed, until it is used or five minutes are over. */
export interface Elevation {
  readonly ok: true;
  readonly elevation: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Confirms an operation by the user's factors. What comes back confirms this operation alone, in this session, once.
 *
 * Refused as the factors refuse, or with `step_up_method_insufficient`.
 *
 * @example
 * const confirmed = await elevate(context, { session, operation, factors });
 */
export const elevate = async <Code extends string>(
  context: IdentityContext,
  {
    session,
    operation,
    factors,
  }: {
    readonly session: ActingSession;
    readonly operation: Operation;
    readonly factors: FactorCheck<Code>;
  },
): Promise<Elevation | Refused<Code | StepUpRefusalCode>> =>
  inTransaction(context, async (transaction) => {
    const digest = operationDigest(operation);
    const proved = await factors.prove(transaction, session.user, digest);
    const refusal = proved.ok ? refuseMethods(proved.methods) : proved;
    await context.audit.record(transaction, {
      actor: session.user,
      action: refusal === undefined ? "step_up.confirmed" : "step_up.refused",
      subject: session.user,
      target: operation.type,
      outcome: refusal === undefined ? "done" : "refused",
      reason: refusal?.code,
      details: { ...operation },
    });
    if (!proved.ok) return proved;
    if (refusal !== undefined) return refusal;
    return grant(context, transaction, session, operation, digest, proved.methods);
  });

const refuseMethods = (methods: readonly ProofMethod[]): Refused<StepUpRefusalCode> | undefined =>
  methods.some((method) => CONFIRMING_METHODS.includes(method))
    ? undefined
    : refuseStepUp("step_up_method_insufficient");

const grant = async (
  { clock, randomBytes }: IdentityContext,
  transaction: IdentityTransaction,
  session: ActingSession,
  operation: Operation,
  digest: Uint8Array,
  methods: readonly ProofMethod[],
): Promise<Elevation> => {
  const elevation = randomId("elv", randomBytes);
  const expiresAt = clock() + LIFETIME;
  await transaction
    .insertInto("identity_elevation")
    .values({
      id: elevation,
      user_id: session.user,
      session_id: session.id,
      purpose: operation.type,
      operation_digest: digest,
      methods: methods.join(","),
      created_at: timestampOf(clock()),
      expires_at: timestampOf(expiresAt),
      consumed_at: null,
    })
    .execute();
  return { ok: true, elevation, expiresAt };
};

/** What is used up, and for what. */
export interface ElevationUse {
  readonly session: ActingSession;
  /** The id that `elevate` answered. */
  readonly elevation: string;
  /** What is now to be done: it must be what was confirmed, to the last character. */
  readonly operation: Operation;
  /** What the host is to do afterwards. Its id makes the command safe to repeat. */
  readonly command?: {
    readonly commandId: string;
    readonly kind: string;
    readonly body: Readonly<Record<string, string>>;
  };
}

/**
 * Uses an operation's confirmation up, in the host's own transaction, together with an outbox row for the command that it allows: either all
 * of it is committed or none. A `withdrawal` is refused while withdrawals are held.
 *
 * On a refusal nothing has changed, but the transaction is the host's to end.
 *
 * @example
 * const used = await consumeElevation(context, transaction, { session, elevation, operation, command });
 */
export const consumeElevation = async (
  context: IdentityContext,
  transaction: IdentityTransaction,
  use: ElevationUse,
): Promise<{ readonly ok: true } | Refused<StepUpRefusalCode>> => {
  const { session, elevation, operation, command } = use;
  const refusal =
    (await refuseUser(context, transaction, use)) ?? (await take(context, transaction, use));
  if (refusal !== undefined) return refusal;
  if (command !== undefined) {
    await enqueueCommand(context, transaction, { ...command, user: session.user });
  }
  await context.audit.record(transaction, {
    actor: session.user,
    action: "step_up.used",
    subject: session.user,
    target: command?.commandId ?? elevation,
    outcome: "done",
    details: { ...operation, elevation },
  });
  return { ok: true };
};

/** The user's row is locked, so that a freeze or a hold and a withdrawal come one after the other. */
const refuseUser = async (
  context: IdentityContext,
  transaction: IdentityTransaction,
  { session, operation }: ElevationUse,
): Promise<Refused<StepUpRefusalCode> | undefined> => {
  const user = await transaction
    .selectFrom("identity_user")
    .select("status")
    .where("id", "=", session.user)
    .forUpdate()
    .executeTakeFirst();
  if (user?.status !== "active") return refuseStepUp("user_not_active");
  if (operation.type !== "withdrawal") return undefined;
  const hold = await findSecurityHold(context, transaction, session.user);
  return hold && refuseStepUp("withdrawals_held", hold.until);
};

const take = async (
  { clock }: IdentityContext,
  transaction: IdentityTransaction,
  { session, elevation, operation }: ElevationUse,
): Promise<Refused<StepUpRefusalCode> | undefined> => {
  const now = timestampOf(clock());
  const digest = operationDigest(operation);
  const taken = await transaction
    .updateTable("identity_elevation")
    .set({ consumed_at: now })
    .where("id", "=", elevation)
    .where("user_id", "=", session.user)
    .where("session_id", "=", session.id)
    .where("operation_digest", "=", digest)
    .where("expires_at", ">", now)
    .where("consumed_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  if (taken !== undefined) return undefined;
  const found = await transaction
    .selectFrom("identity_elevation")
    .select(["operation_digest", millisecondsOf("expires_at").as("expiresAt")])
    .where("id", "=", elevation)
    .where("user_id", "=", session.user)
    .where("session_id", "=", session.id)
    .executeTakeFirst();
  if (found === undefined) return refuseStepUp("elevation_unknown");
  const isSame = Buffer.from(digest).equals(found.operation_digest);
  if (!isSame) return refuseStepUp("elevation_of_another_operation");
  return refuseStepUp(found.expiresAt <= clock() ? "elevation_expired" : "elevation_used");
};

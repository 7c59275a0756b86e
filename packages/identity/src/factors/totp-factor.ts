import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import { mayBeId, randomId } from "../random-id.ts";
import type { Refused } from "../refusal.ts";
import { isAfter, timestampOf } from "../schema/time-column.ts";
import { refuseUnlessRecent } from "../sessions/authenticate.ts";
import type { Session, SessionRefusal } from "../sessions/session.ts";
import { openEmail } from "../users/profile.ts";
import { enrolledFactors } from "./enrolled-factors.ts";
import {
  type FactorAdded,
  type FactorRemoved,
  factorAdded,
  factorRemoved,
} from "./factor-change.ts";
import { freshTotpSecret, totpStep, totpUri } from "./totp.ts";

/** No code is older than this. */
const NO_STEP = 0;

const placeOf = (subject: string) => ({ subject, field: "identity_totp.secret" });

export type TotpEnrolment =
  | {
      readonly ok: true;
      readonly id: string;
      /** In base 32, for typing. */
      readonly secret: string;
      /** For a QR code. */
      readonly uri: string;
      readonly expiresAt: number;
    }
  | SessionRefusal;

/** Begins the enrolment of an authenticator; it counts from the first right code on. One that was begun before is void. */
export const beginTotpEnrolment = (
  context: AccountContext,
  session: Session,
): Promise<TotpEnrolment> =>
  inTransaction(context, async (transaction) => {
    const { clock, randomBytes, personalData, settings } = context;
    const { user } = session;
    const refused = await refuseUnlessRecent(context, transaction, session);
    if (refused !== undefined) return refused;
    const secret = freshTotpSecret(randomBytes);
    const id = randomId("otp", randomBytes);
    const expiresAt = clock() + settings.totp.pendingMs;
    await transaction
      .deleteFrom("identity_totp")
      .where("user_id", "=", user)
      .where("status", "=", "pending")
      .execute();
    await transaction
      .insertInto("identity_totp")
      .values({
        id,
        user_id: user,
        status: "pending",
        secret: await personalData.seal(transaction, placeOf(user), secret),
        last_step: NO_STEP,
        created_at: timestampOf(clock()),
        expires_at: timestampOf(expiresAt),
      })
      .execute();
    const uri = totpUri(settings.totp, await openEmail(context, transaction, user), secret);
    return { ok: true, id, secret, uri, expiresAt };
  });

export type ConfirmTotpAnswer =
  | FactorAdded
  | SessionRefusal
  | Refused<"factor_pending_invalid" | "factor_wrong">;

/** Ends the enrolment with a first code. An authenticator that the user had before is replaced. */
export const confirmTotpEnrolment = (
  context: AccountContext,
  session: Session,
  { id, code }: { readonly id: string; readonly code: string },
): Promise<ConfirmTotpAnswer> =>
  inTransaction(context, async (transaction) => {
    const { clock, settings } = context;
    const refused = await refuseUnlessRecent(context, transaction, session);
    if (refused !== undefined) return refused;
    if (!mayBeId(id)) return refuse("factor_pending_invalid", { field: "id" });
    const pending = await transaction
      .selectFrom("identity_totp")
      .select(["id", "secret"])
      .where("id", "=", id)
      .where("user_id", "=", session.user)
      .where("status", "=", "pending")
      .where(isAfter("expires_at", clock()))
      .executeTakeFirst();
    if (pending === undefined) return refuse("factor_pending_invalid", { field: "id" });
    const secret = await openSecret(context, transaction, session.user, pending.secret);
    const step = totpStep(secret, code, clock(), settings.totp.tolerance);
    if (step === undefined) return refuse("factor_wrong", { field: "code" });
    const before = await enrolledFactors(transaction, session.user);
    await transaction
      .deleteFrom("identity_totp")
      .where("user_id", "=", session.user)
      .where("status", "=", "active")
      .execute();
    await transaction
      .updateTable("identity_totp")
      .set({ status: "active", last_step: step, expires_at: null })
      .where("id", "=", id)
      .execute();
    return factorAdded(context, transaction, session, { kind: "totp", id }, before);
  });

/** Takes the authenticator away. */
export const removeTotp = (
  context: AccountContext,
  session: Session,
): Promise<FactorRemoved | SessionRefusal | Refused<"factor_unknown">> =>
  inTransaction(context, async (transaction) => {
    const refused = await refuseUnlessRecent(context, transaction, session);
    if (refused !== undefined) return refused;
    const removed = await transaction
      .deleteFrom("identity_totp")
      .where("user_id", "=", session.user)
      .where("status", "=", "active")
      .returning("id")
      .executeTakeFirst();
    if (removed === undefined) return refuse("factor_unknown");
    return factorRemoved(context, transaction, session, { kind: "totp", id: removed.id });
  });

/**
 * Uses a code. One statement takes its time step, so that of fifty that send the same code at once one gets in; and no older
 * code is taken after a newer.
 */
export const useTotp = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  user: string,
  code: string,
): Promise<boolean> => {
  const { clock, settings } = context;
  const totp = await transaction
    .selectFrom("identity_totp")
    .select(["id", "secret"])
    .where("user_id", "=", user)
    .where("status", "=", "active")
    .executeTakeFirst();
  if (totp === undefined) return false;
  const secret = await openSecret(context, transaction, user, totp.secret);
  const step = totpStep(secret, code, clock(), settings.totp.tolerance);
  if (step === undefined) return false;
  const taken = await transaction
    .updateTable("identity_totp")
    .set({ last_step: step })
    .where("id", "=", totp.id)
    .where("last_step", "<", step)
    .returning("id")
    .executeTakeFirst();
  return taken !== undefined;
};

const openSecret = async (
  { personalData }: AccountContext,
  transaction: IdentityTransaction,
  user: string,
  sealed: Uint8Array,
): Promise<string> => {
  const secret = await personalData.open(transaction, placeOf(user), sealed);
  if (secret === undefined) throw new Error("a user with a second factor has no key");
  return secret;
};

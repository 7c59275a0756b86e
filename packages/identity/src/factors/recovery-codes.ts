import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import { enqueueNotice } from "../outbox/outbox.ts";
import type { Refused } from "../refusal.ts";
import { timestampOf } from "../schema/time-column.ts";
import { setSecurityHold } from "../security-holds/security-hold.ts";
import { refuseUnlessRecent } from "../sessions/authenticate.ts";
import type { Session, SessionRefusal } from "../sessions/session.ts";
import { sha256 } from "../tokens/secret-token.ts";
import { enrolledFactors } from "./enrolled-factors.ts";

const CODES = 10;

/** Five bits each: 120. */
const CHARACTERS = 24;

/** Crockford's base 32: what is read wrongly off paper is read as what was meant. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

const MISREAD: Readonly<Record<string, string>> = { o: "0", i: "1", l: "1" };

/** Ten codes in groups of four, shown once. Those that the user had before are void. */
export const issueRecoveryCodes = async (
  { randomBytes }: AccountContext,
  transaction: IdentityTransaction,
  user: string,
): Promise<readonly string[]> => {
  const codes = Array.from({ length: CODES }, () =>
    Array.from(randomBytes(CHARACTERS), (byte) => ALPHABET.charAt(byte & 31)).join(""),
  );
  await transaction.deleteFrom("identity_recovery_code").where("user_id", "=", user).execute();
  await transaction
    .insertInto("identity_recovery_code")
    .values(codes.map((code) => ({ hash: hashOf(user, code), user_id: user, used_at: null })))
    .execute();
  return codes.map((code) => code.replace(/(.{4})(?=.)/g, "$1-"));
};

export type RecoveryCodesAnswer =
  | { readonly ok: true; readonly codes: readonly string[] }
  | SessionRefusal
  | Refused<"factor_unknown">;

/** New recovery codes for whoever has a second factor. */
export const renewRecoveryCodes = (
  context: AccountContext,
  session: Session,
): Promise<RecoveryCodesAnswer> =>
  inTransaction(context, async (transaction) => {
    const { user } = session;
    const refused = await refuseUnlessRecent(context, transaction, session);
    if (refused !== undefined) return refused;
    if ((await enrolledFactors(transaction, user)).length === 0) return refuse("factor_unknown");
    const codes = await issueRecoveryCodes(context, transaction, user);
    const notice = { user, channel: "email", kind: "recovery_codes_renewed", values: {} } as const;
    await enqueueNotice(context, transaction, notice);
    await context.audit.record(transaction, {
      actor: user,
      action: "factor.recovery_codes_renewed",
      subject: user,
      outcome: "done",
    });
    return { ok: true, codes };
  });

/** Uses a code, once, in one statement. Its user is told, and money doesn't leave for a while: whoever has the paper may not be them. */
export const useRecoveryCode = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  user: string,
  typed: string,
): Promise<boolean> => {
  const code = readCode(typed);
  if (code === undefined) return false;
  const used = await transaction
    .updateTable("identity_recovery_code")
    .set({ used_at: timestampOf(context.clock()) })
    .where("hash", "=", hashOf(user, code))
    .where("user_id", "=", user)
    .where("used_at", "is", null)
    .returning("hash")
    .executeTakeFirst();
  if (used === undefined) return false;
  const { left } = await transaction
    .selectFrom("identity_recovery_code")
    .select((select) => select.fn.countAll<string | number>().as("left"))
    .where("user_id", "=", user)
    .where("used_at", "is", null)
    .executeTakeFirstOrThrow();
  await setSecurityHold(context, transaction, user, "recovery_code_used");
  await enqueueNotice(context, transaction, {
    user,
    channel: "email",
    kind: "recovery_code_used",
    values: { left: String(left) },
  });
  return true;
};

const readCode = (typed: string): string | undefined => {
  if (typed.length > 2 * CHARACTERS) return undefined;
  const code = typed
    .toLowerCase()
    .replace(/[\s-]/g, "")
    .replace(/[oil]/g, (letter) => MISREAD[letter] ?? letter);
  return code.length === CHARACTERS ? code : undefined;
};

const hashOf = (user: string, code: string): Uint8Array => sha256(`recovery ${user} ${code}`);

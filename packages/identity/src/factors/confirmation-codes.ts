import { sql } from "kysely";
import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import { enqueueNotice } from "../outbox/outbox.ts";
import { mayBeId, randomId } from "../random-id.ts";
import type { Refused } from "../refusal.ts";
import { isAfter, timestampOf } from "../schema/time-column.ts";
import { holdSession } from "../sessions/authenticate.ts";
import type { Session } from "../sessions/session.ts";
import { digits } from "../tokens/digits.ts";
import { sha256 } from "../tokens/secret-token.ts";

/**
 * What a code confirms: that somebody who reads the user's mail or messages wants this. Not a factor: mailboxes are shared and numbers
 * are stolen (ASVS 5.0 6.6.1, SP 800-63B-4 3.1.3.3), so nothing that needs one is done by it, no sign-in and no withdrawal.
 */
export type ConfirmationMethod = "email_code" | "sms_code";

const CODE_DIGITS = 8;

const MOST_ATTEMPTS = 5;

export type SendCodeAnswer =
  | { readonly ok: true; readonly id: string; readonly expiresAt: number }
  | Refused<"confirmation_codes_off" | "confirmation_channel_missing" | "session_invalid">;

/**
 * Sends eight digits that confirm one request: `request` is its text, as `withdraw 1.5 BTC to bc1q…`, and the code confirms no other.
 * Earlier codes of the user are void.
 */
export const sendConfirmationCode = (
  context: AccountContext,
  session: Session,
  { request, channel }: { readonly request: string; readonly channel: "email" | "sms" },
): Promise<SendCodeAnswer> =>
  inTransaction(context, async (transaction) => {
    const { user } = session;
    if (!context.settings.confirmationCodes.on) return refuse("confirmation_codes_off");
    if ((await holdSession(context, transaction, session)) === undefined) {
      return refuse("session_invalid");
    }
    if (!(await hasChannel(transaction, user, channel))) {
      return refuse("confirmation_channel_missing", { field: "channel" });
    }
    const id = randomId("cnf", context.randomBytes);
    const code = digits(CODE_DIGITS, context.randomBytes);
    const expiresAt = context.clock() + context.settings.confirmationCodes.validMs;
    await transaction
      .deleteFrom("identity_confirmation_code")
      .where("user_id", "=", user)
      .execute();
    await transaction
      .insertInto("identity_confirmation_code")
      .values({
        id,
        user_id: user,
        channel,
        request_hash: sha256(request),
        code_index: await codeIndex(context, id, code),
        attempts: 0,
        expires_at: timestampOf(expiresAt),
      })
      .execute();
    await enqueueNotice(context, transaction, {
      user,
      channel,
      kind: "confirmation_code",
      values: { code, request },
      expiresAt,
    });
    return { ok: true, id, expiresAt };
  });

export type ConfirmCodeAnswer =
  | { readonly ok: true; readonly method: ConfirmationMethod }
  | Refused<"confirmation_wrong" | "confirmation_codes_off">;

/**
 * Uses a code up for the request that it was sent for. Its own transaction, or the host's: an attempt that the host rolls back isn't
 * counted, so do it where nothing after it fails on purpose.
 */
export const confirmByCode = async (
  context: AccountContext,
  session: Session,
  { id, code, request }: { readonly id: string; readonly code: string; readonly request: string },
): Promise<ConfirmCodeAnswer> => {
  if (!context.settings.confirmationCodes.on) return refuse("confirmation_codes_off");
  if (!mayBeId(id)) return refuse("confirmation_wrong", { field: "id" });
  const typed = code.replace(/\s/g, "").slice(0, 2 * CODE_DIGITS);
  const index = await codeIndex(context, id, typed);
  return inTransaction<ConfirmCodeAnswer>(context, async (transaction) => {
    const tried = await transaction
      .updateTable("identity_confirmation_code")
      .set({ attempts: sql<number>`attempts + 1` })
      .where("id", "=", id)
      .where("user_id", "=", session.user)
      .where("attempts", "<", MOST_ATTEMPTS)
      .where(isAfter("expires_at", context.clock()))
      .returning("id")
      .executeTakeFirst();
    if (tried === undefined) return refuse("confirmation_wrong", { field: "code" });
    const used = await transaction
      .deleteFrom("identity_confirmation_code")
      .where("id", "=", id)
      .where("code_index", "=", index)
      .where("request_hash", "=", sha256(request))
      .returning("channel")
      .executeTakeFirst();
    if (used === undefined) return refuse("confirmation_wrong", { field: "code" });
    return { ok: true, method: `${used.channel}_code` };
  });
};

const codeIndex = (
  { personalData }: AccountContext,
  id: string,
  code: string,
): Promise<Uint8Array> => personalData.index("identity_confirmation_code", `${id} ${code}`);

const hasChannel = async (
  transaction: IdentityTransaction,
  user: string,
  channel: "email" | "sms",
): Promise<boolean> => {
  const row = await transaction
    .selectFrom("identity_user")
    .select(["email", "phone"])
    .where("id", "=", user)
    .executeTakeFirst();
  return (channel === "email" ? row?.email : row?.phone) != null;
};

import { sql } from "kysely";
import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import { enqueueNotice } from "../outbox/outbox.ts";
import { mayBeId, randomId } from "../random-id.ts";
import type { Refused } from "../refusal.ts";
import { isAfter, timestampOf } from "../schema/time-column.ts";
import { setSecurityHold } from "../security-holds/security-hold.ts";
import { holdSession, refuseUnlessRecent } from "../sessions/authenticate.ts";
import { endSessionsOf } from "../sessions/end-sessions.ts";
import type { Session, SessionRefusal } from "../sessions/session.ts";
import { digits } from "../tokens/digits.ts";
import { mintToken, tokenHash } from "../tokens/secret-token.ts";
import { emailAddress } from "./email-address.ts";
import { emailIndex } from "./find-user.ts";
import { holdUser } from "./hold-user.ts";
import { phoneNumber } from "./phone-number.ts";
import { openEmail, readProfile } from "./profile.ts";

const CODE_DIGITS = 8;

const MOST_ATTEMPTS = 5;

/** The new e-mail address, or the new phone number. */
export type NewContact =
  | { readonly field: "email"; readonly value: string }
  | { readonly field: "phone"; readonly value: string };

export type ContactChangeAnswer =
  | { readonly ok: true; readonly id: string; readonly expiresAt: number }
  | SessionRefusal
  | Refused<"email_malformed" | "phone_malformed" | "contact_unchanged">;

/**
 * Begins the change of an address or number. It happens when both sides have confirmed it: the e-mail address that the user has now, by
 * the link that goes there, and the new channel: an address by its link, a number by eight digits. One that was begun before is void.
 *
 * An address that somebody has already gets no e-mail and never becomes this user's; the answer doesn't tell.
 */
export const requestContactChange = async (
  context: AccountContext,
  session: Session,
  contact: NewContact,
): Promise<ContactChangeAnswer> => {
  const { user } = session;
  const value = readContact(contact);
  if (value === undefined) return refuse(`${contact.field}_malformed`, { field: contact.field });
  const profile = await readProfile(context, session);
  if (value === (contact.field === "email" ? profile?.email : profile?.phone)) {
    return refuse("contact_unchanged", { field: contact.field });
  }
  const index = contact.field === "email" ? await emailIndex(context, value) : null;
  return inTransaction(context, async (transaction) => {
    const refused = await refuseUnlessRecent(context, transaction, session);
    if (refused !== undefined) return refused;
    const id = randomId("cch", context.randomBytes);
    const expiresAt = context.clock() + context.settings.contactChangeMs;
    const old = mintToken("contactChange", context.randomBytes);
    const fresh = await proofOf(context, id, contact.field);
    const place = { subject: user, field: "identity_contact_change.value" };
    await transaction
      .deleteFrom("identity_contact_change")
      .where("user_id", "=", user)
      .where("field", "=", contact.field)
      .execute();
    await transaction
      .insertInto("identity_contact_change")
      .values({
        id,
        user_id: user,
        field: contact.field,
        value: await context.personalData.seal(transaction, place, value),
        value_index: index,
        old_hash: old.hash,
        old_confirmed_at: null,
        new_hash: fresh.hash,
        new_confirmed_at: null,
        attempts: 0,
        expires_at: timestampOf(expiresAt),
      })
      .execute();
    await enqueueNotice(context, transaction, {
      user,
      channel: "email",
      kind: "contact_change_old",
      values: { field: contact.field, token: old.token },
      expiresAt,
    });
    if (index === null || !(await isTaken(transaction, index))) {
      await enqueueNotice(context, transaction, {
        user,
        channel: contact.field === "email" ? "email" : "sms",
        kind: "contact_change_new",
        values: { [contact.field === "email" ? "token" : "code"]: fresh.secret },
        to: value,
        expiresAt,
      });
    }
    await context.audit.record(transaction, {
      actor: user,
      action: "contact.change_requested",
      subject: user,
      target: id,
      outcome: "done",
      details: { field: contact.field, value },
    });
    return { ok: true, id, expiresAt };
  });
};

const readContact = ({ field, value }: NewContact): string | undefined =>
  field === "email" ? emailAddress(value)?.written : phoneNumber(value);

/** A link for an e-mail; digits for a message that somebody types from. */
const proofOf = async (
  context: AccountContext,
  id: string,
  field: NewContact["field"],
): Promise<{ readonly secret: string; readonly hash: Uint8Array }> => {
  if (field === "email") {
    const { token, hash } = mintToken("contactChange", context.randomBytes);
    return { secret: token, hash };
  }
  const secret = digits(CODE_DIGITS, context.randomBytes);
  return { secret, hash: await codeHash(context, id, secret) };
};

/** Keyed: eight digits could be found from a plain hash in a second. */
const codeHash = (
  { personalData }: AccountContext,
  id: string,
  code: string,
): Promise<Uint8Array> => personalData.index("identity_contact_change.code", `${id} ${code}`);

const isTaken = async (transaction: IdentityTransaction, index: Uint8Array): Promise<boolean> => {
  const other = await transaction
    .selectFrom("identity_user")
    .select("id")
    .where("email_index", "=", index)
    .where("status", "!=", "pending")
    .executeTakeFirst();
  return other !== undefined;
};

export type ConfirmContactAnswer =
  | { readonly ok: true; readonly changed: boolean }
  | Refused<"token_invalid">;

/** Confirms one side by the link from its e-mail; with the second side the change happens. */
export const confirmContactChange = (
  context: AccountContext,
  token: string,
): Promise<ConfirmContactAnswer> =>
  inTransaction(context, async (transaction) => {
    const hash = tokenHash("contactChange", token);
    if (hash === undefined) return refuse("token_invalid", { field: "token" });
    const found = await transaction
      .selectFrom("identity_contact_change")
      .select("user_id")
      .where((where) => where.or([where("old_hash", "=", hash), where("new_hash", "=", hash)]))
      .executeTakeFirst();
    if (found === undefined) return refuse("token_invalid", { field: "token" });
    await holdUser(transaction, found.user_id);
    const now = timestampOf(context.clock());
    const side = (which: "old" | "new") =>
      transaction
        .updateTable("identity_contact_change")
        .set(which === "old" ? { old_confirmed_at: now } : { new_confirmed_at: now })
        .where(`${which}_hash`, "=", hash)
        .where(`${which}_confirmed_at`, "is", null)
        .where(isAfter("expires_at", context.clock()))
        .returning("id")
        .executeTakeFirst();
    const confirmed = (await side("old")) ?? (await side("new"));
    if (confirmed === undefined) return refuse("token_invalid", { field: "token" });
    return changeIfConfirmed(context, transaction, confirmed.id);
  });

/** Confirms a new phone number by the digits that went there, five attempts long. */
export const confirmPhone = async (
  context: AccountContext,
  session: Session,
  { id, code }: { readonly id: string; readonly code: string },
): Promise<ConfirmContactAnswer | Refused<"session_invalid">> => {
  if (!mayBeId(id)) return refuse("token_invalid", { field: "id" });
  const hash = await codeHash(context, id, code.replace(/\s/g, "").slice(0, 2 * CODE_DIGITS));
  return inTransaction(context, async (transaction) => {
    if ((await holdSession(context, transaction, session)) === undefined) {
      return refuse("session_invalid");
    }
    const tried = await transaction
      .updateTable("identity_contact_change")
      .set({ attempts: sql<number>`attempts + 1` })
      .where("id", "=", id)
      .where("user_id", "=", session.user)
      .where("field", "=", "phone")
      .where("attempts", "<", MOST_ATTEMPTS)
      .where("new_confirmed_at", "is", null)
      .where(isAfter("expires_at", context.clock()))
      .returning("new_hash")
      .executeTakeFirst();
    if (tried === undefined || !Buffer.from(tried.new_hash).equals(hash)) {
      return refuse("token_invalid", { field: "code" });
    }
    await transaction
      .updateTable("identity_contact_change")
      .set({ new_confirmed_at: timestampOf(context.clock()) })
      .where("id", "=", id)
      .execute();
    return changeIfConfirmed(context, transaction, id);
  });
};

const changeIfConfirmed = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  id: string,
): Promise<ConfirmContactAnswer> => {
  const change = await transaction
    .deleteFrom("identity_contact_change")
    .where("id", "=", id)
    .where("old_confirmed_at", "is not", null)
    .where("new_confirmed_at", "is not", null)
    .returning(["user_id as user", "field", "value", "value_index"])
    .executeTakeFirst();
  if (change === undefined) return { ok: true, changed: false };
  const { user, field } = change;
  const held = await holdUser(transaction, user);
  if (held?.status !== "active") return refuse("token_invalid", { field: "token" });
  const place = { subject: user, field: "identity_contact_change.value" };
  const value = await context.personalData.open(transaction, place, change.value);
  if (value === undefined) return refuse("token_invalid", { field: "token" });
  if (change.value_index !== null && !(await freeAddress(transaction, change.value_index))) {
    return refuse("token_invalid", { field: "token" });
  }
  const before = await openEmail(context, transaction, user);
  const sealed = await context.personalData.seal(
    transaction,
    { subject: user, field: `identity_user.${field}` },
    value,
  );
  await transaction
    .updateTable("identity_user")
    .set(field === "email" ? { email: sealed, email_index: change.value_index } : { phone: sealed })
    .where("id", "=", user)
    .execute();
  await voidMailTokens(transaction, user);
  await endSessionsOf(context, transaction, user, "contact_changed");
  await setSecurityHold(context, transaction, user, `${field}_changed`);
  // To the address that was the user's until now: whoever lost it to a thief reads it there.
  await enqueueNotice(context, transaction, {
    user,
    channel: "email",
    kind: "contact_changed",
    values: { field },
    to: before,
  });
  await context.audit.record(transaction, {
    actor: user,
    action: "contact.changed",
    subject: user,
    target: id,
    outcome: "done",
    details: { field, value },
  });
  return { ok: true, changed: true };
};

/** A pending registration of the address gives way: whoever has just confirmed it owns it. */
const freeAddress = async (
  transaction: IdentityTransaction,
  index: Uint8Array,
): Promise<boolean> => {
  if (await isTaken(transaction, index)) return false;
  const pending = await transaction
    .updateTable("identity_user")
    .set({ email_index: null })
    .where("email_index", "=", index)
    .where("status", "=", "pending")
    .returning("id")
    .executeTakeFirst();
  if (pending !== undefined) await voidMailTokens(transaction, pending.id);
  return true;
};

/** Links that went to an address are worth nothing once it is another's. */
const voidMailTokens = async (transaction: IdentityTransaction, user: string): Promise<void> => {
  await transaction.deleteFrom("identity_mail_token").where("user_id", "=", user).execute();
};

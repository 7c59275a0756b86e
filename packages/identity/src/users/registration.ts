import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import { enqueueNotice } from "../outbox/outbox.ts";
import { checkPassword, type PasswordRefusalCode } from "../passwords/password-rules.ts";
import { randomId } from "../random-id.ts";
import type { Refused } from "../refusal.ts";
import { timestampOf } from "../schema/time-column.ts";
import type { Client } from "../sign-in/client.ts";
import { displayName } from "./display-name.ts";
import { type EmailAddress, emailAddress } from "./email-address.ts";
import { evenly } from "./even-answer.ts";
import { emailIndex } from "./find-user.ts";
import { consume, ownerOf, sendable } from "./mail-token.ts";
import { languageTag, openEmail } from "./profile.ts";
import { chargeMail, type RequestByEmailAnswer } from "./request-by-email.ts";

export interface RegistrationRequest {
  readonly email: string;
  /** BCP 47: in which the host should write. */
  readonly language?: string | undefined;
  readonly client: Client;
}

/**
 * Begins a registration: the address gets a link. The answer is the same, and comes as late, whether somebody has the address or nobody; who
 * has an account already gets an e-mail that says so.
 *
 * No password yet: it is chosen by who has read the e-mail. One chosen here would be that of whoever typed the address, and the
 * account of whoever owns it.
 */
export const requestRegistration = (
  context: AccountContext,
  request: RegistrationRequest,
): Promise<RequestByEmailAnswer> =>
  evenly(context, async () => {
    const email = emailAddress(request.email);
    if (email === undefined) return refuse("email_malformed", { field: "email" });
    const mayMail = await chargeMail(context, email.key, request.client);
    if (mayMail !== true) return mayMail;
    const index = await emailIndex(context, request.email);
    await inTransaction(context, async (transaction) => {
      const user = await userToBe(context, transaction, email, index, request.language);
      if (user.status === "pending") {
        const lives = context.settings.registrationMs;
        const token = await sendable(context, transaction, user.id, "registration", lives);
        await enqueueNotice(context, transaction, {
          user: user.id,
          channel: "email",
          kind: "email_verification",
          values: { token },
        });
      } else {
        await enqueueNotice(context, transaction, {
          user: user.id,
          channel: "email",
          kind: "already_registered",
          values: {},
        });
      }
      await context.audit.record(transaction, {
        actor: "anonymous",
        action: "registration.requested",
        subject: user.id,
        outcome: "done",
        address: request.client.address,
      });
    });
    return { ok: true };
  });

/** The user of an address: who is there, or a new pending one. */
const userToBe = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  email: EmailAddress,
  index: Uint8Array,
  language: string | undefined,
) => {
  const known = () =>
    transaction
      .selectFrom("identity_user")
      .select(["id", "status"])
      .where("email_index", "=", index)
      .executeTakeFirst();
  const before = await known();
  if (before !== undefined) return before;
  const id = randomId("usr", context.randomBytes);
  await context.personalData.begin(transaction, id);
  const place = { subject: id, field: "identity_user.email" };
  const made = await transaction
    .insertInto("identity_user")
    .values({
      id,
      status: "pending",
      created_at: timestampOf(context.clock()),
      email: await context.personalData.seal(transaction, place, email.written),
      email_index: index,
      phone: null,
      display_name: null,
      language: languageTag(language),
      password_hash: null,
      password_set_at: null,
    })
    .onConflict((conflict) => conflict.column("email_index").doNothing())
    .returning(["id", "status"])
    .executeTakeFirst();
  if (made !== undefined) return made;
  // Somebody else was a moment sooner with the same address.
  await context.personalData.destroy(transaction, id);
  const sooner = await known();
  if (sooner === undefined) throw new Error("a user's address is taken and not found");
  return sooner;
};

export interface RegistrationCompletion {
  /** From the e-mail. */
  readonly token: string;
  readonly password: string;
  readonly displayName?: string | undefined;
  readonly client: Client;
}

export type RegistrationAnswer =
  | { readonly ok: true; readonly user: string }
  | Refused<"token_invalid" | "name_malformed" | "server_busy" | PasswordRefusalCode>;

/** Makes the account of whoever has the token from the e-mail, with the password that they choose now. */
export const completeRegistration = async (
  context: AccountContext,
  { token, password, displayName: name, client }: RegistrationCompletion,
): Promise<RegistrationAnswer> => {
  const user = await ownerOf(context, context.db, "registration", token);
  if (user === undefined) return refuse("token_invalid", { field: "token" });
  const shown = name === undefined ? null : displayName(name);
  if (shown === undefined) return refuse("name_malformed", { field: "displayName" });
  const words = [await openEmail(context, context.db, user), shown ?? ""];
  const taken = await checkPassword(context.settings.passwordRules, password, words);
  if (!taken.ok) return taken;
  if (context.passwords.overloaded) return refuse("server_busy");
  const hash = await context.passwords.hash(password);
  return inTransaction(context, async (transaction) => {
    if (!(await consume(context, transaction, "registration", token))) {
      return refuse("token_invalid", { field: "token" });
    }
    const place = { subject: user, field: "identity_user.display_name" };
    await transaction
      .updateTable("identity_user")
      .set({
        status: "active",
        password_hash: hash,
        password_set_at: timestampOf(context.clock()),
        display_name:
          shown === null ? null : await context.personalData.seal(transaction, place, shown),
      })
      .where("id", "=", user)
      .where("status", "=", "pending")
      .executeTakeFirstOrThrow();
    await context.audit.record(transaction, {
      actor: user,
      action: "registration.completed",
      subject: user,
      outcome: "done",
      address: client.address,
    });
    return { ok: true, user };
  });
};

import type { AccountContext } from "../account-context.ts";
import type { Contacts } from "../outbox/relay.ts";

const FIELDS = { email: "identity_user.email", sms: "identity_user.phone" } as const;

/**
 * Where notices to users of this package go: the e-mail address and the phone number that they have confirmed.
 *
 * @example
 * await relayOutbox(context, { notifier, commands, contacts: accountContacts(context) });
 */
export const accountContacts = ({
  personalData,
}: Pick<AccountContext, "personalData">): Contacts => ({
  async addressOf(db, user, channel) {
    const row = await db
      .selectFrom("identity_user")
      .select(["email", "phone"])
      .where("id", "=", user)
      .executeTakeFirst();
    const sealed = channel === "email" ? row?.email : row?.phone;
    if (sealed == null) return undefined;
    return personalData.open(db, { subject: user, field: FIELDS[channel] }, sealed);
  },
});

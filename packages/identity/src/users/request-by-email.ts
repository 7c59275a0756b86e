import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import type { Refused } from "../refusal.ts";
import { type Client, networkOf } from "../sign-in/client.ts";
import { charge, type ThrottleAnswer, throttleOf } from "../throttling/throttle.ts";
import { emailAddress } from "./email-address.ts";
import { evenly } from "./even-answer.ts";
import { emailIndex, type FoundUser, findByEmail } from "./find-user.ts";

export type RequestByEmailAnswer =
  | { readonly ok: true }
  | Refused<"email_malformed">
  | Exclude<ThrottleAnswer, { ok: true }>;

/** Does something for whoever has the address, if somebody has, and answers everybody the same. So many a network, so many an address. */
export const requestByEmail = (
  context: AccountContext,
  { email, client }: { readonly email: string; readonly client: Client },
  what: string,
  act: (transaction: IdentityTransaction, user: FoundUser) => Promise<void>,
): Promise<RequestByEmailAnswer> =>
  evenly(context, async () => {
    const address = emailAddress(email);
    if (address === undefined) return refuse("email_malformed", { field: "email" });
    const mayMail = await chargeMail(context, address.key, client);
    if (mayMail !== true) return mayMail;
    const user = await findByEmail(context, await emailIndex(context, email));
    await inTransaction(context, async (transaction) => {
      if (user !== undefined) await act(transaction, user);
      await context.audit.record(transaction, {
        actor: "anonymous",
        action: `${what}.requested`,
        subject: user?.id,
        outcome: "done",
        address: client.address,
      });
    });
    return { ok: true };
  });

/** True where an e-mail may be sent; otherwise what to answer. That an address has had too many isn't told: it would tell of somebody else. */
export const chargeMail = async (
  context: AccountContext,
  emailKey: string,
  client: Client,
): Promise<true | ThrottleAnswer> => {
  const { byNetwork, mailByAccount } = context.settings.throttles;
  const charged = await charge(context, await throttleOf(context, byNetwork, networkOf(client)));
  if (!charged.ok) return charged;
  const mails = await charge(context, await throttleOf(context, mailByAccount, emailKey));
  return mails.ok ? true : { ok: true };
};

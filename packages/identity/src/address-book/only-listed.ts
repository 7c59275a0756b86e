import { sql } from "kysely";
import type { IdentityDatabase, IdentityTransaction } from "../identity-database.ts";
import { inTransaction } from "../in-transaction.ts";
import type { Operation } from "../operation.ts";
import { enqueueNotice } from "../outbox/outbox.ts";
import type { Refused } from "../refusal.ts";
import { millisecondsOf, timestampOf } from "../schema/time-column.ts";
import { type ActingSession, consumeElevation } from "../step-up/step-up.ts";
import type { StepUpRefusalCode } from "../step-up/step-up-refusal.ts";
import { type AddressBookContext, coolingOf } from "./address-entry.ts";

/** What a user confirms before withdrawals may leave the book again. */
export const ADDRESS_BOOK_OPENING: Operation = { type: "address_book_opening" };

/** Whether a user withdraws to their book alone, now. */
export const isOnlyListed = async (
  { clock }: AddressBookContext,
  db: IdentityDatabase,
  user: string,
): Promise<boolean> => {
  const row = await db
    .selectFrom("identity_address_book_mode")
    .select(["only_listed", millisecondsOf("ends_at").as("endsAt")])
    .where("user_id", "=", user)
    .executeTakeFirst();
  if (row?.only_listed !== true) return false;
  return row.endsAt === null || row.endsAt > clock();
};

/** Binds a user's withdrawals to their book, at once and without a step-up. Also takes back an opening that hasn't cooled off. */
export const closeAddressBook = (context: AddressBookContext, user: string): Promise<void> =>
  inTransaction(context, async (transaction) => {
    const mode = { only_listed: true, ends_at: null };
    await transaction
      .insertInto("identity_address_book_mode")
      .values({ user_id: user, ...mode })
      .onConflict((conflict) => conflict.column("user_id").doUpdateSet(mode))
      .execute();
    await tell(context, transaction, user, "address_book.closed", {});
  });

/**
 * Lets a user's withdrawals go anywhere again, with a step-up of `ADDRESS_BOOK_OPENING`, after the same time that a new address cools
 * off: until then the book still binds. Answers when, in milliseconds since 1970; a second opening doesn't put it off.
 *
 * @example
 * const opening = await openAddressBook(context, { session, elevation });
 */
export const openAddressBook = (
  context: AddressBookContext,
  { session, elevation }: { readonly session: ActingSession; readonly elevation: string },
): Promise<{ readonly ok: true; readonly opensAt: number } | Refused<StepUpRefusalCode>> =>
  inTransaction(context, async (transaction) => {
    const { user } = session;
    const operation = ADDRESS_BOOK_OPENING;
    const used = await consumeElevation(context, transaction, { session, elevation, operation });
    if (!used.ok) return used;
    const now = context.clock();
    if (!(await isOnlyListed(context, transaction, user))) return { ok: true, opensAt: now };
    const begun = await transaction
      .updateTable("identity_address_book_mode")
      .set({
        ends_at: sql<Date>`coalesce(ends_at, ${timestampOf(now + coolingOf(context, user))})`,
      })
      .where("user_id", "=", user)
      .returning(millisecondsOf("ends_at").as("endsAt"))
      .executeTakeFirstOrThrow();
    const until = new Date(begun.endsAt).toISOString();
    await tell(context, transaction, user, "address_book.opening", { until });
    return { ok: true, opensAt: begun.endsAt };
  });

const tell = async (
  context: AddressBookContext,
  transaction: IdentityTransaction,
  user: string,
  action: "address_book.closed" | "address_book.opening",
  values: Readonly<Record<string, string>>,
): Promise<void> => {
  const kind = action.replace(".", "_");
  await enqueueNotice(context, transaction, { user, kind, values, channel: "email" });
  await context.audit.record(transaction, { actor: user, action, subject: user, outcome: "done" });
};

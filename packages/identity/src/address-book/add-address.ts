import { createHash } from "node:crypto";
import type { IdentityTransaction } from "../identity-database.ts";
import { inTransaction } from "../in-transaction.ts";
import { enqueueNotice } from "../outbox/outbox.ts";
import { randomId } from "../random-id.ts";
import type { Refused } from "../refusal.ts";
import { timestampOf } from "../schema/time-column.ts";
import { type ActingSession, consumeElevation } from "../step-up/step-up.ts";
import type { StepUpRefusalCode } from "../step-up/step-up-refusal.ts";
import {
  ADDRESS_ENTRY_FIELD,
  type AddressBookContext,
  type AddressEntry,
  addressAddition,
  coolingOf,
  indexOf,
  judgeEntry,
} from "./address-entry.ts";
import { type AddressRefusalCode, refuseAddress } from "./address-refusal.ts";

const MOST_ADDRESSES = 200;

const TOKEN_BYTES = 32;

const A_DAY = 86_400_000;

/**
 * Puts an address into the user's book, with a step-up of `addressAddition`. It waits for the link that is sent by e-mail: whoever
 * has the session and a factor alone can't add one.
 *
 * @example
 * const added = await addAddress(context, { session, elevation, entry });
 */
export const addAddress = async (
  context: AddressBookContext,
  {
    session,
    elevation,
    entry,
  }: {
    readonly session: ActingSession;
    readonly elevation: string;
    readonly entry: AddressEntry;
  },
): Promise<
  { readonly ok: true; readonly id: string } | Refused<AddressRefusalCode | StepUpRefusalCode>
> => {
  const judged = await judgeEntry(context, entry);
  if (!judged.ok) return judged;
  return inTransaction(context, async (transaction) => {
    const { user } = session;
    const index = await indexOf(context, user, judged.entry);
    const refusal = await refuseAnother(transaction, user, index);
    if (refusal !== undefined) return refusal;
    const operation = addressAddition(entry);
    const used = await consumeElevation(context, transaction, { session, elevation, operation });
    if (!used.ok) return used;
    return { ok: true, id: await insertEntry(context, transaction, user, judged.entry, index) };
  });
};

/** The user's row is locked first: of two addresses added at once, each sees the other. */
const refuseAnother = async (
  transaction: IdentityTransaction,
  user: string,
  index: Uint8Array,
): Promise<Refused<AddressRefusalCode> | undefined> => {
  await transaction
    .selectFrom("identity_user")
    .select("id")
    .where("id", "=", user)
    .forUpdate()
    .execute();
  const listed = await transaction
    .selectFrom("identity_withdrawal_address")
    .select("entry_index")
    .where("user_id", "=", user)
    .where("status", "<>", "removed")
    .execute();
  if (listed.some((row) => Buffer.from(index).equals(row.entry_index))) {
    return refuseAddress("address_already_listed", { field: "address" });
  }
  return listed.length >= MOST_ADDRESSES ? refuseAddress("addresses_too_many") : undefined;
};

const insertEntry = async (
  context: AddressBookContext,
  transaction: IdentityTransaction,
  user: string,
  entry: AddressEntry,
  index: Uint8Array,
): Promise<string> => {
  const { clock, randomBytes, personalData, audit } = context;
  const id = randomId("adr", randomBytes);
  const token = `pxa_${Buffer.from(randomBytes(TOKEN_BYTES)).toString("base64url")}`;
  const confirmUntil = clock() + A_DAY;
  const place = { subject: user, field: ADDRESS_ENTRY_FIELD };
  await transaction
    .insertInto("identity_withdrawal_address")
    .values({
      id,
      user_id: user,
      entry: await personalData.seal(transaction, place, JSON.stringify(entry)),
      entry_index: index,
      status: "pending_confirm",
      created_at: timestampOf(clock()),
      cooling_until: null,
      confirm_hash: hashOf(token),
      confirm_until: timestampOf(confirmUntil),
    })
    .execute();
  const { network, address, memo, label } = entry;
  await enqueueNotice(context, transaction, {
    user,
    kind: "address_confirmation",
    values: { token, network, address, memo, label },
    channel: "email",
    expiresAt: confirmUntil,
  });
  await audit.record(transaction, {
    actor: user,
    action: "address.added",
    subject: user,
    target: id,
    outcome: "done",
    details: { network, address, memo },
  });
  return id;
};

const hashOf = (token: string): Uint8Array => createHash("sha256").update(token).digest();

/**
 * Confirms an address by the token that was sent. From now it cools off; answers until when, in milliseconds since 1970. Refused with one
 * code for every token that doesn't do.
 *
 * @example
 * const confirmed = await confirmAddress(context, token);
 */
export const confirmAddress = (
  context: AddressBookContext,
  token: string,
): Promise<
  | { readonly ok: true; readonly id: string; readonly coolingUntil: number }
  | Refused<AddressRefusalCode>
> =>
  inTransaction(context, async (transaction) => {
    const now = context.clock();
    const pending = await transaction
      .selectFrom("identity_withdrawal_address")
      .select(["id", "user_id"])
      .where("confirm_hash", "=", hashOf(token))
      .where("status", "=", "pending_confirm")
      .where("confirm_until", ">", timestampOf(now))
      .forUpdate()
      .executeTakeFirst();
    if (pending === undefined) return refuseAddress("confirmation_unknown", { field: "token" });
    const { id, user_id: user } = pending;
    const coolingUntil = now + coolingOf(context, user);
    await transaction
      .updateTable("identity_withdrawal_address")
      .set({ status: "cooling", cooling_until: timestampOf(coolingUntil) })
      .where("id", "=", id)
      .execute();
    const values = { address: id, until: new Date(coolingUntil).toISOString() };
    const notice = { user, kind: "address_confirmed", values, channel: "email" } as const;
    await enqueueNotice(context, transaction, notice);
    await context.audit.record(transaction, {
      actor: user,
      action: "address.confirmed",
      subject: user,
      target: id,
      outcome: "done",
    });
    return { ok: true, id, coolingUntil };
  });

import type { IdentityTransaction } from "../identity-database.ts";
import { inTransaction } from "../in-transaction.ts";
import type { Refused } from "../refusal.ts";
import { millisecondsOf, timestampOf } from "../schema/time-column.ts";
import {
  type AddressBookContext,
  type AddressEntry,
  coolingOf,
  openEntry,
} from "./address-entry.ts";
import { type AddressRefusalCode, refuseAddress } from "./address-refusal.ts";

/** Which address of whose book, and who does it: the user, or somebody of the host's whose permission the host has checked. */
export interface AddressChange {
  readonly actor: string;
  readonly user: string;
  readonly id: string;
}

/** What a change of an address answers. */
export type AddressChanged = { readonly ok: true } | Refused<AddressRefusalCode>;

/** Stops sending to an address. Takes effect at once, without a step-up. */
export const suspendAddress = (
  context: AddressBookContext,
  change: AddressChange,
): Promise<AddressChanged> =>
  inTransaction(context, async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable("identity_withdrawal_address")
      .set({ status: "suspended" })
      .where("id", "=", change.id)
      .where("user_id", "=", change.user)
      .where("status", "=", "cooling")
      .executeTakeFirst();
    return told(context, transaction, change, "address.suspended", numUpdatedRows);
  });

/** Sends to a suspended address again, after it has cooled off once more. */
export const resumeAddress = (
  context: AddressBookContext,
  change: AddressChange,
): Promise<AddressChanged> =>
  inTransaction(context, async (transaction) => {
    const until = context.clock() + coolingOf(context, change.user);
    const { numUpdatedRows } = await transaction
      .updateTable("identity_withdrawal_address")
      .set({ status: "cooling", cooling_until: timestampOf(until) })
      .where("id", "=", change.id)
      .where("user_id", "=", change.user)
      .where("status", "=", "suspended")
      .executeTakeFirst();
    return told(context, transaction, change, "address.resumed", numUpdatedRows);
  });

/** Takes an address out of the book for good. To be added anew it is confirmed and cools off anew. */
export const removeAddress = (
  context: AddressBookContext,
  change: AddressChange,
): Promise<AddressChanged> =>
  inTransaction(context, async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable("identity_withdrawal_address")
      .set({ status: "removed" })
      .where("id", "=", change.id)
      .where("user_id", "=", change.user)
      .where("status", "<>", "removed")
      .executeTakeFirst();
    return told(context, transaction, change, "address.removed", numUpdatedRows);
  });

const told = async (
  { audit }: AddressBookContext,
  transaction: IdentityTransaction,
  { actor, user, id }: AddressChange,
  action: string,
  rows: bigint,
): Promise<AddressChanged> => {
  if (rows === 0n) return refuseAddress("address_unknown", { field: "id" });
  await audit.record(transaction, { actor, action, subject: user, target: id, outcome: "done" });
  return { ok: true };
};

/** An address as its owner sees it. */
export interface ListedAddress extends AddressEntry {
  readonly id: string;
  readonly status: "pending_confirm" | "cooling" | "active" | "suspended";
  /** Milliseconds since 1970; undefined until it is confirmed. */
  readonly coolingUntil: number | undefined;
}

/** The user's book, the newest first. */
export const listAddresses = async (
  context: AddressBookContext,
  user: string,
): Promise<readonly ListedAddress[]> => {
  const rows = await context.db
    .selectFrom("identity_withdrawal_address")
    .select(["id", "status", "entry", millisecondsOf("cooling_until").as("coolingUntil")])
    .where("user_id", "=", user)
    .where("status", "<>", "removed")
    .orderBy("created_at", "desc")
    .orderBy("id")
    .execute();
  const listed = await Promise.all(
    rows.map(async ({ id, status, entry, coolingUntil: until }) => {
      const opened = await openEntry(context, context.db, user, entry);
      const coolingUntil = until ?? undefined;
      return (
        opened && { ...opened, id, status: statusAt(status, until, context.clock()), coolingUntil }
      );
    }),
  );
  return listed.filter((address) => address !== undefined);
};

/** What a row's status is at a time: cooling ends by itself. */
export const statusAt = (
  status: "pending_confirm" | "cooling" | "suspended" | "removed",
  coolingUntil: number | null,
  now: number,
): ListedAddress["status"] => {
  if (status === "removed") throw new RangeError("expected an address that is in the book");
  return status === "cooling" && (coolingUntil ?? 0) <= now ? "active" : status;
};

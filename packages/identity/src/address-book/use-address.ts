import type { IdentityDatabase } from "../identity-database.ts";
import type { Refused } from "../refusal.ts";
import { millisecondsOf } from "../schema/time-column.ts";
import {
  type AddressBookContext,
  type AddressEntry,
  type Destination,
  indexOf,
  openEntry,
} from "./address-entry.ts";
import { type AddressRefusalCode, refuseAddress } from "./address-refusal.ts";
import { statusAt } from "./change-address.ts";
import { isOnlyListed } from "./only-listed.ts";

/** A withdrawal that is about to be asked for. */
export interface AddressUse extends Destination {
  readonly user: string;
  /** Who asks: a program with an API key withdraws to the book alone. */
  readonly by: "session" | "api_key";
}

/** Where it may go. Without an entry it is in nobody's book, and the user allows that. */
export interface AllowedAddress {
  readonly ok: true;
  readonly destination: Destination;
  readonly entry: AddressEntry | undefined;
}

/**
 * Says whether a user may withdraw to a destination now. The destination is checked again, however long it is in the book. To be asked in
 * the withdrawal's own transaction.
 *
 * @example
 * const allowed = await allowAddress(context, transaction, { user, network, address, memo: "", by: "session" });
 */
export const allowAddress = async (
  context: AddressBookContext,
  db: IdentityDatabase,
  { user, by, ...wanted }: AddressUse,
): Promise<AllowedAddress | Refused<AddressRefusalCode>> => {
  const checked = await context.addresses.check(wanted);
  if (!checked.ok) return refuseAddress(checked.code, { field: "address" });
  const { destination } = checked;
  const row = await db
    .selectFrom("identity_withdrawal_address")
    .select(["status", "entry", millisecondsOf("cooling_until").as("coolingUntil")])
    .where("user_id", "=", user)
    .where("entry_index", "=", await indexOf(context, user, destination))
    .where("status", "<>", "removed")
    .executeTakeFirst();
  if (row === undefined) {
    const bound = by === "api_key" || (await isOnlyListed(context, db, user));
    if (bound) return refuseAddress("address_not_listed", { field: "address" });
    return { ok: true, destination, entry: undefined };
  }
  const refusal = refuseStatus(row.status, row.coolingUntil, context.clock());
  if (refusal !== undefined) return refusal;
  return { ok: true, destination, entry: await openEntry(context, db, user, row.entry) };
};

/** An address that is in the book but isn't active yet is refused also to those who may send anywhere: they have doubts about it. */
const refuseStatus = (
  kept: Parameters<typeof statusAt>[0],
  coolingUntil: number | null,
  now: number,
): Refused<AddressRefusalCode> | undefined => {
  const status = statusAt(kept, coolingUntil, now);
  const field = "address";
  if (status === "pending_confirm") return refuseAddress("address_not_confirmed", { field });
  if (status === "suspended") return refuseAddress("address_suspended", { field });
  if (status === "active") return undefined;
  return refuseAddress("address_cooling", { field, retryAt: coolingUntil ?? now });
};

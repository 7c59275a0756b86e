import { z } from "zod";
import type { IdentityContext } from "../identity-context.ts";
import type { IdentityDatabase } from "../identity-database.ts";
import type { Operation } from "../operation.ts";
import type { Refused } from "../refusal.ts";
import { type AddressRefusalCode, refuseAddress } from "./address-refusal.ts";

/** Where money goes. */
export interface Destination {
  /** As the host names its networks. */
  readonly network: string;
  readonly address: string;
  /** Of networks that have one; empty otherwise. */
  readonly memo: string;
}

/** An address and whose it is, which the Travel Rule asks for. */
export interface AddressEntry extends Destination {
  /** What the user calls it. */
  readonly label: string;
  readonly beneficiary:
    | { readonly kind: "self" }
    | {
        readonly kind: "other";
        readonly name: string;
        /** The provider that holds it, if one does. */
        readonly provider?: string | undefined;
      };
}

/** The port to whoever knows addresses: asked when one is added and again whenever one is used. */
export interface AddressCheck {
  /** Answers the destination in the one form in which it is compared. */
  check(
    destination: Destination,
  ): Promise<
    | { readonly ok: true; readonly destination: Destination }
    | { readonly ok: false; readonly code: "address_malformed" | "address_blocked" }
  >;
}

/** What the use cases of the address book take besides the common ports. */
export interface AddressBookContext extends IdentityContext {
  readonly addresses: AddressCheck;
  /** Milliseconds for which a user's new address is not used: 72 hours unless told otherwise, by tier perhaps. */
  readonly coolingOff?: ((user: string) => number) | undefined;
}

const THREE_DAYS = 72 * 3_600_000;

export const coolingOf = ({ coolingOff }: AddressBookContext, user: string): number =>
  coolingOff?.(user) ?? THREE_DAYS;

/**
 * What a user confirms before an address gets into the book.
 *
 * @example
 * const operation = addressAddition({ network: "bitcoin", address: "bc1q…", memo: "", label: "cold", beneficiary: { kind: "self" } });
 */
export const addressAddition = ({
  network,
  address,
  memo,
  label,
  beneficiary,
}: AddressEntry): Operation => ({
  type: "address_addition",
  network,
  address,
  memo,
  label,
  beneficiary: beneficiary.kind,
  ...(beneficiary.kind === "self"
    ? {}
    : { name: beneficiary.name, provider: beneficiary.provider ?? "" }),
});

const label = z.string().regex(/^[^\p{C}]{1,60}$/u);
const beneficiary = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("self") }),
  z.strictObject({
    kind: z.literal("other"),
    name: z.string().regex(/^[^\p{C}]{1,200}$/u),
    provider: z.string().max(200).optional(),
  }),
]);
const entrySchema = z.object({
  network: z.string(),
  address: z.string(),
  memo: z.string(),
  label,
  beneficiary,
});

/** The entry with its address in the one form, or the rule that it breaks. */
export const judgeEntry = async (
  { addresses }: AddressBookContext,
  entry: AddressEntry,
): Promise<{ readonly ok: true; readonly entry: AddressEntry } | Refused<AddressRefusalCode>> => {
  if (!label.safeParse(entry.label).success) {
    return refuseAddress("label_malformed", { field: "label" });
  }
  if (!beneficiary.safeParse(entry.beneficiary).success) {
    return refuseAddress("beneficiary_malformed", { field: "beneficiary" });
  }
  const checked = await addresses.check(entry);
  if (!checked.ok) return refuseAddress(checked.code, { field: "address" });
  return { ok: true, entry: { ...entry, ...checked.destination } };
};

/** The entry stands here, sealed. */
export const ADDRESS_ENTRY_FIELD = "identity_withdrawal_address.entry";

export const openEntry = async (
  { personalData }: IdentityContext,
  db: IdentityDatabase,
  user: string,
  sealed: Uint8Array,
): Promise<AddressEntry | undefined> => {
  const text = await personalData.open(db, { subject: user, field: ADDRESS_ENTRY_FIELD }, sealed);
  return text === undefined ? undefined : entrySchema.parse(JSON.parse(text));
};

/** Finds the same destination of the same user; the same address of another user has another index. */
export const indexOf = (
  { personalData }: IdentityContext,
  user: string,
  { network, address, memo }: Destination,
): Promise<Uint8Array> =>
  personalData.index("withdrawal_address", JSON.stringify([user, network, address, memo]));

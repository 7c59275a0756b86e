import type { Refused } from "../refusal.ts";

/** A sentence that names the rule. */
export type AddressRefusalCode =
  | "address_malformed"
  | "address_blocked"
  | "label_malformed"
  | "beneficiary_malformed"
  | "address_already_listed"
  | "addresses_too_many"
  | "confirmation_unknown"
  | "address_unknown"
  | "address_not_listed"
  | "address_not_confirmed"
  | "address_cooling"
  | "address_suspended";

/** Why an address is refused: the rule that each code protects. */
export const ADDRESS_REFUSALS: Readonly<Record<AddressRefusalCode, string>> = {
  address_malformed: "An address is one of its network.",
  address_blocked: "Nothing is sent to an address that screening has blocked.",
  label_malformed: "A label has 1 to 60 characters, none of them a control character.",
  beneficiary_malformed: "Somebody else's address has their name, 1 to 200 characters.",
  address_already_listed: "An address is in the book once.",
  addresses_too_many: "A book has 200 addresses at most.",
  confirmation_unknown: "An address is confirmed by the link that was sent, once, within a day.",
  address_unknown: "The address is in the user's own book.",
  address_not_listed: "API keys, and users who have said so, withdraw to their book alone.",
  address_not_confirmed: "An address is used after it was confirmed by the link that was sent.",
  address_cooling: "A new address is used after its cooling-off time.",
  address_suspended: "Nothing is sent to an address that is suspended.",
};

export const refuseAddress = (
  code: AddressRefusalCode,
  more: { readonly field?: string; readonly retryAt?: number } = {},
): Refused<AddressRefusalCode> => ({ ok: false, code, rule: ADDRESS_REFUSALS[code], ...more });

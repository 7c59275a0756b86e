import type { Refused } from "../refusal.ts";

/** A sentence that names the rule. */
export type ApiKeyRefusalCode =
  | "label_malformed"
  | "permissions_malformed"
  | "network_malformed"
  | "network_too_wide"
  | "networks_too_many"
  | "networks_needed"
  | "public_key_private"
  | "public_key_malformed"
  | "public_key_kind"
  | "expiry_in_the_past"
  | "expiry_too_late"
  | "overlap_too_long"
  | "api_keys_too_many"
  | "api_key_unknown"
  | "api_key_replaced"
  | "api_key_kind_differs"
  | "known_key_malformed"
  | "known_key_taken";

/** Why an API key is refused: the rule that each code protects. */
export const API_KEY_REFUSALS: Readonly<Record<ApiKeyRefusalCode, string>> = {
  label_malformed: "A label has 1 to 60 characters, none of them a control character.",
  permissions_malformed: "Permissions are one or more of read, trade and withdraw, each once.",
  network_malformed: "A network is an address, or one with a prefix and nothing set behind it.",
  network_too_wide: "A network fixes 16 bits of IPv4 or 32 of IPv6 at least.",
  networks_too_many: "A key has 30 networks at most.",
  networks_needed: "A key that may withdraw has a list of networks.",
  public_key_private: "Only the public half of a key is given away.",
  public_key_malformed: "A public key is PEM of 4,096 characters at most.",
  public_key_kind: "A public key is of Ed25519, or of RSA with 2,048 to 8,192 bits.",
  expiry_in_the_past: "A key ends in the future.",
  expiry_too_late: "A key without a list of networks ends within 90 days.",
  overlap_too_long: "A key that was replaced lives on for 7 days at most.",
  api_keys_too_many: "A user has 30 living keys at most.",
  api_key_unknown: "The key is the user's own and alive.",
  api_key_replaced: "A key is replaced once.",
  api_key_kind_differs:
    "A key with a secret is replaced by a secret, a public key by a public key.",
  known_key_malformed: "A key that is known elsewhere has 16 to 128 visible ASCII characters.",
  known_key_taken: "A key that is known elsewhere was never here, not even one that was revoked.",
};

export const refuseApiKey = (
  code: ApiKeyRefusalCode,
  field?: string,
): Refused<ApiKeyRefusalCode> => ({
  ok: false,
  code,
  rule: API_KEY_REFUSALS[code],
  ...(field === undefined ? {} : { field }),
});

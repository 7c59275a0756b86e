export type KeyKind = "hmac" | "ed25519" | "rsa";
export type KeyPermission = "read" | "trade" | "withdraw";

/** An API key as the exchange lists it: never its secret. */
export interface ApiKeyEntry {
  readonly id: string;
  readonly label: string;
  readonly kind: KeyKind;
  readonly permissions: readonly KeyPermission[];
  readonly allowedAddresses: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
}

export const KIND_NAMES: Readonly<Record<KeyKind, string>> = {
  hmac: "HMAC",
  ed25519: "Ed25519",
  rsa: "RSA",
};

export type KeyPermission = "read" | "trade" | "withdraw";

/** An API key as the exchange lists it: never its secret. */
export interface ApiKeyEntry {
  readonly apiKey: string;
  readonly label: string;
  readonly kind: "hmac" | "ed25519" | "rsa";
  readonly permissions: readonly KeyPermission[];
  /** From where it may be used; from anywhere if there are none. */
  readonly networks: readonly string[];
  /** Milliseconds since 1970, as all times here. */
  readonly createdAt: number;
  readonly expiresAt?: number | null;
  readonly lastUsedAt?: number | null;
}

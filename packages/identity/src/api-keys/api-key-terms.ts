import type { Refused } from "../refusal.ts";
import { type ApiKeyRefusalCode, refuseApiKey } from "./api-key-refusal.ts";
import { isTooWide, networkText, parseNetwork } from "./network-list.ts";
import { type ReadPublicKey, readPublicKey } from "./signature.ts";

/** What a key may be used for: `withdraw` to addresses of the address book alone. */
export type ApiKeyPermission = "read" | "trade" | "withdraw";

const PERMISSIONS: readonly string[] = ["read", "trade", "withdraw"];

const DAY = 86_400_000;

/** A key that may be used from anywhere ends after this. */
const LONGEST_WITHOUT_NETWORKS = 90 * DAY;

const MOST_NETWORKS = 30;

/** What a user wants a key to be. */
export interface ApiKeyWish {
  /** What the user calls it. */
  readonly label: string;
  readonly permissions: readonly ApiKeyPermission[];
  /** PEM of an Ed25519 or RSA key. Without one, a secret for HMAC is made. */
  readonly publicKey?: string | undefined;
  /** From where it may be used: addresses, or networks like `192.0.2.0/24`. From anywhere if there are none. */
  readonly networks?: readonly string[] | undefined;
  /** Milliseconds since 1970. Without one: never, or after 90 days without networks. */
  readonly expiresAt?: number | undefined;
}

/** What a key will be. */
export interface ApiKeyTerms {
  readonly label: string;
  readonly permissions: string;
  readonly networks: string;
  readonly publicKey: ReadPublicKey | undefined;
  readonly expiresAt: number | undefined;
}

/** Judges a wish, each rule in a line; or says which one it breaks. */
export const judgeWish = (
  wish: ApiKeyWish,
  now: number,
): ApiKeyTerms | Refused<ApiKeyRefusalCode> => {
  const { label, permissions, networks = [] } = wish;
  if (!isLabel(label)) return refuseApiKey("label_malformed", "label");
  if (!arePermissions(permissions)) return refuseApiKey("permissions_malformed", "permissions");
  if (networks.length > MOST_NETWORKS) return refuseApiKey("networks_too_many", "networks");
  const ranges = networks.map(parseNetwork);
  const known = ranges.filter((range) => range !== undefined);
  if (known.length < ranges.length) return refuseApiKey("network_malformed", "networks");
  if (known.some(isTooWide)) return refuseApiKey("network_too_wide", "networks");
  if (permissions.includes("withdraw") && known.length === 0) {
    return refuseApiKey("networks_needed", "networks");
  }
  const publicKey = wish.publicKey === undefined ? undefined : readPublicKey(wish.publicKey);
  if (typeof publicKey === "string") return refuseApiKey(publicKey, "publicKey");
  const latest = known.length === 0 ? now + LONGEST_WITHOUT_NETWORKS : undefined;
  const expiresAt = wish.expiresAt ?? latest;
  const expiry = refuseExpiry(expiresAt, now, latest);
  if (expiry !== undefined) return expiry;
  return {
    label,
    permissions: PERMISSIONS.filter((one) => permissions.includes(one as never)).join(","),
    networks: [...new Set(known.map(networkText))].join(","),
    publicKey,
    expiresAt,
  };
};

const isLabel = (label: string): boolean => /^[^\p{C}]{1,60}$/u.test(label) && label.trim() !== "";

const arePermissions = (permissions: readonly string[]): boolean =>
  permissions.length > 0 &&
  new Set(permissions).size === permissions.length &&
  permissions.every((permission) => PERMISSIONS.includes(permission));

const refuseExpiry = (
  expiresAt: number | undefined,
  now: number,
  latest: number | undefined,
): Refused<ApiKeyRefusalCode> | undefined => {
  if (expiresAt === undefined) return undefined;
  if (!(Number.isSafeInteger(expiresAt) && expiresAt > now)) {
    return refuseApiKey("expiry_in_the_past", "expiresAt");
  }
  if (latest !== undefined && expiresAt > latest)
    return refuseApiKey("expiry_too_late", "expiresAt");
  return undefined;
};

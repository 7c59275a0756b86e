import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";

/**
 * Exactly what is to be done, as texts: amounts in smallest units, never as numbers that another program may write otherwise.
 *
 * @example
 * const operation = { type: "withdrawal", asset: "BTC", network: "bitcoin", units: "150000", address: "bc1q…", memo: "" };
 */
export type Operation = Readonly<Record<string, string>> & { readonly type: string };

/**
 * SHA-256 of an operation's canonical JSON. What somebody has agreed to is kept by it: one character of an operation changed, and
 * it is another.
 */
export const operationDigest = (operation: Operation): Uint8Array =>
  createHash("sha256").update(canonicalJson(operation), "utf8").digest();

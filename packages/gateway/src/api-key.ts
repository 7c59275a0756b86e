import { createPublicKey, type KeyObject, timingSafeEqual, verify } from "node:crypto";
import type { Permission } from "./authenticator.ts";
import { type HmacSha256, hmacSha256 } from "./hmac-sha256.ts";

/** Whose key it is and what it may be used for. */
interface KeyOwner {
  readonly apiKey: string;
  /** The venue's account number. */
  readonly account: number;
  readonly name: string;
  /** Both unless told otherwise. */
  readonly permissions?: readonly Permission[];
}

/** A key with a shared secret: signatures are HMAC-SHA256, in hexadecimal of either case. */
export interface HmacKey extends KeyOwner {
  readonly secret: string;
}

/**
 * A key of which the venue knows the public half alone: what is stolen from the venue signs nothing. Signatures are in base64 with
 * padding: Ed25519, or RSA by PKCS #1 v1.5 with SHA-256.
 */
export interface PublicApiKey extends KeyOwner {
  /** PEM of an Ed25519 key, or of an RSA key of 2,048 to 8,192 bits. */
  readonly publicKey: string;
}

export type ApiKey = HmacKey | PublicApiKey;

/** Whether a signature over a payload is genuine. */
export type Verifier = (payload: string, signature: string) => boolean;

/** What checks the signatures of a key. Throws a `RangeError` for a public key of another kind or size. */
export const verifierOf = (key: ApiKey): Verifier => {
  if ("secret" in key) {
    const hmac = hmacSha256(key.secret);
    return (payload, signature) => isHmacOf(payload, hmac, signature);
  }
  const publicKey = readPublicKey(key);
  return (payload, signature) => isSignatureBy(publicKey, payload, signature);
};

/** Takes as long for a key that nobody has as for one with a secret. */
export const isNobodys: Verifier = (payload, signature) =>
  isHmacOf(payload, hmacOfNobody, signature);

const hmacOfNobody = hmacSha256("nobody's secret");

const HEX_OF_SHA256 = /^[0-9a-f]{64}$/i;

const isHmacOf = (payload: string, hmac: HmacSha256, signature: string): boolean => {
  const isWellFormed = HEX_OF_SHA256.test(signature);
  expected.write(hmac(payload), "latin1");
  given.write(isWellFormed ? signature.toLowerCase() : NO_HEX, "latin1");
  return timingSafeEqual(expected, given) && isWellFormed;
};

/** In which the two are compared. */
const expected = Buffer.alloc(64);
const given = Buffer.alloc(64);
const NO_HEX = "-".repeat(64);

const LEAST_RSA_BITS = 2_048;
/** A longer key would make each request cost the venue more than it is worth. */
const MOST_RSA_BITS = 8_192;

const readPublicKey = ({
  apiKey,
  publicKey,
}: Pick<PublicApiKey, "apiKey" | "publicKey">): KeyObject => {
  const key = parsePublicKey(apiKey, publicKey);
  if (key.asymmetricKeyType === "ed25519") return key;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  const fits = bits >= LEAST_RSA_BITS && bits <= MOST_RSA_BITS;
  if (key.asymmetricKeyType === "rsa" && fits) return key;
  const found = key.asymmetricKeyType === "rsa" ? `RSA of ${bits} bits` : key.asymmetricKeyType;
  throw new RangeError(
    `expected ${apiKey} to be an Ed25519 key or an RSA key of ${LEAST_RSA_BITS} to ${MOST_RSA_BITS} bits, was ${found}`,
  );
};

/** The public half alone: a private key that was given by mistake is refused, not used. */
const parsePublicKey = (apiKey: string, pem: string): KeyObject => {
  const expected = `expected ${apiKey} to have a public key in PEM`;
  if (pem.includes("PRIVATE KEY")) throw new RangeError(`${expected}, was a private one`);
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new RangeError(expected, { cause });
  }
};

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const isSignatureBy = (key: KeyObject, payload: string, signature: string): boolean => {
  if (!BASE64.test(signature)) return false;
  const digest = key.asymmetricKeyType === "ed25519" ? null : "sha256";
  return verify(digest, Buffer.from(payload, "utf8"), key, Buffer.from(signature, "base64"));
};

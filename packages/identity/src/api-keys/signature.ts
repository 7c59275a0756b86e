import {
  createHmac,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  timingSafeEqual,
  verify,
} from "node:crypto";

/** Whether a signature is of a payload, by one key. */
export type SignatureCheck = (payload: string, signature: string) => boolean;

const HEX_OF_SHA256 = /^[0-9a-f]{64}$/i;

/** In the place of what is none, so that all answers take as long. */
const NO_SIGNATURE = "-".repeat(64);

/** Both signatures as text, where they are compared: new memory for each request would take a third of the time. */
const expectedBytes = Buffer.alloc(64);
const givenBytes = Buffer.alloc(64);

/** Signatures are HMAC-SHA256 in hexadecimal of either case. Takes the same time whichever digit is wrong. */
export const hmacCheck = (secret: string): SignatureCheck => {
  const key = createSecretKey(secret, "utf8");
  return (payload, signature) => {
    const expected = createHmac("sha256", key).update(payload, "utf8").digest("hex");
    const wellFormed = HEX_OF_SHA256.test(signature);
    expectedBytes.write(expected, "latin1");
    givenBytes.write(wellFormed ? signature.toLowerCase() : NO_SIGNATURE, "latin1");
    return timingSafeEqual(expectedBytes, givenBytes) && wellFormed;
  };
};

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The longest signature that a key gives, of RSA with 8,192 bits. */
const LONGEST_SIGNATURE = 1_368;

/** Signatures are in base64 with padding: Ed25519, or RSA by PKCS #1 v1.5 with SHA-256. */
export const publicKeyCheck = (publicKey: string): SignatureCheck => {
  const key = createPublicKey(publicKey);
  const digest = key.asymmetricKeyType === "ed25519" ? null : "sha256";
  return (payload, signature) => {
    if (signature.length > LONGEST_SIGNATURE || !BASE64.test(signature)) return false;
    return verify(digest, Buffer.from(payload, "utf8"), key, Buffer.from(signature, "base64"));
  };
};

/** What a public key is, once it was read. */
export interface ReadPublicKey {
  readonly kind: "ed25519" | "rsa";
  /** PEM of the public half (SPKI), the same for every way to write it. */
  readonly pem: string;
}

const LEAST_RSA_BITS = 2_048;
/** A longer key would make each request cost more than it is worth. */
const MOST_RSA_BITS = 8_192;
const LONGEST_PEM = 4_096;

/** Reads a public key in PEM. Of a private one only that it is one: it is refused, not used. */
export const readPublicKey = (
  text: string,
): ReadPublicKey | "public_key_private" | "public_key_malformed" | "public_key_kind" => {
  if (text.includes("PRIVATE KEY")) return "public_key_private";
  if (text.length > LONGEST_PEM) return "public_key_malformed";
  const key = parse(text);
  if (key === undefined) return "public_key_malformed";
  const pem = key.export({ type: "spki", format: "pem" }).toString();
  if (key.asymmetricKeyType === "ed25519") return { kind: "ed25519", pem };
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  const fits = bits >= LEAST_RSA_BITS && bits <= MOST_RSA_BITS;
  return key.asymmetricKeyType === "rsa" && fits ? { kind: "rsa", pem } : "public_key_kind";
};

const parse = (text: string): KeyObject | undefined => {
  try {
    return createPublicKey(text);
  } catch {
    return undefined;
  }
};

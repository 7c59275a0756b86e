import { createHmac, hash } from "node:crypto";

/** HMAC-SHA256 of a text in UTF-8, by one key, in hexadecimal of lower case. */
export type HmacSha256 = (text: string) => string;

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
/** In which the key's block stands before what is hashed. */
const SCRATCH_BYTES = 4_096;
/** A character of a string takes three bytes of UTF-8 at most. */
const LONGEST_TEXT = Math.floor((SCRATCH_BYTES - BLOCK_BYTES) / 3);

/**
 * HMAC as RFC 2104 has it: H(key ^ opad, H(key ^ ipad, text)).
 *
 * `createHmac` makes an object of OpenSSL's for every signature, which costs more than hashing an order. Two one-shot hashes over the
 * key's blocks, which are worked out once, give the same in less than half the time; as text, since a `Buffer` for each costs more than
 * writing and reading 64 characters.
 */
export const hmacSha256 = (secret: string): HmacSha256 => {
  const key = Buffer.alloc(BLOCK_BYTES);
  const bytes = Buffer.from(secret, "utf8");
  (bytes.length > BLOCK_BYTES ? hash("sha256", bytes, "buffer") : bytes).copy(key);
  const inner = key.map((byte) => byte ^ INNER_PAD);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);
  outer.set(key.map((byte) => byte ^ OUTER_PAD));
  return (text) => {
    if (text.length > LONGEST_TEXT) return createHmac("sha256", secret).update(text).digest("hex");
    scratch.set(inner);
    const length = BLOCK_BYTES + scratch.write(text, BLOCK_BYTES, "utf8");
    outer.write(hash("sha256", scratch.subarray(0, length)), BLOCK_BYTES, "hex");
    return hash("sha256", outer);
  };
};

const scratch = Buffer.alloc(SCRATCH_BYTES);

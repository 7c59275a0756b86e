import { createCipheriv, createDecipheriv } from "node:crypto";

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The length of an AES-256 key. */
export const KEY_BYTES = 32;

/**
 * Seals bytes by AES-256-GCM: nonce, ciphertext, tag. What is `bound` is authenticated but not kept, so it must be said again to open.
 * A nonce is never used twice under a key: twelve random bytes, for fewer than 2^32 values under one key.
 */
export const sealBytes = (
  key: Uint8Array,
  nonce: Uint8Array,
  bound: Uint8Array,
  plain: Uint8Array,
): Uint8Array => {
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bound);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
};

/** Opens what `sealBytes` sealed. Throws if a bit of it, the key or what is bound is another. */
export const openBytes = (key: Uint8Array, bound: Uint8Array, sealed: Uint8Array): Uint8Array => {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new Error("the sealed value is cut short");
  const tagAt = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(bound);
  decipher.setAuthTag(sealed.subarray(tagAt));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, tagAt)), decipher.final()]);
};

/** The nonce of one sealing. */
export const freshNonce = (randomBytes: (length: number) => Uint8Array): Uint8Array =>
  randomBytes(NONCE_BYTES);

/** Texts as bytes that no other texts give: each with its length before it. */
export const boundBytes = (...texts: readonly string[]): Uint8Array =>
  Buffer.concat(
    texts.flatMap((text) => {
      const bytes = Buffer.from(text, "utf8");
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );

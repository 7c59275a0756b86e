import { createHash } from "node:crypto";

/**
 * What a token is for. The prefix stands in front of it so that secret scanners find leaked ones, and so that a token of one
 * kind is never taken for another.
 */
export const TOKEN_PREFIXES = {
  session: "pxs_",
  refresh: "pxr_",
  challenge: "pxc_",
  device: "pxd_",
  registration: "pxv_",
  passwordReset: "pxp_",
  contactChange: "pxm_",
  thaw: "pxt_",
} as const;

export type TokenKind = keyof typeof TOKEN_PREFIXES;

/** A secret for its holder, and the hash that is kept of it. */
export interface MintedToken {
  /** Shown once. */
  readonly token: string;
  /** SHA-256 of the token. With 256 random bits nothing slower is needed: there is nothing to guess. */
  readonly hash: Uint8Array;
}

const TOKEN_BYTES = 32;

/** 32 bytes in base64url. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/**
 * A new token: a prefix and 256 random bits in base64url, 47 characters.
 *
 * @example
 * mintToken("session", randomBytes); // { token: "pxs_Zm9v…", hash }
 */
export const mintToken = (
  kind: TokenKind,
  randomBytes: (length: number) => Uint8Array,
): MintedToken => {
  const secret = Buffer.from(randomBytes(TOKEN_BYTES)).toString("base64url");
  const token = `${TOKEN_PREFIXES[kind]}${secret}`;
  return { token, hash: sha256(token) };
};

/** The hash by which a token is found; undefined for anything that can't be one. Never throws, whatever was sent. */
export const tokenHash = (kind: TokenKind, token: unknown): Uint8Array | undefined => {
  if (typeof token !== "string") return undefined;
  const prefix = TOKEN_PREFIXES[kind];
  if (!token.startsWith(prefix) || !SECRET.test(token.slice(prefix.length))) return undefined;
  return sha256(token);
};

/** A plain `Uint8Array`, so that drivers don't have to tell a `Buffer` from one. */
export const sha256 = (text: string): Uint8Array =>
  new Uint8Array(createHash("sha256").update(text).digest());

import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import type { AccountContext } from "../account-context.ts";
import type { IdentityTransaction } from "../identity-context.ts";
import { timestampOf } from "../schema/time-column.ts";
import { mintToken } from "../tokens/secret-token.ts";
import type { Session, SessionTokens } from "./session.ts";

/** New tokens and the hashes by which they will be found. */
export interface MintedTokens {
  readonly tokens: SessionTokens;
  readonly tokenHash: Uint8Array;
  readonly idleExpiresAt: number;
  readonly refresh?: { readonly hash: Uint8Array; readonly expiresAt: number };
}

export const mintSessionTokens = (
  { clock, randomBytes, settings }: AccountContext,
  kind: Session["kind"],
  sessionExpiresAt: number,
): MintedTokens => {
  const { token, hash: tokenHash } = mintToken("session", randomBytes);
  const { browserIdleMs, appTokenMs, appIdleMs } = settings.sessions;
  const lives = kind === "browser" ? browserIdleMs : appTokenMs;
  const idleExpiresAt = Math.min(clock() + lives, sessionExpiresAt);
  if (kind === "browser") {
    return { tokens: { token, expiresAt: idleExpiresAt }, tokenHash, idleExpiresAt };
  }
  const { token: refreshToken, hash } = mintToken("refresh", randomBytes);
  const expiresAt = Math.min(clock() + appIdleMs, sessionExpiresAt);
  return {
    tokens: { token, expiresAt: idleExpiresAt, refreshToken },
    tokenHash,
    idleExpiresAt,
    refresh: { hash, expiresAt },
  };
};

/** Keeps a refresh token as the one of its session that waits to be used. */
export const keepRefreshToken = async (
  transaction: IdentityTransaction,
  session: string,
  refresh: MintedTokens["refresh"],
): Promise<void> => {
  if (refresh === undefined) return;
  await transaction
    .insertInto("identity_refresh_token")
    .values({
      hash: refresh.hash,
      session_id: session,
      expires_at: timestampOf(refresh.expiresAt),
      used_at: null,
      successor: null,
    })
    .execute();
};

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The key is made of the token that was exchanged, which isn't kept: what stands in the database opens for nobody but
 * the one who sends that token again.
 */
const successorKey = (refreshToken: string): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", refreshToken, "", "pincex/identity refresh successor", 32));

export const sealSuccessor = (
  { randomBytes }: AccountContext,
  refreshToken: string,
  tokens: SessionTokens,
): Uint8Array => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", successorKey(refreshToken), nonce);
  const sealed = [nonce, cipher.update(JSON.stringify(tokens)), cipher.final()];
  return new Uint8Array(Buffer.concat([...sealed, cipher.getAuthTag()]));
};

export const openSuccessor = (refreshToken: string, sealed: Uint8Array): SessionTokens => {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", successorKey(refreshToken), nonce);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const text = [decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
  return JSON.parse(Buffer.concat(text).toString("utf8")) as SessionTokens;
};

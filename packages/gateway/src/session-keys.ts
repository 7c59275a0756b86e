import { randomBytes } from "node:crypto";
import { isNobodys, type Verifier, verifierOf } from "./api-key.ts";
import type { Authentication, Authenticator, Credentials, Principal } from "./authenticator.ts";

/** A key that a browser made for as long as somebody is signed in there. */
export interface SessionKeyRequest {
  /** The host's name of the session: `end` takes it. */
  readonly session: string;
  readonly principal: Principal;
  /** PEM of an Ed25519 key, or of an RSA key of 2,048 to 8,192 bits. Its private half never leaves the browser. */
  readonly publicKey: string;
  /** When the key ends, in milliseconds since 1970; the session's own end, or sooner. */
  readonly until: number;
}

export type SessionKeyRefusal =
  | "public_key_unusable"
  | "session_key_already_ended"
  | "session_keys_too_many";

export type OpenedSessionKey =
  | { readonly ok: true; readonly apiKey: string; readonly until: number }
  | {
      readonly ok: false;
      readonly code: SessionKeyRefusal;
      readonly field: string;
      readonly rule: string;
    };

export interface SessionKeysOptions {
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** How many keys there are at a time, of all sessions; 100,000 unless told otherwise. */
  readonly most?: number;
}

/** More tabs than anybody has open. The oldest key ends when another one begins. */
const MOST_OF_A_SESSION = 16;

interface SessionKey {
  readonly session: string;
  readonly principal: Principal;
  readonly until: number;
  readonly isSigned: Verifier;
}

/**
 * API keys for people who are signed in: with whatever sign-on a host has, it opens one for the public key that their browser made,
 * and their requests are signed like those of any client. Nothing that is sent can be used by who reads it.
 *
 * Keys are in this process's memory alone. Where several processes serve one venue, open them for some minutes and again while
 * the session lasts, so that a session that ended elsewhere ends here.
 *
 * @example
 * const keys = new SessionKeys();
 * const gateway = createGateway({ venue, views, marketData, authenticator: keys, clock: Date.now });
 * // In a handler of the host's own, once it knows who is asking:
 * const opened = keys.open({ session: "s-1", principal, publicKey, until: Date.now() + 300_000 });
 * // When they sign out:
 * keys.end("s-1");
 */
export class SessionKeys implements Authenticator {
  readonly #clock: () => number;
  readonly #most: number;
  readonly #keys = new Map<string, SessionKey>();
  /** The keys of each session, the oldest first. */
  readonly #ofSession = new Map<string, readonly string[]>();

  constructor({ clock = Date.now, most = 100_000 }: SessionKeysOptions = {}) {
    this.#clock = clock;
    this.#most = most;
  }

  open({ session, principal, publicKey, until }: SessionKeyRequest): OpenedSessionKey {
    if (until <= this.#clock()) {
      return refused("session_key_already_ended", "until", "A key ends later than it begins.");
    }
    const apiKey = `session_${randomBytes(16).toString("hex")}`;
    const isSigned = verifierOfBrowser(apiKey, publicKey);
    if (isSigned === undefined) {
      const rule = "PEM of a public key: Ed25519, or RSA of 2,048 to 8,192 bits.";
      return refused("public_key_unusable", "publicKey", rule);
    }
    const older = this.#ofSession.get(session) ?? [];
    if (older.length >= MOST_OF_A_SESSION) this.#forget(older[0] ?? "");
    else if (this.#isFull()) {
      return refused("session_keys_too_many", "", "There is room for another key.");
    }
    this.#keys.set(apiKey, { session, principal, until, isSigned });
    this.#ofSession.set(session, [...(this.#ofSession.get(session) ?? []), apiKey]);
    return { ok: true, apiKey, until };
  }

  /** The sessions that have keys, so that a host can end those of sessions that are over. */
  get sessions(): readonly string[] {
    return [...this.#ofSession.keys()];
  }

  /** Ends all keys of a session at once. One that has none is no error. */
  end(session: string): void {
    for (const apiKey of this.#ofSession.get(session) ?? []) this.#keys.delete(apiKey);
    this.#ofSession.delete(session);
  }

  async authenticate({ apiKey, payload, signature }: Credentials): Promise<Authentication> {
    const key = this.#keys.get(apiKey);
    const known = key !== undefined && key.until > this.#clock() ? key : undefined;
    const genuine = (known?.isSigned ?? isNobodys)(payload, signature);
    if (known === undefined) return { ok: false, code: "api_key_unknown" };
    return genuine
      ? { ok: true, principal: known.principal }
      : { ok: false, code: "signature_invalid" };
  }

  /** A connection lasts as long as its session has a key, be it a newer one than the connection began with. */
  async isLive(apiKey: string): Promise<boolean> {
    const key = this.#keys.get(apiKey);
    return key !== undefined && this.#hasKey(key.session);
  }

  #hasKey(session: string): boolean {
    const now = this.#clock();
    const keys = this.#ofSession.get(session) ?? [];
    return keys.some((apiKey) => (this.#keys.get(apiKey)?.until ?? 0) > now);
  }

  /** Looks at all sessions, so only where there may be no room. */
  #isFull(): boolean {
    if (this.#keys.size < this.#most) return false;
    for (const session of this.sessions) if (!this.#hasKey(session)) this.end(session);
    return this.#keys.size >= this.#most;
  }

  #forget(apiKey: string): void {
    const key = this.#keys.get(apiKey);
    if (key === undefined) return;
    this.#keys.delete(apiKey);
    const others = (this.#ofSession.get(key.session) ?? []).filter((other) => other !== apiKey);
    if (others.length > 0) this.#ofSession.set(key.session, others);
    else this.#ofSession.delete(key.session);
  }
}

/** A browser's mistake is an answer; only a host's would be an error. */
const verifierOfBrowser = (apiKey: string, publicKey: string): Verifier | undefined => {
  try {
    return verifierOf({ apiKey, publicKey, account: 0, name: "" });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};

const refused = (code: SessionKeyRefusal, field: string, rule: string): OpenedSessionKey => ({
  ok: false,
  code,
  field,
  rule,
});

import { createHmac, timingSafeEqual } from "node:crypto";

/** What a key may be used for: `read` sees an account, `trade` places and cancels orders for it. */
export type Permission = "read" | "trade";

/** Who is asking, once that is proved. */
export interface Principal {
  /** The venue's account number. */
  readonly account: number;
  readonly name: string;
  readonly permissions: readonly Permission[];
}

/** A claim to be somebody: which key, what was signed, and the signature. */
export interface Credentials {
  readonly apiKey: string;
  /** Exactly the characters that the client signed. */
  readonly payload: string;
  readonly signature: string;
}

export type Authentication =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly code: "api_key_unknown" | "signature_invalid" };

/**
 * The gateway's port to whoever knows the keys. Timestamps and their window are the gateway's business; the port only
 * says whose key it is and whether the signature is right.
 */
export interface Authenticator {
  authenticate(credentials: Credentials): Promise<Authentication>;
}

/** A key with a shared secret. */
export interface HmacKey {
  readonly apiKey: string;
  readonly secret: string;
  /** The venue's account number. */
  readonly account: number;
  readonly name: string;
  /** Both unless told otherwise. */
  readonly permissions?: readonly Permission[];
}

/**
 * An authenticator over a fixed list of keys: HMAC-SHA256 of the payload, in hexadecimal of either case.
 *
 * It takes the same time whichever character of a signature is wrong, and for an unknown key as for a known one.
 *
 * @example
 * const authenticator = hmacAuthenticator([{ apiKey: "k", secret: "s", account: 1, name: "alice" }]);
 */
export const hmacAuthenticator = (keys: readonly HmacKey[]): Authenticator => {
  const byApiKey = new Map(keys.map((key) => [key.apiKey, key]));
  if (byApiKey.size !== keys.length) throw new RangeError("expected every API key once");
  return {
    async authenticate({ apiKey, payload, signature }) {
      const key = byApiKey.get(apiKey);
      const genuine = isHmacOf(payload, key?.secret ?? "nobody's secret", signature);
      if (key === undefined) return { ok: false, code: "api_key_unknown" };
      if (!genuine) return { ok: false, code: "signature_invalid" };
      const { account, name, permissions = ["read", "trade"] } = key;
      return { ok: true, principal: { account, name, permissions } };
    },
  };
};

const HEX_OF_SHA256 = /^[0-9a-f]{64}$/i;

const isHmacOf = (payload: string, secret: string, signature: string): boolean => {
  const expected = createHmac("sha256", secret).update(payload, "utf8").digest();
  const wellFormed = HEX_OF_SHA256.test(signature);
  const given = wellFormed ? Buffer.from(signature, "hex") : Buffer.alloc(expected.length);
  return timingSafeEqual(expected, given) && wellFormed;
};

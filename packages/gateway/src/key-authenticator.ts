import { type ApiKey, isNobodys, verifierOf } from "./api-key.ts";
import type { Authenticator } from "./authenticator.ts";

/**
 * An authenticator over a fixed list of keys.
 *
 * It takes the same time whichever character of an HMAC is wrong, and for an unknown key as for one with a secret. Public keys are
 * verified at once and not in the background: requests of one connection keep their order.
 *
 * Throws a `RangeError` if two keys share a name, or for a public key of another kind or size.
 *
 * @example
 * const authenticator = keyAuthenticator([{ apiKey: "k", secret: "s", account: 1, name: "alice" }]);
 */
export const keyAuthenticator = (keys: readonly ApiKey[]): Authenticator => {
  const byApiKey = new Map(keys.map((key) => [key.apiKey, { key, isSigned: verifierOf(key) }]));
  if (byApiKey.size !== keys.length) throw new RangeError("expected every API key once");
  return {
    async authenticate({ apiKey, payload, signature }) {
      const known = byApiKey.get(apiKey);
      const genuine = (known?.isSigned ?? isNobodys)(payload, signature);
      if (known === undefined) return { ok: false, code: "api_key_unknown" };
      if (!genuine) return { ok: false, code: "signature_invalid" };
      const { account, name, permissions = ["read", "trade"] } = known.key;
      return { ok: true, principal: { account, name, permissions } };
    },
    isLive: async (apiKey) => byApiKey.has(apiKey),
  };
};

/**
 * Asks one after the other until one knows the key. Whoever knows it has the last word: a wrong signature is not tried elsewhere.
 *
 * @example
 * const authenticator = firstAuthenticator(keyAuthenticator(bots), sessionKeys);
 */
export const firstAuthenticator = (...authenticators: Authenticator[]): Authenticator => ({
  async authenticate(credentials) {
    for (const authenticator of authenticators) {
      const answer = await authenticator.authenticate(credentials);
      if (answer.ok || answer.code !== "api_key_unknown") return answer;
    }
    return { ok: false, code: "api_key_unknown" };
  },
  async isLive(apiKey) {
    for (const authenticator of authenticators) {
      // Whoever can't say so has keys that never end: only whether it knows this one is unknown.
      if (authenticator.isLive === undefined || (await authenticator.isLive(apiKey))) return true;
    }
    return false;
  },
});

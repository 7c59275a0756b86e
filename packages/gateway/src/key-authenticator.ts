import { type ApiKey, isNobodys, verifierOf } from "./api-key.ts";
import type { Authenticator, Principal } from "./authenticator.ts";

export interface KeyAuthenticatorOptions {
  /** Whether an API key alone is enough for a listen key of the Binance dialect, see `Authenticator.ownerOf`; no unless told. */
  readonly listenKeys?: boolean;
}

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
export const keyAuthenticator = (
  keys: readonly ApiKey[],
  { listenKeys = false }: KeyAuthenticatorOptions = {},
): Authenticator => {
  const byApiKey = new Map(keys.map((key) => [key.apiKey, { key, isSigned: verifierOf(key) }]));
  if (byApiKey.size !== keys.length) throw new RangeError("expected every API key once");
  return {
    async authenticate({ apiKey, payload, signature }) {
      const known = byApiKey.get(apiKey);
      const genuine = (known?.isSigned ?? isNobodys)(payload, signature);
      if (known === undefined) return { ok: false, code: "api_key_unknown" };
      if (!genuine) return { ok: false, code: "signature_invalid" };
      return { ok: true, principal: principalOf(known.key) };
    },
    isLive: async (apiKey) => byApiKey.has(apiKey),
    ...(listenKeys && {
      ownerOf: async (apiKey) => {
        const known = byApiKey.get(apiKey);
        return known && principalOf(known.key);
      },
    }),
  };
};

const principalOf = ({ account, name, permissions = ["read", "trade"] }: ApiKey): Principal => ({
  account,
  name,
  permissions,
});

/**
 * Asks one after the other until one knows the key. Whoever knows it has the last word: a wrong signature is not tried elsewhere.
 *
 * @example
 * const authenticator = firstAuthenticator(keyAuthenticator(bots), sessionKeys);
 */
export const firstAuthenticator = (...authenticators: Authenticator[]): Authenticator => {
  const tellingOwners = authenticators.filter(({ ownerOf }) => ownerOf !== undefined);
  return {
    ...(tellingOwners.length > 0 && { ownerOf: firstOwner(tellingOwners) }),
    ...firstToKnow(authenticators),
  };
};

const firstOwner =
  (authenticators: readonly Authenticator[]) =>
  async (apiKey: string): Promise<Principal | undefined> => {
    for (const authenticator of authenticators) {
      const owner = await authenticator.ownerOf?.(apiKey);
      if (owner !== undefined) return owner;
    }
    return undefined;
  };

const firstToKnow = (
  authenticators: readonly Authenticator[],
): Pick<Required<Authenticator>, "authenticate" | "isLive"> => ({
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

import type { ApiKeyHolder, ApiKeyVerifier, SignedRequest } from "./api-key-verifier.ts";

/** Who a gateway takes a key's holder for. */
export interface GatewayPrincipal {
  /** The venue's account number. */
  readonly account: number;
  readonly name: string;
  readonly permissions: readonly ("read" | "trade")[];
}

/** What a gateway asks: its `Authenticator`. */
export interface ApiKeyAuthenticator {
  authenticate(
    request: SignedRequest,
  ): Promise<
    | { readonly ok: true; readonly principal: GatewayPrincipal }
    | { readonly ok: false; readonly code: "api_key_unknown" | "signature_invalid" }
  >;
  isLive(apiKey: string): Promise<boolean>;
}

/**
 * A gateway's authenticator over our keys. The host says which account of the venue a key's holder trades for, undefined for none.
 * A key that has expired or is used from elsewhere is as good as unknown there.
 *
 * @example
 * const authenticator = apiKeyAuthenticator(verifier, async ({ user }) => accounts.get(user));
 */
export const apiKeyAuthenticator = (
  verifier: ApiKeyVerifier,
  accountOf: (
    holder: ApiKeyHolder,
  ) => Promise<{ readonly account: number; readonly name: string } | undefined>,
): ApiKeyAuthenticator => ({
  async authenticate(request) {
    const verified = await verifier.verify(request);
    if (!verified.ok) {
      const isSignature = verified.code === "signature_invalid";
      return { ok: false, code: isSignature ? "signature_invalid" : "api_key_unknown" };
    }
    const account = await accountOf(verified.holder);
    if (account === undefined) return { ok: false, code: "api_key_unknown" };
    const permissions = verified.holder.permissions.filter(
      (permission) => permission !== "withdraw",
    );
    return { ok: true, principal: { ...account, permissions } };
  },
  isLive: (apiKey) => verifier.isLive(apiKey),
});

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
  /** Where the request came from, as the host says it; undefined where it doesn't. */
  readonly address?: string | undefined;
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
  /**
   * Whether a key that has authenticated a connection is still good: asked every five seconds for as long as the connection lasts, which is
   * closed with 4001 once it isn't. Without this method a connection lasts until somebody closes it.
   */
  isLive?(apiKey: string): Promise<boolean>;
  /**
   * Whose a key is, though nobody has proved to have it; undefined for a key that is not known. With this method the Binance dialect gives
   * listen keys, as Binance did until 2026, for an API key alone: whoever reads the API key may then read the account's orders, fills and
   * balances. Without it clients are told that listen keys are gone (410), as Binance tells them now.
   */
  ownerOf?(apiKey: string): Promise<Principal | undefined>;
}

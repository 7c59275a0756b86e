/** A request as a host gives it: of nothing has been parsed. The gateway's requests have the same shape. */
export interface IdentityRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /**
   * Who sent it. Behind proxies of the host's own this is what the host takes from their headers: nothing here reads
   * `X-Forwarded-For`, which anybody can write.
   */
  readonly remoteAddress?: string | undefined;
}

/** An answer that a host writes out as it stands. */
export interface IdentityResponse {
  readonly status: number;
  /** Names in lower case. Each cookie is a header of its own. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

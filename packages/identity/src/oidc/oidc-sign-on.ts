import * as openid from "openid-client";
import type { Principal } from "../principal.ts";
import type { Refused } from "../refusal.ts";

/** How the venue is known to a provider of OpenID Connect. */
export interface OidcSignOnOptions {
  /** What `openid-client` discovered of the provider. */
  readonly provider: openid.Configuration;
  /** Where the provider sends people back to: registered with it, to the letter. */
  readonly redirectUri: string;
  /** `openid` unless told otherwise. Ask for no more than is used. */
  readonly scope?: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

export interface SignOnOptions {
  /**
   * The user proves who they are now, although they may be signed on already: what a step-up asks for. Where the provider was
   * asked for it, a proof that is older than the attempt is refused.
   */
  readonly fresh?: boolean;
  /** What kind of proof is wanted, in the provider's own words (`acr_values`). Another kind in the answer is refused. */
  readonly assurance?: string;
}

/**
 * What has to be remembered between sending somebody to the provider and their coming back. Keep it in the browser's session (a cookie that is
 * sealed, HttpOnly, SameSite=Lax), never in an address: it is what binds the answer to the browser that asked.
 */
export interface SignOnAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** In milliseconds since 1970. */
  readonly startedAt: number;
  readonly fresh: boolean;
  readonly assurance: string | undefined;
}

/** A sentence that names what was wrong with an answer. */
export type OidcRefusalCode =
  | "attempt_expired"
  | "provider_refused"
  | "answer_not_genuine"
  | "proof_too_old"
  | "assurance_too_low";

type Proof = { readonly ok: true; readonly claims: openid.IDToken } | Refused<OidcRefusalCode>;

export type SignOnResult =
  | { readonly ok: true; readonly principal: Principal }
  | Refused<OidcRefusalCode>;

/** Nobody takes longer to sign in, and what is remembered of an attempt is good for nothing afterwards. */
const ATTEMPT_MS = 10 * 60_000;

/** How far the provider's clock may differ from ours. */
const CLOCK_TOLERANCE_MS = 30_000;

/**
 * Signing on by an OpenID Connect provider: the authorization code flow with PKCE, state and nonce, as `openid-client` checks it.
 *
 * It keeps nothing and knows no user: `finish` says who it is, and the host decides what they may do.
 *
 * @example
 * const signOn = new OidcSignOn({ provider, redirectUri: "https://venue.example/signed-on" });
 * const { url, attempt } = await signOn.begin(); // keep the attempt, send the browser to the url
 * const result = await signOn.finish(attempt, "https://venue.example/signed-on?code=…&state=…");
 * if (result.ok) open(result.principal);
 */
export class OidcSignOn {
  readonly #provider: openid.Configuration;
  readonly #redirectUri: string;
  readonly #scope: string;
  readonly #clock: () => number;

  /** Throws a `RangeError` if the scope lacks `openid`: the provider would not say who it is. */
  constructor({ provider, redirectUri, scope = "openid", clock = Date.now }: OidcSignOnOptions) {
    if (!scope.split(" ").includes("openid")) {
      throw new RangeError(`expected a scope with openid, was ${scope}`);
    }
    // By itself the library trusts a token that came over TLS, signed or not.
    openid.enableNonRepudiationChecks(provider);
    this.#provider = provider;
    this.#redirectUri = redirectUri;
    this.#scope = scope;
    this.#clock = clock;
  }

  /** Where to send the browser, and what to remember until it is back. */
  async begin({ fresh = false, assurance }: SignOnOptions = {}): Promise<{
    readonly url: URL;
    readonly attempt: SignOnAttempt;
  }> {
    const codeVerifier = openid.randomPKCECodeVerifier();
    const [state, nonce] = [openid.randomState(), openid.randomNonce()];
    const url = openid.buildAuthorizationUrl(this.#provider, {
      redirect_uri: this.#redirectUri,
      scope: this.#scope,
      code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: "S256",
      state,
      nonce,
      ...(fresh ? { prompt: "login", max_age: "0" } : {}),
      ...(assurance === undefined ? {} : { acr_values: assurance }),
    });
    const startedAt = this.#clock();
    return { url, attempt: { state, nonce, codeVerifier, startedAt, fresh, assurance } };
  }

  /**
   * Who came back. An attempt is good for one answer and ten minutes: forget it before this is called.
   *
   * Of the address only the query is read. Where it leads afterwards is the host's business and never in it.
   *
   * @param address the address that the browser came back to, with its query
   */
  async finish(attempt: SignOnAttempt, address: string): Promise<SignOnResult> {
    if (this.#clock() - attempt.startedAt > ATTEMPT_MS) {
      return refused("attempt_expired", "Signing on takes ten minutes at most.");
    }
    const proof = await this.#proofOf(attempt, address);
    return proof.ok ? this.#judge(attempt, proof.claims) : proof;
  }

  /** Exchanges the code; the library checks state, nonce, issuer, audience, signature and expiry. */
  async #proofOf(attempt: SignOnAttempt, address: string): Promise<Proof> {
    const answered = new URL(this.#redirectUri);
    answered.search = new URL(address, this.#redirectUri).search;
    try {
      const tokens = await openid.authorizationCodeGrant(this.#provider, answered, {
        pkceCodeVerifier: attempt.codeVerifier,
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      return claims === undefined ? notGenuine : { ok: true, claims };
    } catch (error) {
      if (error instanceof openid.AuthorizationResponseError) {
        return refused("provider_refused", "The provider lets the user sign on.");
      }
      // Whatever the reason: what is wrong with a forged answer is nobody's business.
      if (isAboutTheAnswer(error)) return notGenuine;
      throw error;
    }
  }

  #judge(attempt: SignOnAttempt, claims: openid.IDToken): SignOnResult {
    const authenticatedAt = (claims.auth_time ?? claims.iat) * 1_000;
    if (attempt.fresh && !this.#isFresh(attempt, claims)) {
      return refused("proof_too_old", "The user proves who they are after being asked to.");
    }
    if (attempt.assurance !== undefined && claims["acr"] !== attempt.assurance) {
      return refused("assurance_too_low", "The proof is of the kind that was asked for.");
    }
    const { sub: user, iss: issuer } = claims;
    return { ok: true, principal: { user, issuer, authenticatedAt, methods: methodsOf(claims) } };
  }

  /** A provider that doesn't say when may have asked nobody. */
  #isFresh({ startedAt }: SignOnAttempt, { auth_time }: openid.IDToken): boolean {
    return auth_time !== undefined && auth_time * 1_000 >= startedAt - CLOCK_TOLERANCE_MS;
  }
}

const refused = (code: OidcRefusalCode, rule: string): Refused<OidcRefusalCode> => ({
  ok: false,
  code,
  rule,
});

const notGenuine = refused(
  "answer_not_genuine",
  "The answer belongs to the attempt, and the provider made it.",
);

/** What the library says where an answer was forged, changed, used before or meant for somebody else. */
const ANSWER_FAULTS: ReadonlySet<unknown> = new Set([
  "OAUTH_INVALID_RESPONSE",
  "OAUTH_JWT_CLAIM_COMPARISON_FAILED",
  "OAUTH_JWT_TIMESTAMP_CHECK_FAILED",
  "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED",
  "OAUTH_KEY_SELECTION_FAILED",
  "OAUTH_PARSE_ERROR",
]);

/** A provider that can't be reached, or a mistake in our configuration, is no answer and stays an error. */
const isAboutTheAnswer = (error: unknown): boolean =>
  (error instanceof openid.ResponseBodyError && error.error === "invalid_grant") ||
  (error instanceof openid.ClientError && ANSWER_FAULTS.has(error.code));

const methodsOf = ({ amr }: openid.IDToken): readonly string[] =>
  Array.isArray(amr) ? amr.filter((method): method is string => typeof method === "string") : [];

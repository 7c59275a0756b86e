import type { Principal } from "../principal.ts";

/** What is used of a better-auth. Its own types would come with fifty packages. */
export interface BetterAuthSessions {
  readonly api: {
    getSession(request: {
      readonly headers: Headers;
      readonly query?: { readonly disableCookieCache?: boolean };
    }): Promise<BetterAuthSession | null>;
  };
}

export interface BetterAuthSession {
  readonly session: { readonly userId: string; readonly createdAt: Date };
  readonly user: { readonly id: string; readonly emailVerified: boolean };
}

/**
 * Who is signed in with a better-auth, by the headers of their request; undefined for nobody, and for somebody whose e-mail address nobody
 * has proved yet.
 *
 * The session is read from the database each time, past better-auth's cookie cache: what was revoked is revoked at once. How somebody signed in it
 * doesn't say, so `methods` is empty, and `authenticatedAt` is when the session began.
 *
 * @param issuer names this better-auth among other issuers, such as the address of its host
 *
 * @example
 * const principal = await betterAuthPrincipal(auth, "https://people.example", request.headers);
 */
export const betterAuthPrincipal = async (
  auth: BetterAuthSessions,
  issuer: string,
  headers: Headers,
): Promise<Principal | undefined> => {
  const found = await auth.api.getSession({ headers, query: { disableCookieCache: true } });
  if (found === null || !found.user.emailVerified) return undefined;
  const authenticatedAt = found.session.createdAt.getTime();
  return { user: found.user.id, issuer, authenticatedAt, methods: [] };
};

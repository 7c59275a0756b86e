import type { IdentityRequest } from "./identity-request.ts";

/**
 * Whether a change was asked for by a page of this very origin, or by no page at all: a program has no cookies that somebody else could use.
 *
 * Browsers say in `Sec-Fetch-Site` where a request comes from, and no page can write that. Older ones say it in `Origin`.
 */
export const isSameOrigin = ({ headers }: IdentityRequest): boolean => {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
};

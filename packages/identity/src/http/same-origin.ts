import type { IdentityRequest } from "./identity-request.ts";

/**
 * Whether a change was asked for by a page of this very origin, or by no page at all: a program has no cookies that somebody else could use.
 *
 * Browsers say in `Sec-Fetch-Site` where a request comes from, and no page can write that. Older ones say it in `Origin`, which is held
 * against the host that was asked, or what the host says of its pages.
 */
export const isSameOrigin = (
  { headers }: IdentityRequest,
  pages: readonly string[] = [],
): boolean => {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  const { origin, host } = headers;
  if (origin === undefined || pages.includes(origin)) return true;
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
};

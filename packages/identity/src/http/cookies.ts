/** Names that a browser takes only over https (and on localhost), for the whole host, and never from a sub-domain. */
export const SESSION_COOKIE = "__Host-pincex-session";
export const DEVICE_COOKIE = "__Host-pincex-device";

/** The cookies of a request. Of two with one name the first counts: a browser sends the more specific one first. */
export const readCookies = (header: string | undefined): ReadonlyMap<string, string> => {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? "").split(";")) {
    const equals = pair.indexOf("=");
    if (equals < 0) continue;
    const name = pair.slice(0, equals).trim();
    if (!cookies.has(name)) cookies.set(name, pair.slice(equals + 1).trim());
  }
  return cookies;
};

/** No script reads it, no other site's form or picture sends it with a change. */
const ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax";

/** @param maxAgeSeconds how long a browser keeps it; until it is closed, if that isn't said */
export const setCookie = (name: string, value: string, maxAgeSeconds?: number): string =>
  `${name}=${value}; ${ATTRIBUTES}${maxAgeSeconds === undefined ? "" : `; Max-Age=${maxAgeSeconds}`}`;

export const clearCookie = (name: string): string => setCookie(name, "", 0);

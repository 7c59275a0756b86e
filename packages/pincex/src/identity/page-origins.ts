/** Why pages can't live there: a sentence that names the rule, and the rule. */
export interface OriginRefusal {
  readonly code:
    | "origin_missing"
    | "origin_malformed"
    | "origin_not_secure"
    | "origin_without_name"
    | "origin_of_another_host";
  readonly rule: string;
}

/**
 * What is wrong with the origins at which an exchange's pages live; undefined where nothing is. Passkeys belong to one host name, cookies are kept over
 * https alone, and browsers give an IP address no passkeys.
 */
export const refuseOrigins = (origins: readonly string[]): OriginRefusal | undefined => {
  if (origins.length === 0)
    return { code: "origin_missing", rule: "There is at least one origin." };
  for (const origin of origins) {
    const refused = refuseOrigin(origin);
    if (refused !== undefined) return refused;
  }
  const other = origins.find((origin) => new URL(origin).hostname !== relyingPartyOf(origins));
  if (other === undefined) return undefined;
  const rule = `All origins have one host name, whose passkeys they share, but one is "${other}".`;
  return { code: "origin_of_another_host", rule };
};

const refuseOrigin = (origin: string): OriginRefusal | undefined => {
  if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
    const rule = `An origin is scheme, host and port alone, as https://exchange.example, but is "${origin}".`;
    return { code: "origin_malformed", rule };
  }
  const { protocol, hostname } = new URL(origin);
  if (protocol !== "https:" && !(protocol === "http:" && hostname === "localhost")) {
    const rule = `An origin is https, or http at localhost, but is "${origin}".`;
    return { code: "origin_not_secure", rule };
  }
  if (/^[\d.]+$|^\[/.test(hostname)) {
    const rule = `An origin has a host name, for which passkeys are made, but is "${origin}".`;
    return { code: "origin_without_name", rule };
  }
  return undefined;
};

/** The host name that passkeys are made for. */
export const relyingPartyOf = ([first = "http://localhost"]: readonly string[]): string =>
  new URL(first).hostname;

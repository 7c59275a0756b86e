import { domainToASCII } from "node:url";
import { regexes } from "zod";

/** An e-mail address as its owner wrote it, and as it is looked for. */
export interface EmailAddress {
  readonly written: string;
  /** In lower case, with the domain in ASCII: two that have the same are one. */
  readonly key: string;
}

const LONGEST = 254;

/**
 * Reads an address; undefined for what is none.
 *
 * Normalised before it is checked: `＠` (U+FF20) becomes `@` and then counts. What is left outside ASCII may look like a letter
 * and be another one, so only the domain may have it, as punycode.
 */
export const emailAddress = (text: string): EmailAddress | undefined => {
  if (text.length > 2 * LONGEST) return undefined;
  const written = text.normalize("NFKC").trim();
  const at = written.lastIndexOf("@");
  const local = written.slice(0, at);
  const domain = domainToASCII(written.slice(at + 1));
  const key = `${local}@${domain}`.toLowerCase();
  if (at < 1 || local.length > 64 || key.length > LONGEST) return undefined;
  if (!regexes.html5Email.test(key) || !domain.includes(".")) return undefined;
  if (local.startsWith(".") || local.endsWith(".") || local.includes("..")) return undefined;
  return { written: `${local}@${domain}`, key };
};

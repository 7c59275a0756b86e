import { type Refusal, refused } from "./refusal.ts";

const NUL = 0;

/** PostgreSQL stores no NUL, and UTF-8 has no half surrogates: neither would come back as it was. */
const isWellFormed = (text: string): boolean => {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === NUL) return false;
    if (code < 0xd800 || code > 0xdfff) continue;
    const next = text.charCodeAt(index + 1);
    if (code > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return false;
    index += 1;
  }
  return true;
};

/** What is wrong with a text, or undefined. Its limit counts UTF-16 code units, as `length` does. */
export const textRefusal = (text: string, limit: number, field: string): Refusal | undefined => {
  if (typeof text !== "string")
    throw new TypeError(`expected ${field} as text, was ${typeof text}`);
  if (text.length > limit) return refused("text_too_long", field);
  if (!isWellFormed(text)) return refused("text_malformed", field);
  return undefined;
};

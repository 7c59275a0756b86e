import type { RecordViews } from "./record-views.ts";

// UTF-8 by hand: the books know the language and nothing of a host, and nearly all of their texts are short and ASCII.

/** The first byte of a code point by the number of bytes that follow it. */
const LEADS = [0, 0xc0, 0xe0, 0xf0];

/** Bytes of UTF-8 that a text takes. The books accept no half surrogates, so every code point has a form. */
export const textLength = (text: string): number => {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x80) continue;
    // A surrogate pair is two units and four bytes: one more for each.
    const isTwoBytes = code < 0x800 || (code >= 0xd800 && code <= 0xdfff);
    length += isTwoBytes ? 1 : 2;
  }
  return length;
};

/** Writes a text's UTF-8. */
export const writeText = ({ bytes }: RecordViews, offset: number, text: string): void => {
  let at = offset;
  for (let index = 0; index < text.length; index++) {
    const point = text.codePointAt(index) ?? 0;
    if (point < 0x80) bytes[at++] = point;
    else at = writePoint(bytes, at, point);
    if (point > 0xffff) index += 1;
  }
};

const writePoint = (bytes: Uint8Array, offset: number, point: number): number => {
  const following = point < 0x800 ? 1 : point < 0x1_0000 ? 2 : 3;
  bytes[offset] = (LEADS[following] ?? 0) | (point >> (6 * following));
  for (let left = 1; left <= following; left++) {
    bytes[offset + left] = 0x80 | ((point >> (6 * (following - left))) & 0x3f);
  }
  return offset + following + 1;
};

export const readText = ({ bytes }: RecordViews, offset: number, length: number): string => {
  let text = "";
  for (let at = offset; at < offset + length; ) {
    const lead = bytes[at++] ?? 0;
    const following = followingBytes(lead);
    let point = following === 0 ? lead : lead & (0x3f >> following);
    for (let left = following; left > 0; left--) point = (point << 6) | ((bytes[at++] ?? 0) & 0x3f);
    text += String.fromCodePoint(point);
  }
  return text;
};

const followingBytes = (lead: number): number => {
  if (lead < 0x80) return 0;
  if (lead < 0xe0) return 1;
  return lead < 0xf0 ? 2 : 3;
};

/**
 * A flat object of texts as canonical JSON (RFC 8785): keys in the order of their UTF-16 units, nothing between. The same object gives the same
 * bytes everywhere, so its hash can stand for it. Throws a `RangeError` for half of a surrogate pair, which has no such form.
 *
 * @example
 * canonicalJson({ units: "5", asset: "BTC" }); // {"asset":"BTC","units":"5"}
 */
export const canonicalJson = (texts: Readonly<Record<string, string>>): string => {
  const members = Object.keys(texts)
    .sort()
    .map((key) => `${canonicalText(key)}:${canonicalText(texts[key] as string)}`);
  return `{${members.join(",")}}`;
};

const canonicalText = (text: string): string => {
  if (/\p{Surrogate}/u.test(text)) throw new RangeError("expected text without half a character");
  return JSON.stringify(text);
};

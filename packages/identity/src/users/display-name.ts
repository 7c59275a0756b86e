const LONGEST = 100;

/** A name as it may be shown; undefined for what is empty, too long, or has control or direction characters. */
export const displayName = (text: string): string | undefined => {
  const name = text.normalize("NFC").trim();
  if (name.length === 0 || [...name].length > LONGEST) return undefined;
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/u.test(name) ? undefined : name;
};

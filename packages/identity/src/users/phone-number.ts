/** A phone number in E.164; undefined for what is none. Spaces, dots, hyphens and parentheses are for the eye. */
export const phoneNumber = (text: string): string | undefined => {
  const digits = text.normalize("NFKC").replace(/[\s().-]/g, "");
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : undefined;
};

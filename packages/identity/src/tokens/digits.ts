/** So many random decimal digits, each as likely as any other. */
export const digits = (length: number, randomBytes: (length: number) => Uint8Array): string => {
  let text = "";
  while (text.length < length) {
    // 250 is the largest multiple of ten in a byte: what is above would make some digits likelier.
    for (const byte of randomBytes(length)) if (byte < 250) text += String(byte % 10);
  }
  return text.slice(0, length);
};

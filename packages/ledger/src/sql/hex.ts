// Bytes travel as hexadecimal text, so that drivers need no agreement on what bytes are.

export const fromHexText = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16),
  );

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export const toHexText = (bytes: Uint8Array): string => {
  let hex = "";
  for (const byte of bytes) hex += DIGITS[byte];
  return hex;
};

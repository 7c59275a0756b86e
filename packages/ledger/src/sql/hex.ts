// Bytes travel as hexadecimal text, so that drivers need no agreement on what bytes are.

export const fromHexText = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16),
  );

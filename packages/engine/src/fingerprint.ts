/**
 * A fingerprint of bytes for telling states apart: 64 bits as 16 hexadecimal digits. It finds accidents, not forgeries: two
 * FNV-1a-like lanes over 32-bit words with different starts and primes.
 */
export const fingerprint = (bytes: Uint8Array): string => {
  let first = 0x811c9dc5 | 0;
  let second = 0x1b873593 | 0;
  const words = bytes.byteLength >> 2;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < words; index += 1) {
    const word = view.getInt32(index * 4, true);
    first = Math.imul(first ^ word, 0x01000193);
    first ^= first >>> 15;
    second = Math.imul(second ^ word, 0x85ebca6b | 0);
    second ^= second >>> 13;
  }
  for (let index = words * 4; index < bytes.byteLength; index += 1) {
    first = Math.imul(first ^ (bytes[index] as number), 0x01000193);
    second = Math.imul(second ^ (bytes[index] as number), 0x85ebca6b | 0);
  }
  first = Math.imul(first ^ bytes.byteLength, 0x01000193);
  const digits = (lane: number): string => (lane >>> 0).toString(16).padStart(8, "0");
  return digits(first) + digits(second);
};

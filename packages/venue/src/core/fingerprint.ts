/**
 * A fingerprint of some of the bytes: a whole number below 2^53. It tells two bodies and two states apart; it does not
 * withstand a forger, who could only deceive himself by it.
 */
export const fingerprintOf = (bytes: Uint8Array, offset: number, length: number): number => {
  let one = 0x9e3779b1 ^ length;
  let other = 0x85ebca6b;
  for (let index = offset; index < offset + length; index++) {
    const byte = bytes[index] ?? 0;
    one = Math.imul(one ^ byte, 0x01000193);
    other = Math.imul(other ^ byte, 0xcc9e2d51);
    other = (other << 13) | (other >>> 19);
  }
  const low = mixed(one ^ (other >>> 16));
  const high = mixed(other ^ one) & 0x1f_ffff;
  return high * 4_294_967_296 + low;
};

/** The fingerprint of all the bytes, as 14 hexadecimal digits. */
export const fingerprint = (bytes: Uint8Array): string =>
  fingerprintOf(bytes, 0, bytes.length).toString(16).padStart(14, "0");

const mixed = (hash: number): number => {
  let mix = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
};

/**
 * Tells two states apart: 128 bits as 32 hexadecimal digits, from the bytes of their snapshots. It finds accidents, not
 * forgeries: four lanes of the MurmurHash3 step (public domain, Austin Appleby), each over every fourth word.
 */
export const hashOf = (bytes: Uint8Array): string => {
  const lanes = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f];
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
  for (let index = 0; index < words.length; index += 1) {
    const lane = index & 3;
    lanes[lane] = mixed(lanes[lane] as number, words[index] as number);
  }
  // Each digit depends on every lane.
  for (let round = 0; round < 8; round += 1) {
    const lane = round & 3;
    lanes[lane] = mixed(
      lanes[lane] as number,
      (lanes[(lane + 3) & 3] as number) ^ bytes.byteLength,
    );
  }
  return lanes.map((lane) => finished(lane).toString(16).padStart(8, "0")).join("");
};

const mixed = (hash: number, word: number): number => {
  const scrambled = Math.imul(rotated(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
  return (Math.imul(rotated(hash ^ scrambled, 13), 5) + 0xe6546b64) | 0;
};

const rotated = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

const finished = (hash: number): number => {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
};

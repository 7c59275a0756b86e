// FIPS 180-4. Plain TypeScript, because the books run where there is neither `node:crypto` nor a synchronous Web Crypto.

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes, computed exactly. */
const ROUND_CONSTANTS = new Int32Array(64);
/** The same of the square roots of the first 8 primes. */
const INITIAL = new Int32Array(8);

const BLOCK_BYTES = 64;

/** The largest integer whose power is at most `value`, by bisection. */
const integerRoot = (value: bigint, power: bigint): bigint => {
  let low = 0n;
  let high = 1n << 64n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** power <= value) low = middle;
    else high = middle;
  }
  return low;
};

const isPrime = (candidate: number): boolean => {
  for (let divisor = 2; divisor * divisor <= candidate; divisor++) {
    if (candidate % divisor === 0) return false;
  }
  return true;
};

for (let prime = 2, index = 0; index < 64; prime++) {
  if (!isPrime(prime)) continue;
  ROUND_CONSTANTS[index] = Number(BigInt.asIntN(32, integerRoot(BigInt(prime) << 96n, 3n)));
  if (index < 8) INITIAL[index] = Number(BigInt.asIntN(32, integerRoot(BigInt(prime) << 64n, 2n)));
  index += 1;
}

const rotated = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

const schedule = new Int32Array(64);

const compress = (state: Int32Array, block: DataView, offset: number): void => {
  for (let round = 0; round < 16; round++) schedule[round] = block.getInt32(offset + round * 4);
  for (let round = 16; round < 64; round++) {
    const before15 = schedule[round - 15] as number;
    const before2 = schedule[round - 2] as number;
    const sigma0 = rotated(before15, 7) ^ rotated(before15, 18) ^ (before15 >>> 3);
    const sigma1 = rotated(before2, 17) ^ rotated(before2, 19) ^ (before2 >>> 10);
    schedule[round] =
      (schedule[round - 16] as number) + sigma0 + (schedule[round - 7] as number) + sigma1;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let round = 0; round < 64; round++) {
    const sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const choice = (e & f) ^ (~e & g);
    const first =
      (h + sum1 + choice + (ROUND_CONSTANTS[round] as number) + (schedule[round] as number)) | 0;
    const sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + sum0 + majority) | 0;
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) {
    state[index] = (state[index] as number) + word;
  }
};

/** SHA-256 of bytes, as 64 hexadecimal digits. */
export const sha256 = (bytes: Uint8Array): string => {
  const state = INITIAL.slice();
  const whole = bytes.length - (bytes.length % BLOCK_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let offset = 0; offset < whole; offset += BLOCK_BYTES) compress(state, view, offset);

  const rest = bytes.length - whole;
  const tail = new Uint8Array(rest < BLOCK_BYTES - 8 ? BLOCK_BYTES : 2 * BLOCK_BYTES);
  tail.set(bytes.subarray(whole));
  tail[rest] = 0x80;
  const tailView = new DataView(tail.buffer);
  tailView.setBigUint64(tail.length - 8, BigInt(bytes.length) * 8n);
  for (let offset = 0; offset < tail.length; offset += BLOCK_BYTES)
    compress(state, tailView, offset);

  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
};

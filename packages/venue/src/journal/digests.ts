import { sha256 } from "@noble/hashes/sha2.js";
import { crc32 } from "./crc32.ts";

/** The two checks of a frame. A host with faster ones than plain TypeScript hands them in; the results are the same. */
export interface Digests {
  /** CRC-32 as zlib has it; `seed` continues from the CRC of what stood before. */
  crc32(bytes: Uint8Array, seed?: number): number;
  sha256(bytes: Uint8Array): Uint8Array;
}

/** Runs anywhere. */
export const portableDigests: Digests = { crc32, sha256 };

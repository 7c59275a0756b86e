import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { ByteWriter, type ProvableEntry, writeCanonical } from "./verify-entry.ts";

/** Computes SHA-256. It may be asked again with the same memory, other bytes in it. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** In JavaScript, so that it runs anywhere. */
export const sha256: Sha256 = nobleSha256;

/**
 * The groups of fields that are told apart: facts are number, sequence, times and the entry corrected; texts are kind, key and
 * memo; postings are those and the captures.
 */
export type EntryGroup = "facts" | "texts" | "postings";

const GROUPS: readonly EntryGroup[] = ["facts", "texts", "postings"];

/** A leaf's hash, and a checksum for each group. */
export const SEAL_BYTES: number = 32 + 4 * GROUPS.length;

/**
 * What is kept beside an entry, 44 bytes: the leaf (its SHA-256), then the CRC-32 of each group.
 *
 * The leaf proves. The checksums prove nothing: they only tell which group it was when the leaf says that something was changed,
 * for a tenth of what three more hashes would cost. Throws a `RangeError` for an entry that has no canonical form.
 *
 * SHA-256 is computed in JavaScript, unless a function of the same results is given that is faster where this runs.
 */
export const entrySeal = (entry: ProvableEntry, digest: Sha256 = sha256): Uint8Array => {
  const { textsAt, postingsAt } = writeCanonical(entry, scratch);
  const bytes = scratch.written();
  const seal = new Uint8Array(SEAL_BYTES);
  seal.set(digest(bytes));
  putChecksum(seal, 0, crc32(bytes, 0, textsAt));
  putChecksum(seal, 1, crc32(bytes, textsAt, postingsAt));
  putChecksum(seal, 2, crc32(bytes, postingsAt, bytes.length));
  return seal;
};

/** An entry's leaf in its block's Merkle tree. */
export const entryLeaf = (entry: ProvableEntry, digest: Sha256 = sha256): Uint8Array => {
  writeCanonical(entry, scratch);
  return digest(scratch.written());
};

/** Entries are written to the same memory one after the other: new memory for each would take longer than the writing. */
const scratch = new ByteWriter();

const putChecksum = (seal: Uint8Array, group: number, checksum: number): void => {
  for (let byte = 0; byte < 4; byte++) {
    seal[32 + 4 * group + byte] = checksum >>> (24 - 8 * byte);
  }
};

export const leafOfSeal = (seal: Uint8Array): Uint8Array => seal.subarray(0, 32);

/** The groups in which two seals differ. None, though the leaves differ: the checksums don't tell. */
export const groupsThatDiffer = (one: Uint8Array, other: Uint8Array): EntryGroup[] =>
  GROUPS.filter((_, index) => {
    const [from, to] = [32 + 4 * index, 36 + 4 * index];
    return !isSame(one.subarray(from, to), other.subarray(from, to));
  });

export const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** The CRC-32 of zip and PNG, of a part of the bytes. */
export const crc32 = (bytes: Uint8Array, from: number, to: number): number => {
  let crc = -1;
  for (let index = from; index < to; index++) {
    crc = (CRC_TABLE[(crc ^ (bytes[index] as number)) & 0xff] as number) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
};

import { sha256 } from "@noble/hashes/sha2.js";
import { canonicalEntry, type ProvableEntry } from "./verify-entry.ts";

/**
 * The groups of fields that are told apart: facts are number, sequence, times and the entry corrected; texts are kind, key and
 * memo.
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
 */
export const entrySeal = (entry: ProvableEntry): Uint8Array => {
  const { bytes, textsAt, postingsAt } = canonicalEntry(entry);
  const seal = new Uint8Array(SEAL_BYTES);
  seal.set(sha256(bytes));
  const checksums = new DataView(seal.buffer, 32);
  checksums.setUint32(0, crc32(bytes, 0, textsAt));
  checksums.setUint32(4, crc32(bytes, textsAt, postingsAt));
  checksums.setUint32(8, crc32(bytes, postingsAt, bytes.length));
  return seal;
};

/** An entry's leaf in its block's Merkle tree. */
export const entryLeaf = (entry: ProvableEntry): Uint8Array => sha256(canonicalEntry(entry).bytes);

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

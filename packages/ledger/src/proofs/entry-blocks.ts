import { entryLeaf, type Sha256, sha256 } from "./entry-seal.ts";
import {
  BLOCK_ENTRIES,
  blockBytes,
  type EntryBlock,
  type EntryProof,
  hasBounds,
  nodeBytes,
  type ProvableEntry,
  toHex,
} from "./verify-entry.ts";

const ZEROS = "0".repeat(64);

/**
 * Seals blocks as entries come, each as soon as its last entry is there.
 *
 * Go on from where another one ended by telling the last block that was sealed, and giving it the entries after that block.
 *
 * @example
 * const sealer = new BlockSealer();
 * for (const entry of entries) {
 *   const block = sealer.add(entry);
 *   if (block !== undefined) publish(block.hash);
 * }
 */
export class BlockSealer {
  #leaves: Uint8Array[] = [];
  #sealed: number;
  #previous: string;
  readonly #sha256: Sha256;

  constructor(head?: EntryBlock, digest: Sha256 = sha256) {
    this.#sha256 = digest;
    if (head !== undefined && !hasBounds(head)) {
      throw new RangeError(`expected a sealed block, was block ${head.number}`);
    }
    this.#sealed = head?.number ?? 0;
    this.#previous = head?.hash ?? ZEROS;
  }

  /** The number of the entry that comes next. */
  get nextEntry(): number {
    return this.#sealed * BLOCK_ENTRIES + this.#leaves.length + 1;
  }

  /** The block that this entry completes, or undefined. Throws a `RangeError` unless it is the next entry. */
  add(entry: ProvableEntry): EntryBlock | undefined {
    if (entry.number !== this.nextEntry) {
      throw new RangeError(`expected entry ${this.nextEntry}, was ${entry.number}`);
    }
    return this.addLeaf(entryLeaf(entry, this.#sha256));
  }

  /** The same for the next entry's leaf. */
  addLeaf(leaf: Uint8Array): EntryBlock | undefined {
    this.#leaves.push(leaf);
    if (this.#leaves.length < BLOCK_ENTRIES) return undefined;
    const root = merkleRoot(this.#leaves, this.#sha256);
    const block = sealedBlock(this.#sealed + 1, root, this.#previous);
    this.#leaves = [];
    this.#sealed = block.number;
    this.#previous = block.hash;
    return block;
  }
}

const sealedBlock = (number: number, root: Uint8Array, previous: string): EntryBlock => {
  const last = number * BLOCK_ENTRIES;
  const header = { number, first: last - BLOCK_ENTRIES + 1, last, root: toHex(root), previous };
  return { ...header, hash: blockHash(header) };
};

export const blockHash = (block: Omit<EntryBlock, "hash">): string =>
  toHex(sha256(blockBytes(block)));

/** The root of the tree over a whole block's leaves. */
export const merkleRoot = (leaves: readonly Uint8Array[], digest: Sha256 = sha256): Uint8Array =>
  levelsOf(leaves, digest).at(-1)?.[0] as Uint8Array;

/** The leaves, the nodes above them, and so on up to the root. A block is full, so every level is half of the one below. */
const levelsOf = (
  leaves: readonly Uint8Array[],
  digest: Sha256 = sha256,
): (readonly Uint8Array[])[] => {
  const levels = [leaves];
  for (let level = leaves; level.length > 1; levels.push(level)) {
    const below = level;
    level = Array.from({ length: below.length / 2 }, (_, index) =>
      digest(nodeBytes(below[2 * index] as Uint8Array, below[2 * index + 1] as Uint8Array)),
    );
  }
  return levels;
};

/**
 * The proof that an entry stands in the history that ends with the last of `blocks`.
 *
 * Takes the 256 entries of the entry's block, and the blocks from that one up to a published one. It shows the whole entry, with
 * all of its postings: give it to those who may see that. Throws a `RangeError` if the entries or blocks are others.
 */
export const proveEntry = (
  number: number,
  entries: readonly ProvableEntry[],
  blocks: readonly EntryBlock[],
): EntryProof => {
  const [block] = blocks;
  const entry = entries[number - (block?.first ?? 0)];
  const areOfBlock =
    entries.length === BLOCK_ENTRIES &&
    entries.every((one, index) => one.number === (block?.first ?? 0) + index);
  if (block === undefined || entry === undefined || !areOfBlock) {
    throw new RangeError(`expected the entries of the block that holds ${number}`);
  }
  const levels = levelsOf(entries.map((one) => entryLeaf(one)));
  const path = levels.slice(0, -1).map((level, height) => {
    const index = (number - block.first) >> height;
    return toHex(level[index ^ 1] as Uint8Array);
  });
  if (toHex(levels.at(-1)?.[0] as Uint8Array) !== block.root) {
    throw new RangeError(`expected the entries that block ${block.number} was sealed over`);
  }
  const { sequence = 0, at, bookedAt = at, kind, key, memo, corrects } = entry;
  const postings = entry.postings.map(({ account, amount, balanceAfter }) => ({
    account,
    amount: String(amount),
    balanceAfter: String(balanceAfter),
  }));
  const captures = (entry.captures ?? []).map(({ hold, amount }) => ({
    hold,
    amount: String(amount),
  }));
  return {
    format: "pincex-entry-proof/2",
    entry: { number, sequence, kind, at, bookedAt, key, memo, corrects, postings, captures },
    path,
    blocks,
  };
};

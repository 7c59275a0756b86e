import type { Stream } from "../stream.ts";
import { blockHash, merkleRoot } from "./entry-blocks.ts";
import {
  type EntryGroup,
  entrySeal,
  groupsThatDiffer,
  isSame,
  leafOfSeal,
  SEAL_BYTES,
  type Sha256,
  sha256,
} from "./entry-seal.ts";
import {
  BLOCK_ENTRIES,
  type EntryBlock,
  hasBounds,
  type ProvableEntry,
  toHex,
} from "./verify-entry.ts";

/** An entry as it is stored, with the seal that was stored beside it, if there was any. */
export interface StoredEntry extends ProvableEntry {
  readonly seal?: Uint8Array | undefined;
}

/** Something that isn't as it was sealed, and where. */
export type Finding =
  /** Its fields aren't those that were stored. The group is named if a seal stands beside the entry and tells. */
  | { readonly what: "entry_changed"; readonly entry: number; readonly group?: EntryGroup }
  /** All from `entry` to `last` are missing. */
  | { readonly what: "entry_missing"; readonly entry: number; readonly last: number }
  | { readonly what: "entry_added"; readonly entry: number }
  | { readonly what: "entry_out_of_order"; readonly entry: number }
  /** Entries before it have a seal beside them, so it wasn't written by who wrote those. */
  | { readonly what: "entry_without_seal"; readonly entry: number }
  /** Nothing tells which of its entries: their seals were changed, too, or there are none. */
  | {
      readonly what: "block_differs";
      readonly block: number;
      readonly first: number;
      readonly last: number;
    }
  /** Its hash isn't that of its fields, or its bounds don't follow from its number. */
  | { readonly what: "block_changed"; readonly block: number }
  /** It doesn't name the block before it. */
  | { readonly what: "chain_broken"; readonly block: number }
  /** All from `block` to `last` are missing. */
  | { readonly what: "block_missing"; readonly block: number; readonly last: number }
  /** It isn't the one whose hash was published. */
  | { readonly what: "head_differs"; readonly block: number };

/** What a verification has seen. */
export interface Verification {
  readonly ok: boolean;
  /** How many entries and blocks were read. */
  readonly entries: number;
  readonly blocks: number;
  /** The last block that was read. Publish its hash, and give it as a head the next time. */
  readonly head: EntryBlock | undefined;
  /** The first ones, up to the limit. */
  readonly findings: readonly Finding[];
}

export interface VerifyOptions {
  /** Hashes of blocks as they were published: without one, a history that was rewritten as a whole looks fine. */
  readonly heads?: readonly { readonly number: number; readonly hash: string }[];
  /** How many findings are kept: 100 unless told otherwise. */
  readonly limit?: number;
  /** Computes SHA-256: in JavaScript unless a faster function is given. */
  readonly sha256?: Sha256;
}

/**
 * Reads entries and blocks, each in order of their number, and tells what isn't as it was sealed.
 *
 * Holds one block of hashes at a time, so any number of entries will do. Entries after the last whole block are compared with the
 * seals beside them only.
 *
 * @example
 * const { ok, findings } = await verifyEntries(entries, blocks);
 * if (!ok) alarm(findings);
 */
export const verifyEntries = async (
  entries: Stream<StoredEntry>,
  blocks: Stream<EntryBlock>,
  options: VerifyOptions = {},
): Promise<Verification> => {
  const verifier = new EntryVerifier(blocks, options);
  for await (const entry of entries) await verifier.take(entry);
  return verifier.end();
};

class EntryVerifier {
  readonly #blocks: BlockReader;
  readonly #limit: number;
  readonly #sha256: Sha256;
  readonly #findings: Finding[] = [];
  /** What is missing so far, in order: what comes late is out of order and no longer missing. */
  #gaps: { first: number; last: number }[] = [];
  #count = 0;
  #isSound = true;
  #next = 1;
  #expectsSeals = false;
  /** Of the block that is being read. Undefined: an entry of it isn't as it was, which has been said. */
  #leaves: Uint8Array[] | undefined = [];

  constructor(
    blocks: Stream<EntryBlock>,
    { heads = [], limit = 100, sha256: digest = sha256 }: VerifyOptions,
  ) {
    this.#limit = limit;
    this.#sha256 = digest;
    this.#blocks = new BlockReader(blocks, heads, (finding) => this.#find(finding));
  }

  async take(entry: StoredEntry): Promise<void> {
    this.#count += 1;
    const { number } = entry;
    if (!Number.isSafeInteger(number) || number < 1) {
      this.#find({ what: "entry_added", entry: number });
      return;
    }
    if (number < this.#next) {
      const wasMissing = this.#fill(number);
      this.#find({ what: wasMissing ? "entry_out_of_order" : "entry_added", entry: number });
      return;
    }
    if (number > this.#next) this.#skip(number - 1);
    const leaf = this.#leaf(entry);
    if (leaf === undefined) this.#leaves = undefined;
    else this.#leaves?.push(leaf);
    this.#next = number + 1;
    if (number % BLOCK_ENTRIES === 0) await this.#endBlock(number / BLOCK_ENTRIES);
  }

  async end(): Promise<Verification> {
    const { last } = await this.#blocks.rest();
    if (last >= this.#next) this.#gaps.push({ first: this.#next, last });
    for (const gap of this.#gaps) {
      this.#find({ what: "entry_missing", entry: gap.first, last: gap.last });
    }
    return {
      ok: this.#isSound,
      entries: this.#count,
      blocks: this.#blocks.count,
      head: this.#blocks.head,
      findings: this.#findings,
    };
  }

  /** The leaf that was stored, or else that of the fields. Undefined if there is none. */
  #leaf(entry: StoredEntry): Uint8Array | undefined {
    const { number, seal } = entry;
    const found = sealOrNone(entry, this.#sha256);
    if (seal?.length !== SEAL_BYTES) {
      if (this.#expectsSeals) this.#find({ what: "entry_without_seal", entry: number });
      if (found === undefined) this.#find({ what: "entry_changed", entry: number });
      return found && leafOfSeal(found);
    }
    this.#expectsSeals = true;
    const leaf = leafOfSeal(seal);
    if (found === undefined) this.#find({ what: "entry_changed", entry: number });
    else if (!isSame(leaf, leafOfSeal(found))) this.#change(number, groupsThatDiffer(found, seal));
    return leaf;
  }

  #change(entry: number, groups: readonly EntryGroup[]): void {
    if (groups.length === 0) this.#find({ what: "entry_changed", entry });
    for (const group of groups) this.#find({ what: "entry_changed", entry, group });
  }

  /** Entries up to `last` are missing, and with them blocks, or parts of blocks. */
  #skip(last: number): void {
    this.#gaps.push({ first: this.#next, last });
    this.#leaves = last % BLOCK_ENTRIES === 0 ? [] : undefined;
  }

  /** Whether the entry was in a gap, which it now splits. */
  #fill(number: number): boolean {
    const gap = this.#gaps.find(({ first, last }) => first <= number && number <= last);
    if (gap === undefined) return false;
    const parts = [
      { first: gap.first, last: number - 1 },
      { first: number + 1, last: gap.last },
    ].filter(({ first, last }) => first <= last);
    this.#gaps = this.#gaps.flatMap((one) => (one === gap ? parts : [one]));
    return true;
  }

  async #endBlock(number: number): Promise<void> {
    const leaves = this.#leaves;
    this.#leaves = [];
    const block = await this.#blocks.take(number);
    if (block === undefined || leaves === undefined) return;
    if (toHex(merkleRoot(leaves, this.#sha256)) === block.root) return;
    const last = number * BLOCK_ENTRIES;
    this.#find({ what: "block_differs", block: number, first: last - BLOCK_ENTRIES + 1, last });
  }

  #find(finding: Finding): void {
    this.#isSound = false;
    if (this.#findings.length < this.#limit) this.#findings.push(finding);
  }
}

const sealOrNone = (entry: ProvableEntry, digest: Sha256): Uint8Array | undefined => {
  try {
    return entrySeal(entry, digest);
  } catch {
    return undefined;
  }
};

/** Reads blocks one by one, and looks at the chain that they are. */
class BlockReader {
  count = 0;
  head: EntryBlock | undefined;
  readonly #iterator: Iterator<EntryBlock> | AsyncIterator<EntryBlock>;
  readonly #published: ReadonlyMap<number, string>;
  readonly #find: (finding: Finding) => void;
  #ahead: EntryBlock | undefined;
  #hash: string | undefined = "0".repeat(64);
  #expected = 1;

  constructor(
    blocks: Stream<EntryBlock>,
    heads: readonly { readonly number: number; readonly hash: string }[],
    find: (finding: Finding) => void,
  ) {
    this.#iterator =
      Symbol.asyncIterator in blocks ? blocks[Symbol.asyncIterator]() : blocks[Symbol.iterator]();
    this.#published = new Map(heads.map(({ number, hash }) => [number, hash]));
    this.#find = find;
  }

  /** The block of that number, if there is one. Reads past those before it; asked for in order. */
  async take(number: number): Promise<EntryBlock | undefined> {
    let block = this.#ahead ?? (await this.#read());
    while (block !== undefined && block.number < number) block = await this.#read();
    this.#ahead = block?.number === number ? undefined : block;
    if (block === undefined) this.#miss(number);
    return this.#ahead === undefined ? block : undefined;
  }

  /** Reads what is left, and tells up to which entry blocks were sealed. */
  async rest(): Promise<{ last: number }> {
    this.#ahead = undefined;
    while ((await this.#read()) !== undefined);
    for (const number of this.#published.keys()) this.#miss(number);
    return { last: (this.head?.number ?? 0) * BLOCK_ENTRIES };
  }

  #miss(last: number): void {
    if (last < this.#expected) return;
    this.#find({ what: "block_missing", block: this.#expected, last });
    this.#expected = last + 1;
    this.#hash = undefined;
  }

  async #read(): Promise<EntryBlock | undefined> {
    const { done, value } = await this.#iterator.next();
    if (done === true) return undefined;
    const block: EntryBlock = value;
    this.count += 1;
    if (!(block.number >= this.#expected)) {
      this.#find({ what: "block_changed", block: block.number });
      return this.#read();
    }
    this.#miss(block.number - 1);
    const hash = hashOrNone(block);
    if (!hasBounds(block) || hash !== block.hash) {
      this.#find({ what: "block_changed", block: block.number });
    }
    if (this.#hash !== undefined && block.previous !== this.#hash) {
      this.#find({ what: "chain_broken", block: block.number });
    }
    const published = this.#published.get(block.number);
    if (published !== undefined && published !== hash) {
      this.#find({ what: "head_differs", block: block.number });
    }
    this.#hash = hash;
    this.#expected = block.number + 1;
    this.head = block;
    return block;
  }
}

const hashOrNone = (block: EntryBlock): string | undefined => {
  try {
    return blockHash(block);
  } catch {
    return undefined;
  }
};

// Imports nothing, so that whoever doubts us can take this file alone: SHA-256 is that of the Web Crypto API, which browsers and
// Node have. The books' own hashing takes the canonical form from here, so that there is one.

declare const crypto: {
  readonly subtle: { digest(name: "SHA-256", data: Uint8Array): Promise<ArrayBuffer> };
};
declare const TextEncoder: new () => {
  encodeInto(text: string, to: Uint8Array): { readonly written: number };
};

/** A posting as it is proved. */
export interface ProvablePosting {
  readonly account: number;
  /** Above -2^127 and below 2^127. */
  readonly amount: bigint;
  readonly balanceAfter: bigint;
}

/** A part of a hold that an entry has spent, as it is proved. */
export interface ProvableCapture {
  readonly hold: number;
  readonly amount: bigint;
}

/** What is proved of an entry: all of it. An `Entry` of the books fits. */
export interface ProvableEntry {
  readonly number: number;
  /** The sequence number of the command that posted it; 0 if there is none. */
  readonly sequence?: number | undefined;
  readonly kind: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** To which instant it belongs: `at` unless told otherwise. */
  readonly bookedAt?: number | undefined;
  readonly key: string;
  readonly memo: string;
  readonly corrects: number;
  readonly postings: readonly ProvablePosting[];
  /** None unless told otherwise: a copy of the books doesn't have them. */
  readonly captures?: readonly ProvableCapture[] | undefined;
}

/**
 * An entry in its canonical form, which is what its leaf is the SHA-256 of.
 *
 * A zero byte, the version, the facts (number, sequence, at, bookedAt, corrects), the texts (kind, key, memo), the postings,
 * the captures.
 */
export interface CanonicalEntry {
  readonly bytes: Uint8Array;
  /** Where the texts begin. */
  readonly textsAt: number;
  /** Where the postings begin. */
  readonly postingsAt: number;
}

/** The version of the canonical form: part of every leaf and of every block. */
export const PROOF_VERSION = 2;

/** The entries of a block. Block n holds the entries (n - 1) × 256 + 1 to n × 256, whoever sealed it and whenever. */
export const BLOCK_ENTRIES = 256;

/** What a hash is of is said by its first byte, so that nothing can be passed off as something else. */
export const PROOF_PREFIX = {
  leaf: 0x00,
  node: 0x01,
  block: 0x02,
  account: 0x03,
  accountStatus: 0x04,
  link: 0x05,
  hold: 0x06,
} as const;

/** A sealed block of entries. Hashes are 64 lower-case hexadecimal digits. */
export interface EntryBlock {
  /** Counts up from 1. */
  readonly number: number;
  readonly first: number;
  readonly last: number;
  /** The root of the Merkle tree over the entries' leaves. */
  readonly root: string;
  /** The hash of the block before; zeros before block 1. */
  readonly previous: string;
  /** The hash of all of the above: whoever keeps it can't be told another history. */
  readonly hash: string;
}

/** An entry, and why it is in a block: what a customer is given. It survives JSON. */
export interface EntryProof {
  readonly format: "pincex-entry-proof/2";
  readonly entry: {
    readonly number: number;
    readonly sequence: number;
    readonly kind: string;
    readonly at: number;
    readonly bookedAt: number;
    readonly key: string;
    readonly memo: string;
    readonly corrects: number;
    /** Amounts are whole numbers of smallest units, as text. */
    readonly postings: readonly {
      readonly account: number;
      readonly amount: string;
      readonly balanceAfter: string;
    }[];
    readonly captures: readonly { readonly hold: number; readonly amount: string }[];
  };
  /** The siblings from the leaf up to the root. */
  readonly path: readonly string[];
  /** The entry's block, and all later ones up to the one whose hash was published. */
  readonly blocks: readonly EntryBlock[];
}

/** Whether an entry is what it is said to be; if not, the first thing that is wrong. */
export type EntryVerdict =
  | { readonly ok: true; readonly entry: number; readonly block: number }
  | {
      readonly ok: false;
      readonly code:
        | "proof_malformed"
        | "entry_outside_block"
        | "entry_not_in_block"
        | "chain_broken"
        | "head_differs";
    };

/**
 * Checks that an entry is in the history that ends with a published block.
 *
 * `head` is the hash that you have from elsewhere than from whoever gave you the proof.
 *
 * @example
 * const verdict = await verifyEntryProof(JSON.parse(text), publishedHash);
 * if (!verdict.ok) throw new Error(verdict.code);
 */
export const verifyEntryProof = async (proof: EntryProof, head: string): Promise<EntryVerdict> => {
  try {
    return await checked(proof, head);
  } catch {
    return { ok: false, code: "proof_malformed" };
  }
};

const checked = async (proof: EntryProof, head: string): Promise<EntryVerdict> => {
  const { format, entry, path, blocks } = proof;
  const [block] = blocks;
  if (format !== "pincex-entry-proof/2" || block === undefined) return no("proof_malformed");
  if (path.length !== Math.log2(BLOCK_ENTRIES)) return no("proof_malformed");
  const index = entry.number - block.first;
  if (!hasBounds(block) || !(index >= 0 && index < BLOCK_ENTRIES)) return no("entry_outside_block");
  if ((await rootOver(entry, index, path)) !== block.root) return no("entry_not_in_block");
  if (!(await isChain(blocks))) return no("chain_broken");
  if (blocks.at(-1)?.hash !== head) return no("head_differs");
  return { ok: true, entry: entry.number, block: block.number };
};

/** The root of the tree in which the entry is the leaf of that index and `path` holds the siblings. */
const rootOver = async (
  entry: EntryProof["entry"],
  index: number,
  path: readonly string[],
): Promise<string> => {
  const postings = entry.postings.map(({ account, amount, balanceAfter }) => ({
    account,
    amount: BigInt(amount),
    balanceAfter: BigInt(balanceAfter),
  }));
  const captures = entry.captures.map(({ hold, amount }) => ({ hold, amount: BigInt(amount) }));
  let hash = await sha256(canonicalEntry({ ...entry, postings, captures }).bytes);
  for (const [level, hex] of path.entries()) {
    const sibling = fromHex(hex);
    const isRight = ((index >> level) & 1) === 1;
    hash = await sha256(nodeBytes(isRight ? sibling : hash, isRight ? hash : sibling));
  }
  return toHex(hash);
};

/** Whether each block is what its hash says, and names the one before. */
const isChain = async (blocks: readonly EntryBlock[]): Promise<boolean> => {
  let before: EntryBlock | undefined;
  for (const block of blocks) {
    if (!hasBounds(block) || toHex(await sha256(blockBytes(block))) !== block.hash) return false;
    const follows = block.previous === before?.hash && block.number === before.number + 1;
    if (before !== undefined && !follows) return false;
    before = block;
  }
  return true;
};

const no = (code: (EntryVerdict & { ok: false })["code"]): EntryVerdict => ({ ok: false, code });

/** Where a block begins and ends follows from its number alone. */
export const hasBounds = ({ number, first, last }: EntryBlock): boolean =>
  Number.isSafeInteger(number) &&
  number > 0 &&
  last === number * BLOCK_ENTRIES &&
  first === last - BLOCK_ENTRIES + 1;

/** What a node's hash is of: 0x01 and the two below it. */
export const nodeBytes = (left: Uint8Array, right: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(65);
  bytes[0] = PROOF_PREFIX.node;
  bytes.set(left, 1);
  bytes.set(right, 33);
  return bytes;
};

/** What a block's hash is of: 0x02, the version, number, first, last, root, previous. */
export const blockBytes = (block: Omit<EntryBlock, "hash">): Uint8Array => {
  const bytes = new ByteWriter();
  bytes.begin(PROOF_PREFIX.block, 3 * 8 + 2 * 32);
  for (const count of [block.number, block.first, block.last]) bytes.count(count);
  for (const hash of [block.root, block.previous]) bytes.raw(fromHex(hash));
  return bytes.written();
};

/** An entry in its canonical form. Throws a `RangeError` for what has none: a count that isn't one, an amount beyond ±2^127. */
export const canonicalEntry = (entry: ProvableEntry): CanonicalEntry => {
  const bytes = new ByteWriter();
  const parts = writeCanonical(entry, bytes);
  return { bytes: bytes.written(), ...parts };
};

/** Writes it to a writer that may have been used before, and answers where its parts begin. */
export const writeCanonical = (
  entry: ProvableEntry,
  bytes: ByteWriter,
): Omit<CanonicalEntry, "bytes"> => {
  const { number, sequence = 0, at, bookedAt = at, corrects, kind, key, memo, postings } = entry;
  const { captures = [] } = entry;
  const letters = kind.length + key.length + memo.length;
  const rows = POSTING_BYTES * postings.length + CAPTURE_BYTES * captures.length;
  bytes.begin(PROOF_PREFIX.leaf, 5 * 8 + 5 * 4 + 3 * letters + rows);

  bytes.count(number);
  bytes.count(sequence);
  bytes.count(at);
  bytes.count(bookedAt);
  bytes.count(corrects);
  const textsAt = bytes.length;
  bytes.text(kind);
  bytes.text(key);
  bytes.text(memo);
  const postingsAt = bytes.length;
  bytes.word(postings.length);
  for (const { account, amount, balanceAfter } of postings) {
    bytes.count(account);
    bytes.amount(amount);
    bytes.amount(balanceAfter);
  }
  bytes.word(captures.length);
  for (const { hold, amount } of captures) {
    bytes.count(hold);
    bytes.amount(amount);
  }
  return { textsAt, postingsAt };
};

const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** Throws a `RangeError` unless it is a hash. */
const fromHex = (text: string): Uint8Array => {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new RangeError(`expected a hash in hex, was ${text}`);
  return Uint8Array.from({ length: 32 }, (_, index) =>
    Number.parseInt(text.slice(2 * index, 2 * index + 2), 16),
  );
};

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const AMOUNT_LIMIT = 2n ** 127n;
/** At most: an account and two amounts of 16 bytes with their lengths. */
const POSTING_BYTES = 8 + 2 * 17;
/** At most: a hold's id and an amount. */
const CAPTURE_BYTES = 8 + 17;
const utf8 = new TextEncoder();

/** The fields of the canonical form, one after the other; all of them big-endian. Can begin again in the same memory. */
export class ByteWriter {
  #bytes: Uint8Array = new Uint8Array(512);
  #view: DataView = new DataView(this.#bytes.buffer);
  length = 0;

  /** Begins with what the hash is of and the version, and has room for so many bytes more. */
  begin(prefix: number, room: number): void {
    if (this.#bytes.length < 2 + room) {
      this.#bytes = new Uint8Array(2 + room);
      this.#view = new DataView(this.#bytes.buffer);
    }
    this.#bytes[0] = prefix;
    this.#bytes[1] = PROOF_VERSION;
    this.length = 2;
  }

  /** 4 bytes. */
  word(value: number): void {
    this.#view.setUint32(this.length, value);
    this.length += 4;
  }

  /** 8 bytes: a whole number from 0 to 2^53 - 1. */
  count(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`expected a whole number of 0 or more, was ${value}`);
    }
    this.word(Math.floor(value / 2 ** 32));
    this.word(value >>> 0);
  }

  /** The length of its UTF-8 in 4 bytes, and the UTF-8. */
  text(value: string): void {
    const start = this.length + 4;
    const written = this.#ascii(value, start)
      ? value.length
      : utf8.encodeInto(value, this.#bytes.subarray(start)).written;
    this.word(written);
    this.length += written;
  }

  /** Writes what is a byte a letter; false if it isn't. Most texts are short, and a call of the encoder takes longer than they do. */
  #ascii(value: string, start: number): boolean {
    const bytes = this.#bytes;
    for (let index = 0; index < value.length; index++) {
      const letter = value.charCodeAt(index);
      if (letter >= 0x80) return false;
      bytes[start + index] = letter;
    }
    return true;
  }

  /** The number of bytes in 1 byte, then two's complement in as few bytes as hold the sign too: 0 is 00, -128 is 80, 128 is 00 80. */
  amount(value: bigint): void {
    // Nearly all amounts fit into 8 bytes, and those are cut ten times as fast as a bigint of any size. What is below 2^63 after
    // rounding to a double was so before.
    const rounded = Number(value);
    if (rounded > -(2 ** 63) && rounded < 2 ** 63) this.#near(value);
    else this.#far(value);
  }

  /** Writes 8 bytes, and moves up those that count. */
  #near(value: bigint): void {
    const bytes = this.#bytes;
    const first = this.length + 1;
    this.#view.setBigInt64(first, value);
    const high = this.#view.getInt32(first);
    const low = this.#view.getInt32(first + 4);
    const sign = high >> 31;
    const bits = high === sign ? 32 - Math.clz32(low ^ sign) : 64 - Math.clz32(high ^ sign);
    const length = (bits >> 3) + 1;
    bytes[first - 1] = length;
    const surplus = 8 - length;
    for (let at = first; at < first + length; at++) bytes[at] = bytes[at + surplus] as number;
    this.length = first + length;
  }

  #far(value: bigint): void {
    if (value >= AMOUNT_LIMIT || value <= -AMOUNT_LIMIT) {
      throw new RangeError(`expected an amount within ±2^127, was ${value}`);
    }
    let length = 1;
    for (let rest = value >> 7n; rest !== 0n && rest !== -1n; rest >>= 8n) length += 1;
    this.#bytes[this.length++] = length;
    for (let byte = length - 1; byte >= 0; byte--) {
      this.#bytes[this.length++] = Number(BigInt.asUintN(8, value >> BigInt(8 * byte)));
    }
  }

  raw(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** What was written, until the writer begins again. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}

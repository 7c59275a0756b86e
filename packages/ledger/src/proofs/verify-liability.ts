// Imports nothing, so that whoever doubts us can take this file alone: SHA-256 is that of the Web Crypto API, which browsers and
// Node have. The tree is built by the same functions.

declare const crypto: {
  readonly subtle: { digest(name: "SHA-256", data: Uint8Array): Promise<ArrayBuffer> };
};
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

/** What is published of a snapshot of an asset: everybody must be shown the same one. */
export interface LiabilityCommitment {
  readonly format: "pincex-liabilities/1";
  readonly asset: string;
  /** Names the instant: a time, a sequence number, a block's hash. */
  readonly snapshot: string;
  /** How many levels of siblings there are above a leaf. */
  readonly depth: number;
  /** All that is owed, a whole number of smallest units as text. */
  readonly total: string;
  /** The hash over all of the above and the root of the tree. */
  readonly hash: string;
}

/** Why a customer's balance is counted in the total: what that customer is given, and nobody else. It survives JSON. */
export interface LiabilityProof {
  readonly commitment: LiabilityCommitment;
  readonly customer: string;
  /** A whole number of smallest units, as text. */
  readonly balance: string;
  /** Known to this customer only: without it nobody finds out whose leaf it is. */
  readonly salt: string;
  /** From the leaf up to the root; sums are what is owed below each sibling. */
  readonly path: readonly {
    readonly side: "left" | "right";
    readonly hash: string;
    readonly sum: string;
  }[];
}

/** Whether a balance is counted; if not, the first thing that is wrong. */
export type LiabilityVerdict =
  | { readonly ok: true; readonly total: bigint }
  | {
      readonly ok: false;
      readonly code:
        | "proof_malformed"
        | "customer_differs"
        | "balance_differs"
        | "commitment_differs"
        | "sum_out_of_range"
        | "total_differs"
        | "not_in_tree";
    };

/** What a customer knows without us: who they are, what they should have, and what was published. */
export interface LiabilityClaim {
  readonly customer: string;
  readonly balance: bigint;
  /** `LiabilityCommitment.hash`, from a place where everybody sees the same. */
  readonly published: string;
}

/** Sums are below it: 16 bytes hold them, and nothing that is added up runs over. */
const SUM_LIMIT = 2n ** 127n;

/** No tree is deeper: 2^40 leaves. */
export const DEPTH_LIMIT = 40;

/**
 * Checks that a balance is counted in a published total.
 *
 * It proves that the operator owes at least this balance as part of the total, not that there is money to pay it; and it proves
 * more the more customers check theirs.
 *
 * @example
 * const verdict = await verifyLiability(JSON.parse(text), { customer: "alice", balance: 1_250n, published });
 * if (!verdict.ok) throw new Error(verdict.code);
 */
export const verifyLiability = async (
  proof: LiabilityProof,
  claim: LiabilityClaim,
): Promise<LiabilityVerdict> => {
  try {
    return await checked(proof, claim);
  } catch {
    return no("proof_malformed");
  }
};

const checked = async (proof: LiabilityProof, claim: LiabilityClaim): Promise<LiabilityVerdict> => {
  const { commitment, customer, balance, path } = proof;
  if (commitment.format !== "pincex-liabilities/1") return no("proof_malformed");
  if (path.length !== commitment.depth || path.length > DEPTH_LIMIT) return no("proof_malformed");
  if (customer !== claim.customer) return no("customer_differs");
  if (parseSum(balance) !== claim.balance) return no("balance_differs");

  const root = await rootOver(proof, claim);
  if (root === undefined) return no("sum_out_of_range");
  if (parseSum(commitment.total) !== root.sum) return no("total_differs");
  const hash = toHex(await sha256(commitmentBytes(commitment, root.hash)));
  if (hash !== commitment.hash) return no("not_in_tree");
  if (hash !== claim.published) return no("commitment_differs");
  return { ok: true, total: root.sum };
};

/** The root above the customer's own leaf. Undefined: a sum is below zero or too great, whatever it would add up to. */
const rootOver = async (
  { salt, path }: LiabilityProof,
  { customer, balance }: LiabilityClaim,
): Promise<SumNode | undefined> => {
  if (!isSum(balance)) return undefined;
  const hash = await sha256(leafBytes({ customer, amount: balance, salt: fromHex(salt) }));
  let node: SumNode = { hash, sum: balance };
  for (const sibling of path) {
    const other = { hash: fromHex(sibling.hash), sum: parseSum(sibling.sum) };
    const sum = node.sum + other.sum;
    if (!isSum(other.sum) || !isSum(sum)) return undefined;
    const bytes = isLeft(sibling.side) ? nodeBytes(other, node) : nodeBytes(node, other);
    node = { hash: await sha256(bytes), sum };
  }
  return node;
};

const isLeft = (side: string): boolean => {
  if (side !== "left" && side !== "right") throw new RangeError(`expected a side, was ${side}`);
  return side === "left";
};

const no = (code: (LiabilityVerdict & { ok: false })["code"]): LiabilityVerdict => ({
  ok: false,
  code,
});

export const isSum = (sum: bigint): boolean => sum >= 0n && sum < SUM_LIMIT;

/** Reads a sum as it is written in a proof. A minus is read, so that it can be refused for what it is. */
const parseSum = (text: string): bigint => {
  if (!/^(0|-?[1-9]\d{0,38})$/.test(text)) throw new RangeError(`expected a sum, was ${text}`);
  return BigInt(text);
};

/** A part of the tree: what is owed in it, and the hash that stands for it. */
export interface SumNode {
  readonly hash: Uint8Array;
  readonly sum: bigint;
}

/** What a leaf's hash is of: 0x00, the version, the salt, the length of the customer's id in 4 bytes, the id in UTF-8, the amount. */
export const leafBytes = (leaf: {
  readonly salt: Uint8Array;
  readonly customer: string;
  readonly amount: bigint;
}): Uint8Array => {
  const customer = new TextEncoder().encode(leaf.customer);
  return joined([LEAF, VERSION], leaf.salt, word(customer.length), customer, sumBytes(leaf.amount));
};

/**
 * What a node's hash is of: 0x01, then the hash and the sum of the left, the hash and the sum of the right.
 *
 * Both sums, and not what they add up to: otherwise an operator could show each customer other sums with the same total, and
 * leave the rest out.
 */
export const nodeBytes = (left: SumNode, right: SumNode): Uint8Array =>
  joined([NODE], left.hash, sumBytes(left.sum), right.hash, sumBytes(right.sum));

/** What the published hash is of: 0x02, the version, asset and snapshot with their lengths, the depth in 4 bytes, the root's hash, the total. */
export const commitmentBytes = (
  { asset, snapshot, depth, total }: Omit<LiabilityCommitment, "hash">,
  root: Uint8Array,
): Uint8Array => {
  const texts = [asset, snapshot].map((text) => new TextEncoder().encode(text));
  const fields = texts.flatMap((text) => [word(text.length), text]);
  return joined([COMMITMENT, VERSION], ...fields, word(depth), root, sumBytes(BigInt(total)));
};

const LEAF = 0x00;
const NODE = 0x01;
const COMMITMENT = 0x02;
const VERSION = 1;

/** 16 bytes, big-endian. */
const sumBytes = (sum: bigint): Uint8Array => {
  if (!isSum(sum)) throw new RangeError(`expected a sum from 0 to 2^127 - 1, was ${sum}`);
  return fromDigits(sum.toString(16).padStart(32, "0"));
};

const word = (value: number): Uint8Array => fromDigits(value.toString(16).padStart(8, "0"));

const joined = (...parts: (Uint8Array | readonly number[])[]): Uint8Array => {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
};

const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

const fromHex = (text: string): Uint8Array => {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new RangeError(`expected 32 bytes in hex, was ${text}`);
  return fromDigits(text);
};

const fromDigits = (digits: string): Uint8Array =>
  Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16),
  );

const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

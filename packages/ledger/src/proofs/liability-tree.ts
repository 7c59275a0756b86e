import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { textRefusal } from "../text-rule.ts";
import {
  commitmentBytes,
  DEPTH_LIMIT,
  isSum,
  type LiabilityCommitment,
  type LiabilityProof,
  leafBytes,
  nodeBytes,
  type SumNode,
} from "./verify-liability.ts";

/** What is owed to one customer in one asset: smallest units, zero or more. */
export interface Liability {
  /** 1 to 255 characters, an id by which the customers know themselves: it is in their leaf, so that no two can be shown the same. */
  readonly customer: string;
  readonly balance: bigint;
}

export interface LiabilityTreeOptions {
  /** The asset's code or number, as customers know it. */
  readonly asset: string;
  /** Names the instant. The same customer has another salt in another snapshot. */
  readonly snapshot: string;
  /**
   * Salts come from it, at least 32 bytes. Keep it: proofs can be made again from it. Never show it: whoever has it can look for
   * customers in the tree.
   */
  readonly secret: Uint8Array;
  /**
   * How many levels the tree has; 2^depth leaves at least as many as there are customers. Customers see the depth, so the same one
   * for every snapshot hides how many have come and gone. Unless told otherwise the smallest that fits, but at least 4.
   */
  readonly depth?: number;
}

/** A tree was built, or the reason why it can't be. */
export type BuiltLiabilities =
  | { readonly ok: true; readonly tree: LiabilityTree }
  | {
      readonly ok: false;
      readonly code:
        | "liability_negative"
        | "liability_out_of_range"
        | "customer_repeated"
        | "customer_malformed"
        | "depth_too_small";
      /** Where: "liabilities[2].balance". */
      readonly field: string;
    };

const SECRET_BYTES = 32;
const DEPTH_MINIMUM = 4;

/** As long as an account's owner may be. */
const CUSTOMER_LIMIT = 255;

/**
 * The Merkle-sum tree over what is owed in one asset.
 *
 * Leaves stand in the order of their hashes, which are salted: their places tell neither who nor when. Leaves of zero that nobody can
 * tell from customers fill it up.
 *
 * @example
 * const built = buildLiabilityTree(liabilities, { asset: "BTC", snapshot: "2026-01-31", secret });
 * if (!built.ok) throw new Error(`${built.field}: ${built.code}`);
 * publish(built.tree.commitment);
 * send("alice", built.tree.proof("alice"));
 */
export const buildLiabilityTree = (
  liabilities: readonly Liability[],
  options: LiabilityTreeOptions,
): BuiltLiabilities => {
  const { secret, depth = smallestDepth(liabilities.length) } = options;
  if (secret.length < SECRET_BYTES) {
    throw new RangeError(
      `expected a secret of at least ${SECRET_BYTES} bytes, was ${secret.length}`,
    );
  }
  if (!Number.isInteger(depth) || depth < 0 || depth > DEPTH_LIMIT) {
    throw new RangeError(`expected a depth of 0 to ${DEPTH_LIMIT}, was ${depth}`);
  }
  const refusal =
    liabilities.length > 2 ** depth
      ? no("depth_too_small", "depth")
      : liabilityRefusal(liabilities);
  if (refusal !== undefined) return refusal;
  return { ok: true, tree: new LiabilityTree(liabilities, { ...options, depth }) };
};

const liabilityRefusal = (liabilities: readonly Liability[]): BuiltLiabilities | undefined => {
  const customers = new Set<string>();
  let total = 0n;
  for (const [index, { customer, balance }] of liabilities.entries()) {
    const field = `liabilities[${index}]`;
    const isMalformed = customer === "" || textRefusal(customer, CUSTOMER_LIMIT, field);
    if (isMalformed) return no("customer_malformed", `${field}.customer`);
    if (customers.has(customer)) return no("customer_repeated", `${field}.customer`);
    if (balance < 0n) return no("liability_negative", `${field}.balance`);
    total += balance;
    if (!isSum(total)) return no("liability_out_of_range", `${field}.balance`);
    customers.add(customer);
  }
  return undefined;
};

const no = (code: (BuiltLiabilities & { ok: false })["code"], field: string): BuiltLiabilities => ({
  ok: false,
  code,
  field,
});

const smallestDepth = (customers: number): number =>
  Math.max(DEPTH_MINIMUM, Math.ceil(Math.log2(Math.max(1, customers))));

/** A leaf before it has its place. Without a customer it fills up. */
interface Leaf extends SumNode {
  readonly customer: string | undefined;
  readonly key: string;
}

/** A tree that was built by `buildLiabilityTree`. */
export class LiabilityTree {
  /** What to publish. */
  readonly commitment: LiabilityCommitment;
  readonly #levels: SumNode[][];
  readonly #places: ReadonlyMap<string, number>;
  readonly #salt: (kind: string, name: string) => Uint8Array;

  /** @internal What is owed has been checked. */
  constructor(
    liabilities: readonly Liability[],
    { asset, snapshot, secret, depth }: Required<LiabilityTreeOptions>,
  ) {
    this.#salt = (kind, name) => hmac(sha256, secret, saltInput(kind, asset, snapshot, name));
    const leaves: Leaf[] = liabilities.map(({ customer, balance }) =>
      leafOf(this.#salt("customer", customer), customer, balance),
    );
    for (let index = leaves.length; index < 2 ** depth; index++) {
      leaves.push(leafOf(this.#salt("padding", String(index)), undefined, 0n));
    }
    leaves.sort((one, other) => (one.key < other.key ? -1 : 1));
    this.#places = new Map(
      leaves.flatMap(({ customer }, place) => (customer === undefined ? [] : [[customer, place]])),
    );
    this.#levels = [leaves];
    for (let level = 0; level < depth; level++) {
      this.#levels.push(levelAbove(this.#levels[level] as SumNode[]));
    }
    const root = this.#levels[depth]?.[0] as SumNode;
    const format = "pincex-liabilities/1";
    const open = { format, asset, snapshot, depth, total: String(root.sum) } as const;
    this.commitment = { ...open, hash: bytesToHex(sha256(commitmentBytes(open, root.hash))) };
  }

  /** What to give to a customer, and to nobody else. Undefined: nothing is owed to anybody of that id. */
  proof(customer: string): LiabilityProof | undefined {
    const place = this.#places.get(customer);
    if (place === undefined) return undefined;
    const path = this.#levels.slice(0, -1).map((nodes, level) => {
      const here = place >> level;
      const { hash, sum } = nodes[here ^ 1] as SumNode;
      const side: "left" | "right" = (here & 1) === 1 ? "left" : "right";
      return { side, hash: bytesToHex(hash), sum: String(sum) };
    });
    return {
      commitment: this.commitment,
      customer,
      balance: String(this.#levels[0]?.[place]?.sum),
      salt: bytesToHex(this.#salt("customer", customer)),
      path,
    };
  }
}

const leafOf = (salt: Uint8Array, customer: string | undefined, amount: bigint): Leaf => {
  const hash = sha256(leafBytes({ salt, customer: customer ?? "", amount }));
  return { hash, sum: amount, customer, key: bytesToHex(hash) };
};

const levelAbove = (below: readonly SumNode[]): SumNode[] =>
  Array.from({ length: below.length / 2 }, (_, index) => {
    const left = below[2 * index] as SumNode;
    const right = below[2 * index + 1] as SumNode;
    return { hash: sha256(nodeBytes(left, right)), sum: left.sum + right.sum };
  });

/** Each text with its length in front, so that no two lists of texts are spelled alike. */
const saltInput = (...texts: string[]): Uint8Array =>
  utf8ToBytes(["pincex-liability-salt/1", ...texts].map((text) => `${text.length}:${text}`).join());

/**
 * What is owed to each customer in an asset: the sum of an owner's accounts of kind "customer".
 *
 * Throws a `RangeError` if one of them is below zero: what a customer owes is an asset, and setting it off would hide what
 * is owed to others.
 */
export const liabilitiesOf = (
  accounts: Iterable<{
    readonly account: number;
    readonly owner: string;
    readonly asset: number;
    readonly kind: string;
  }>,
  asset: number,
  balance: (account: number) => bigint,
): Liability[] => {
  const owed = new Map<string, bigint>();
  for (const { account, owner, asset: its, kind } of accounts) {
    if (its !== asset || kind !== "customer") continue;
    const amount = balance(account);
    if (amount < 0n) {
      throw new RangeError(`expected zero or more on account ${account}, was ${amount}`);
    }
    owed.set(owner, (owed.get(owner) ?? 0n) + amount);
  }
  return [...owed].map(([customer, sum]) => ({ customer, balance: sum }));
};

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { Books } from "../books.ts";
import {
  buildLiabilityTree,
  type Liability,
  type LiabilityProof,
  type LiabilityTree,
  type LiabilityTreeOptions,
  liabilitiesOf,
  verifyLiability,
} from "./index.ts";
import { commitmentBytes, leafBytes, nodeBytes, type SumNode } from "./verify-liability.ts";

const options: LiabilityTreeOptions = {
  asset: "BTC",
  snapshot: "2026-01-31",
  secret: new Uint8Array(32).fill(7),
};
const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const treeOf = (liabilities: readonly Liability[], more: Partial<LiabilityTreeOptions> = {}) => {
  const built = buildLiabilityTree(liabilities, { ...options, ...more });
  if (!built.ok) throw new Error(`${built.field}: ${built.code}`);
  return built.tree;
};
const proofOf = (tree: LiabilityTree, customer: string): LiabilityProof => {
  const proof = tree.proof(customer);
  if (proof === undefined) throw new Error(`nothing is owed to ${customer}`);
  return proof;
};

const customers = fc.uniqueArray(
  fc.record({
    customer: fc.string({ minLength: 1, unit: "grapheme" }),
    balance: fc.oneof(fc.bigInt({ min: 0n, max: 1_000n }), fc.bigInt({ min: 0n, max: 2n ** 120n })),
  }),
  { minLength: 1, maxLength: 40, selector: ({ customer }) => customer },
);

const folder = mkdtempSync(join(tmpdir(), "pincex-liabilities-"));
afterAll(() => rmSync(folder, { recursive: true }));
const program = join(import.meta.dirname, "../../../../examples/check-my-balance/main.mjs");

/** What the customer's own program, which shares no code with ours, says of a proof. */
const ownVerdict = (
  proof: LiabilityProof,
  customer: string,
  balance: bigint,
  published: string,
) => {
  const file = join(folder, "proof.json");
  writeFileSync(file, JSON.stringify(proof));
  try {
    return execFileSync(process.execPath, [program, file, customer, String(balance), published], {
      encoding: "utf8",
    });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
};

describe("a tree of liabilities", () => {
  test("proves to every customer that their balance is part of the total", async () => {
    await fc.assert(
      fc.asyncProperty(customers, async (liabilities) => {
        const tree = treeOf(liabilities);
        const total = liabilities.reduce((sum, { balance }) => sum + balance, 0n);
        const published = tree.commitment.hash;
        for (const { customer, balance } of liabilities) {
          const proof: LiabilityProof = JSON.parse(JSON.stringify(proofOf(tree, customer)));
          expect(await verifyLiability(proof, { customer, balance, published })).toEqual({
            ok: true,
            total,
          });
        }
      }),
      { numRuns: 40 },
    );
  });

  test("proves nothing once anything of a proof is changed", async () => {
    await fc.assert(
      fc.asyncProperty(customers, fc.nat(), fc.nat(), async (liabilities, who, choice) => {
        const { customer, balance } = liabilities[who % liabilities.length] as Liability;
        const tree = treeOf(liabilities);
        const proof = proofOf(tree, customer);
        const claim = { customer, balance, published: tree.commitment.hash };
        for (const changed of [oneChange(proof, choice), withoutAPart(proof, choice)]) {
          expect(await verifyLiability(changed, claim)).toMatchObject({ ok: false });
        }
      }),
      { numRuns: 300 },
    );
  });

  test("proves nothing to those who have another balance, are somebody else, or saw another hash", async () => {
    const tree = treeOf([
      { customer: "alice", balance: 5n },
      { customer: "bob", balance: 5n },
    ]);
    const proof = proofOf(tree, "alice");
    const claim = { customer: "alice", balance: 5n, published: tree.commitment.hash };
    const verdict = (change: object) => verifyLiability(proof, { ...claim, ...change });
    expect(await verdict({})).toEqual({ ok: true, total: 10n });
    expect(await verdict({ balance: 6n })).toEqual({ ok: false, code: "balance_differs" });
    expect(await verdict({ customer: "bob" })).toEqual({ ok: false, code: "customer_differs" });
    expect(await verdict({ published: "0".repeat(64) })).toEqual({
      ok: false,
      code: "commitment_differs",
    });
    expect(tree.proof("carol")).toBeUndefined();
  });

  test("agrees with a program that was written from the description alone", () => {
    const [liabilities = []] = fc.sample(customers, { seed: 5, numRuns: 1 });
    const tree = treeOf(liabilities, { depth: 7 });
    const published = tree.commitment.hash;
    for (const { customer, balance } of liabilities.slice(0, 4)) {
      const proof = proofOf(tree, customer);
      expect(ownVerdict(proof, customer, balance, published)).toBe(
        `PROVED: ${balance} of ${customer} is part of ${tree.commitment.total} BTC\n`,
      );
      expect(ownVerdict(proof, customer, balance + 1n, published)).toMatch("NOT PROVED");
      expect(ownVerdict(proof, `${customer}.`, balance, published)).toMatch("NOT PROVED");
      const [first, ...rest] = proof.path;
      const changed = { ...proof, path: [{ ...first, sum: "-1" }, ...rest] } as LiabilityProof;
      expect(ownVerdict(changed, customer, balance, published)).toMatch("NOT PROVED: -1 is no sum");
    }
  });

  test("refuses what can't be owed, and says where", () => {
    const refusal = (liabilities: Liability[], more: Partial<LiabilityTreeOptions> = {}) => {
      const built = buildLiabilityTree(liabilities, { ...options, ...more });
      return built.ok ? undefined : [built.code, built.field];
    };
    const alice = { customer: "alice", balance: 5n };
    expect(refusal([alice, { customer: "bob", balance: -1n }])).toEqual([
      "liability_negative",
      "liabilities[1].balance",
    ]);
    expect(refusal([alice, { customer: "bob", balance: 2n ** 127n - 5n }])).toEqual([
      "liability_out_of_range",
      "liabilities[1].balance",
    ]);
    expect(refusal([alice, { customer: "bob", balance: 2n ** 127n - 6n }])).toBeUndefined();
    expect(refusal([alice, alice])).toEqual(["customer_repeated", "liabilities[1].customer"]);
    expect(refusal([{ customer: "", balance: 1n }])).toEqual([
      "customer_malformed",
      "liabilities[0].customer",
    ]);
    expect(refusal([{ customer: "\ud800", balance: 1n }])).toEqual([
      "customer_malformed",
      "liabilities[0].customer",
    ]);
    expect(refusal([alice, { ...alice, customer: "bob" }], { depth: 0 })).toEqual([
      "depth_too_small",
      "depth",
    ]);
    expect(() => refusal([alice], { secret: new Uint8Array(31) })).toThrow(RangeError);
    expect(() => refusal([alice], { depth: 41 })).toThrow(RangeError);
  });

  test("of nobody owes nothing", () => {
    expect(treeOf([]).commitment).toMatchObject({ total: "0", depth: 4 });
  });
});

describe("neighbours in the tree", () => {
  const many = Array.from({ length: 100 }, (_, index) => ({
    customer: `c${index}`,
    balance: BigInt(index),
  }));

  test("see of each other neither who they are nor the same leaf twice", () => {
    const monday = treeOf(many);
    const tuesday = treeOf(many, { snapshot: "2026-02-01" });
    const other = treeOf(many, { asset: "ETH" });
    const salts = [monday, tuesday, other].flatMap((tree) =>
      many.map(({ customer }) => proofOf(tree, customer).salt),
    );
    expect(new Set(salts).size).toBe(300);
    const hashes = [monday, tuesday, other].flatMap((tree) =>
      many.flatMap(({ customer }) => proofOf(tree, customer).path[0]?.hash ?? []),
    );
    const guesses = many.map(({ customer, balance }) =>
      hexOf(sha256(leafBytes({ salt: new Uint8Array(32), customer, amount: balance }))),
    );
    expect(hashes.filter((hash) => guesses.includes(hash))).toEqual([]);
    expect(JSON.stringify(proofOf(monday, "c7")).match(/"c\d+"/g)).toEqual(['"c7"']);
  });

  test("don't see from a place who came first, nor how many there are below the next power of two", () => {
    const placeOf = (tree: LiabilityTree, customer: string): number =>
      proofOf(tree, customer).path.reduce(
        (place, { side }, level) => place + (side === "left" ? 2 ** level : 0),
        0,
      );
    const tree = treeOf(many);
    const places = many.map(({ customer }) => placeOf(tree, customer));
    expect(new Set(places).size).toBe(100);
    expect(Math.max(...places)).toBeLessThan(128);
    expect(places).not.toEqual([...places].sort((one, other) => one - other));
    expect(treeOf(many.toReversed()).commitment).toEqual(tree.commitment);
    for (const count of [65, 100, 128])
      expect(treeOf(many.concat(more).slice(0, count)).commitment.depth).toBe(7);
    expect(treeOf(many, { depth: 12 }).commitment).toMatchObject({ depth: 12, total: "4950" });
  });
  const more = Array.from({ length: 28 }, (_, index) => ({ customer: `d${index}`, balance: 1n }));
});

/** What a dishonest operator could put together by hand, with the hashes computed as they should be. */
describe("an operator who cheats", () => {
  const salt = new Uint8Array(32).fill(9);
  const leaf = (customer: string, amount: bigint): SumNode => ({
    hash: sha256(leafBytes({ salt, customer, amount })),
    sum: amount,
  });
  /** A node of any sums, hashed as if they were allowed. */
  const forgedNode = (left: SumNode, right: SumNode, sum: bigint): SumNode => {
    const bytes = nodeBytes({ ...left, sum: 0n }, { ...right, sum: 0n });
    const put = (amount: bigint, offset: number) =>
      bytes.set(
        Buffer.from(BigInt.asUintN(128, amount).toString(16).padStart(32, "0"), "hex"),
        offset,
      );
    put(left.sum, 33);
    put(right.sum, 81);
    return { hash: sha256(bytes), sum };
  };
  const claimOf = (balance: bigint, sibling: SumNode, total: bigint, customer = "alice") => {
    const root = forgedNode(leaf(customer, balance), sibling, total);
    const open = {
      format: "pincex-liabilities/1",
      asset: "BTC",
      snapshot: "s",
      depth: 1,
      total: String(total),
    } as const;
    const hash = hexOf(
      sha256(commitmentBytes({ ...open, total: String(BigInt.asUintN(126, total)) }, root.hash)),
    );
    const proof: LiabilityProof = {
      commitment: { ...open, hash },
      customer,
      balance: String(balance),
      salt: hexOf(salt),
      path: [{ side: "right", hash: hexOf(sibling.hash), sum: String(sibling.sum) }],
    };
    return { proof, claim: { customer, balance, published: hash } };
  };

  test("can't make the total smaller by a sibling below zero", async () => {
    const { proof, claim } = claimOf(10n, { ...leaf("bob", 0n), sum: -7n }, 3n);
    expect(await verifyLiability(proof, claim)).toEqual({ ok: false, code: "sum_out_of_range" });
  });

  test.each([2n ** 128n - 7n, 2n ** 127n, 2n ** 127n - 1n])(
    "can't make the total smaller by letting a sum of %d run over",
    async (sum) => {
      for (const total of [
        BigInt.asUintN(128, 10n + sum),
        BigInt.asUintN(127, 10n + sum),
        10n + sum,
      ]) {
        const { proof, claim } = claimOf(10n, { ...leaf("bob", 0n), sum }, total);
        expect(await verifyLiability(proof, claim)).toEqual({
          ok: false,
          code: "sum_out_of_range",
        });
      }
    },
  );

  test("can't count two customers of the same balance once", async () => {
    const tree = treeOf([{ customer: "alice", balance: 5n }]);
    const shared = { ...proofOf(tree, "alice"), customer: "bob" };
    const claim = { customer: "bob", balance: 5n, published: tree.commitment.hash };
    expect(await verifyLiability(shared, claim)).toEqual({ ok: false, code: "not_in_tree" });
  });

  test("can't claim the greater of two sums in place of both", async () => {
    // The flaw of the scheme as it was first published: a node that commits to hashes and one sum only. Here alice is shown a
    // sibling of 0 instead of bob's 8, and bob one of 2 instead of alice's 10, so that the total seems to be 10.
    const [alice, bob] = [leaf("alice", 10n), leaf("bob", 8n)];
    const root = forgedNode(alice, bob, 10n);
    const open = {
      format: "pincex-liabilities/1",
      asset: "BTC",
      snapshot: "s",
      depth: 1,
      total: "10",
    } as const;
    const commitment = { ...open, hash: hexOf(sha256(commitmentBytes(open, root.hash))) };
    const shown = (
      customer: string,
      own: SumNode,
      side: "left" | "right",
      other: SumNode,
      sum: bigint,
    ) =>
      verifyLiability(
        {
          commitment,
          customer,
          balance: String(own.sum),
          salt: hexOf(salt),
          path: [{ side, hash: hexOf(other.hash), sum: String(sum) }],
        },
        { customer, balance: own.sum, published: commitment.hash },
      );
    expect(await shown("alice", alice, "right", bob, 0n)).toEqual({
      ok: false,
      code: "not_in_tree",
    });
    expect(await shown("bob", bob, "left", alice, 2n)).toEqual({ ok: false, code: "not_in_tree" });
    expect(await shown("alice", alice, "right", bob, 8n)).toEqual({
      ok: false,
      code: "total_differs",
    });
  });

  test("can't exchange the sums of two children", async () => {
    const tree = treeOf(
      [
        { customer: "alice", balance: 5n },
        { customer: "bob", balance: 9n },
      ],
      { depth: 1 },
    );
    const proof = proofOf(tree, "alice");
    const [sibling] = proof.path;
    const claim = { customer: "alice", balance: 9n, published: tree.commitment.hash };
    const swapped = { ...proof, balance: "9", path: [{ ...sibling, sum: "5" }] } as LiabilityProof;
    expect(await verifyLiability(swapped, claim)).toEqual({ ok: false, code: "not_in_tree" });
  });

  test("can't pass off a node as a leaf, or leave out levels", async () => {
    const tree = treeOf([
      { customer: "alice", balance: 5n },
      { customer: "bob", balance: 9n },
    ]);
    const proof = proofOf(tree, "alice");
    const claim = { customer: "alice", balance: 5n, published: tree.commitment.hash };
    const shorter = { ...proof, path: proof.path.slice(1) };
    expect(await verifyLiability(shorter, claim)).toEqual({ ok: false, code: "proof_malformed" });
    const commitment = { ...proof.commitment, depth: 3 };
    expect(await verifyLiability({ ...shorter, commitment }, claim)).toMatchObject({ ok: false });
  });
});

describe("what is owed, by the books", () => {
  test("is the sum of each customer's accounts", () => {
    const books = new Books();
    for (const [owner, asset, kind] of [
      ["hot", 1, "custody"],
      ["alice", 1, "customer"],
      ["bob", 1, "customer"],
      ["venue", 1, "fees"],
      ["alice", 2, "customer"],
    ] as const) {
      books.openAccount({ owner, asset, kind });
    }
    const postings = [-60, 25, 30, 5].map((amount, index) => ({
      account: index + 1,
      amount: BigInt(amount),
    }));
    expect(books.post({ kind: "deposit", at: 0, postings }).ok).toBe(true);
    const owed = liabilitiesOf(books.accounts(), 1, (account) => books.balance(account));
    expect(owed).toEqual([
      { customer: "alice", balance: 25n },
      { customer: "bob", balance: 30n },
    ]);
    expect(treeOf(owed).commitment.total).toBe("55");
  });

  test("adds up sub-accounts, and sets nothing off", () => {
    const account = (number: number) => ({
      account: number,
      owner: "alice",
      asset: 1,
      kind: "customer",
    });
    const owed = (amounts: bigint[]) =>
      liabilitiesOf([account(1), account(2)], 1, (number) => amounts[number - 1] ?? 0n);
    expect(owed([3n, 4n])).toEqual([{ customer: "alice", balance: 7n }]);
    expect(() => owed([3n, -1n])).toThrow("expected zero or more on account 2, was -1");
  });
});

/** The same proof with one of its texts or numbers changed. */
const oneChange = (proof: LiabilityProof, choice: number): LiabilityProof => {
  const copy = structuredClone(proof);
  const leaves = leavesOf(copy);
  const [holder, key] = leaves[choice % leaves.length] as (typeof leaves)[number];
  const leaf = holder[key];
  if (typeof leaf === "number") holder[key] = leaf + 1;
  else if (leaf === "left" || leaf === "right") holder[key] = leaf === "left" ? "right" : "left";
  else if (/^[0-9a-f]{64}$/.test(String(leaf)))
    holder[key] = String(leaf).replace(/^./, (one) => (one === "0" ? "1" : "0"));
  else holder[key] = /^\d+$/.test(String(leaf)) ? String(BigInt(String(leaf)) + 1n) : `${leaf}x`;
  return copy;
};

const withoutAPart = (proof: LiabilityProof, choice: number): LiabilityProof => {
  const copy = structuredClone(proof);
  const leaves = leavesOf(copy);
  const [holder, key] = leaves[choice % leaves.length] as (typeof leaves)[number];
  delete holder[key];
  return copy;
};

const leavesOf = (value: object): [holder: Record<string, unknown>, key: string][] =>
  Object.entries(value).flatMap(([key, part]) =>
    typeof part === "object" && part !== null
      ? leavesOf(part)
      : [[value as Record<string, unknown>, key] as [Record<string, unknown>, string]],
  );

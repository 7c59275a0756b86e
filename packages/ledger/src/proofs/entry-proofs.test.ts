import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Books } from "../books.ts";
import type { Entry } from "../entry.ts";
import { applyStep } from "../testing/apply-step.ts";
import { ledgerFlow } from "../testing/ledger-flow.ts";
import { crc32 } from "./entry-seal.ts";
import {
  BLOCK_ENTRIES,
  BlockSealer,
  canonicalEntry,
  type EntryBlock,
  entrySeal,
  type Finding,
  type ProvableEntry,
  proveEntry,
  type StoredEntry,
  verifyEntries,
  verifyEntryProof,
} from "./index.ts";
import { randomLedger } from "./testing/random-ledger.ts";

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const sealed = (entries: readonly ProvableEntry[]): EntryBlock[] => {
  const sealer = new BlockSealer();
  return entries.flatMap((entry) => sealer.add(entry) ?? []);
};

const withSeals = (entries: readonly ProvableEntry[]): StoredEntry[] =>
  entries.map((entry) => ({ ...entry, seal: entrySeal(entry) }));

/** A ledger of three blocks and some entries more, the same every time. */
const [ledger = []] = fc.sample(randomLedger(fc.constant(3 * BLOCK_ENTRIES + 40)), {
  seed: 4,
  numRuns: 1,
});
const blocks = sealed(ledger);

const example: Entry & { bookedAt: number; sequence: number } = {
  number: 258,
  sequence: 300,
  kind: "trade",
  at: 1_700_000_000_123,
  bookedAt: 1_699_999_999_000,
  key: "",
  memo: "€",
  corrects: 7,
  postings: [
    { account: 3, amount: -128n, balanceAfter: 0n },
    { account: 2 ** 40, amount: 128n, balanceAfter: 2n ** 127n - 1n },
  ],
};

/** Of every length, and around each power of two. */
const anyAmount = fc
  .tuple(
    fc.integer({ min: 0, max: 126 }),
    fc.bigInt({ min: -2n, max: 2n }),
    fc.bigInt({ min: 0n, max: 2n ** 126n }),
    fc.boolean(),
  )
  .map(([bits, near, far, isNegative]) => {
    const amount = 2n ** BigInt(bits) + near + (bits % 3 === 0 ? far % 2n ** BigInt(bits) : 0n);
    return isNegative ? -amount : amount;
  });

describe("the canonical form of an entry", () => {
  test("is these bytes, for ever", () => {
    const { bytes, textsAt, postingsAt } = canonicalEntry(example);
    const counts = [
      "0000000000000102",
      "000000000000012c",
      "0000018bcfe5687b",
      "0000018bcfe56418",
      "0000000000000007",
    ];
    expect(hexOf(bytes.subarray(0, textsAt))).toBe(`0002${counts.join("")}`);
    expect(hexOf(bytes.subarray(textsAt, postingsAt))).toBe(
      `${"00000005"}7472616465${"00000000"}${"00000003"}e282ac`,
    );
    expect(hexOf(bytes.subarray(postingsAt))).toBe(
      `${"00000002"}${"0000000000000003"}${"0180"}${"0100"}${"0000010000000000"}${"020080"}${`107f${"ff".repeat(15)}`}${"00000000"}`,
    );
  });

  test("ends with what was captured from holds", () => {
    const none = canonicalEntry(example);
    const captures = [
      { hold: 1_000, amount: 300n },
      { hold: 7, amount: 1n },
    ];
    const { bytes, ...parts } = canonicalEntry({ ...example, captures });
    const rest = hexOf(none.bytes).replace(/00000000$/, "");
    expect(hexOf(bytes)).toBe(
      `${rest}${"00000002"}${"00000000000003e8"}02012c${"0000000000000007"}0101`,
    );
    expect({ ...parts }).toEqual({ textsAt: none.textsAt, postingsAt: none.postingsAt });
    expect(canonicalEntry({ ...example, captures: [] }).bytes).toEqual(none.bytes);
  });

  test("has a leaf and three checksums beside it", () => {
    const { bytes, textsAt, postingsAt } = canonicalEntry(example);
    const parts = [
      bytes.subarray(0, textsAt),
      bytes.subarray(textsAt, postingsAt),
      bytes.subarray(postingsAt),
    ];
    const checksums = parts
      .map((part) => crc32(part, 0, part.length).toString(16).padStart(8, "0"))
      .join("");
    const leaf = createHash("sha256").update(bytes).digest("hex");
    expect(hexOf(entrySeal(example))).toBe(leaf + checksums);
    expect(crc32(Buffer.from("-123456789"), 1, 10)).toBe(0xcbf43926);
  });

  test("holds an amount in as few bytes as the two's complement of other languages", () => {
    fc.assert(
      fc.property(anyAmount, (amount) => {
        const posting = { account: 1, amount, balanceAfter: 0n };
        const { bytes, postingsAt } = canonicalEntry({ ...example, postings: [posting] });
        const length = bytes[postingsAt + 12] ?? 0;
        const written = bytes.subarray(postingsAt + 13, postingsAt + 13 + length);
        expect(BigInt.asIntN(8 * length, BigInt(`0x${hexOf(written)}`))).toBe(amount);
        const magnitude = amount < 0n ? -amount - 1n : amount;
        const bits = magnitude === 0n ? 0 : magnitude.toString(2).length;
        expect(length).toBe(Math.floor(bits / 8) + 1);
      }),
      { numRuns: 500 },
    );
  });

  test("takes the booking time to be the entry's time where there is none", () => {
    const { bookedAt: _, sequence: __, ...plain } = example;
    expect(canonicalEntry(plain)).toEqual(
      canonicalEntry({ ...plain, bookedAt: plain.at, sequence: 0 }),
    );
  });

  test("is never that of another entry", () => {
    const texts = fc.record({ kind: fc.string(), key: fc.string(), memo: fc.string() });
    const spelled = (one: { kind: string; key: string; memo: string }): string =>
      hexOf(canonicalEntry({ ...example, ...one }).bytes);
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        const same = JSON.stringify(Object.entries(one)) === JSON.stringify(Object.entries(other));
        expect(spelled(one) === spelled(other)).toBe(same);
      }),
    );
    expect(spelled({ kind: "ab", key: "", memo: "c" })).not.toBe(
      spelled({ kind: "a", key: "b", memo: "c" }),
    );
  });

  test.each([
    ["a number that is none", { number: -1 }],
    ["a time between milliseconds", { at: 0.5 }],
    ["a booking time before 1970", { bookedAt: -1 }],
    [
      "an amount beyond 127 bits",
      { postings: [{ account: 1, amount: 2n ** 127n, balanceAfter: 0n }] },
    ],
  ])("doesn't exist for %s", (_, change) => {
    expect(() => canonicalEntry({ ...example, ...change })).toThrow(RangeError);
  });
});

describe("a block", () => {
  test("is what the description of the format says", () => {
    const sha256 = (...parts: (string | Uint8Array)[]): Buffer => {
      const hash = createHash("sha256");
      for (const part of parts)
        hash.update(typeof part === "string" ? Buffer.from(part, "hex") : part);
      return hash.digest();
    };
    let level = ledger
      .slice(BLOCK_ENTRIES, 2 * BLOCK_ENTRIES)
      .map((entry) => sha256(canonicalEntry(entry).bytes));
    while (level.length > 1) {
      level = level.flatMap((left, index) =>
        index % 2 === 0 ? [sha256("01", left, level[index + 1] ?? "")] : [],
      );
    }
    const counts = "000000000000000200000000000001010000000000000200";
    const root = hexOf(level[0] ?? Buffer.alloc(0));
    expect(blocks[1]).toEqual({
      number: 2,
      first: 257,
      last: 512,
      root,
      previous: blocks[0]?.hash,
      hash: hexOf(sha256("0202", counts, root, blocks[0]?.hash ?? "")),
    });
  });

  test("doesn't depend on where sealing was interrupted", () => {
    for (const cut of [0, 1, 2, 3]) {
      const [before, after] = [blocks.slice(0, cut), ledger.slice(cut * BLOCK_ENTRIES)];
      const sealer = new BlockSealer(before.at(-1));
      expect([...before, ...after.flatMap((entry) => sealer.add(entry) ?? [])]).toEqual(blocks);
    }
  });

  test("takes entries in order only", () => {
    const sealer = new BlockSealer(blocks[0]);
    expect(sealer.nextEntry).toBe(257);
    expect(() => sealer.add(ledger[0] as ProvableEntry)).toThrow("expected entry 257, was 1");
    const other = { ...(blocks[0] as EntryBlock), last: 255 };
    expect(() => new BlockSealer(other)).toThrow(RangeError);
  });
});

const replaced = <Item>(items: readonly Item[], at: number, by: Item): Item[] =>
  items.map((item, index) => (index === at ? by : item));

/** Every field of an entry, changed by hand. */
const changes: readonly [
  name: string,
  group: string,
  change: (entry: StoredEntry) => StoredEntry,
][] = [
  ["sequence", "facts", (entry) => ({ ...entry, sequence: (entry.sequence ?? 0) + 1 })],
  [
    "at",
    "facts",
    (entry) => ({ ...entry, at: entry.at + 1, bookedAt: entry.bookedAt ?? entry.at }),
  ],
  ["bookedAt", "facts", (entry) => ({ ...entry, bookedAt: (entry.bookedAt ?? entry.at) + 1 })],
  ["corrects", "facts", (entry) => ({ ...entry, corrects: entry.corrects + 1 })],
  ["kind", "texts", (entry) => ({ ...entry, kind: `${entry.kind}s` })],
  ["key", "texts", (entry) => ({ ...entry, key: `${entry.key}x` })],
  ["memo", "texts", (entry) => ({ ...entry, memo: `${entry.memo} ` })],
  [
    "memo and key exchanged",
    "texts",
    ({ key, memo, ...entry }) => ({ ...entry, key: `${memo}1`, memo: key }),
  ],
  [
    "an amount",
    "postings",
    (entry) => withPosting(entry, (one) => ({ ...one, amount: one.amount + 1n })),
  ],
  ["a sign", "postings", (entry) => withPosting(entry, (one) => ({ ...one, amount: -one.amount }))],
  [
    "an account",
    "postings",
    (entry) => withPosting(entry, (one) => ({ ...one, account: one.account + 1 })),
  ],
  [
    "a balance",
    "postings",
    (entry) => withPosting(entry, (one) => ({ ...one, balanceAfter: one.balanceAfter - 1n })),
  ],
  ["a posting removed", "postings", (entry) => ({ ...entry, postings: entry.postings.slice(1) })],
  [
    "a posting added",
    "postings",
    (entry) => ({ ...entry, postings: [...entry.postings, ...entry.postings] }),
  ],
  [
    "postings exchanged",
    "postings",
    (entry) => ({ ...entry, postings: entry.postings.toReversed() }),
  ],
];

const withPosting = (
  entry: StoredEntry,
  change: (posting: StoredEntry["postings"][number]) => StoredEntry["postings"][number],
): StoredEntry => ({
  ...entry,
  postings: entry.postings.map((posting, index) => (index === 0 ? change(posting) : posting)),
});

const position = fc.integer({ min: 0, max: ledger.length - 1 });
const sealedPosition = fc.integer({ min: 0, max: 3 * BLOCK_ENTRIES - 1 });

describe("verification", () => {
  test("finds nothing in what is as it was, with or without seals beside the entries", async () => {
    const entries = withSeals(ledger);
    for (const stream of [ledger, entries, streamed(entries)]) {
      const heads = blocks.map(({ number, hash }) => ({ number, hash }));
      expect(await verifyEntries(stream, streamed(blocks), { heads })).toEqual({
        ok: true,
        entries: ledger.length,
        blocks: 3,
        head: blocks[2],
        findings: [],
      });
    }
    expect(await verifyEntries([], [])).toMatchObject({ ok: true, entries: 0, head: undefined });
  });

  test("finds nothing in whatever the books post", async () => {
    await fc.assert(
      fc.asyncProperty(ledgerFlow, async (flow) => {
        const books = new Books();
        const entries = flow.flatMap((step) => applyStep(books, step).entries ?? []);
        expect(await verifyEntries(withSeals(entries), sealed(entries))).toMatchObject({
          ok: true,
          entries: books.nextEntry - 1,
        });
      }),
      { numRuns: 50 },
    );
  });

  test("names the entry and the group of any field that is changed", async () => {
    const entries = withSeals(ledger);
    await fc.assert(
      fc.asyncProperty(position, fc.constantFrom(...changes), async (at, [, group, change]) => {
        const changed = replaced(entries, at, change(entries[at] as StoredEntry));
        const { ok, findings } = await verifyEntries(changed, blocks);
        expect(ok).toBe(false);
        expect(findings).toEqual([{ what: "entry_changed", entry: at + 1, group }]);
      }),
      { numRuns: 60 },
    );
  });

  test("names the block of any field that is changed together with the seal beside it, or without any", async () => {
    await fc.assert(
      fc.asyncProperty(
        sealedPosition,
        fc.constantFrom(...changes),
        fc.boolean(),
        async (at, [, , change], hasSeals) => {
          const changed = replaced(ledger, at, change(ledger[at] as StoredEntry));
          const number = Math.floor(at / BLOCK_ENTRIES) + 1;
          const bounds = { first: (number - 1) * BLOCK_ENTRIES + 1, last: number * BLOCK_ENTRIES };
          const stored = hasSeals ? withSeals(changed) : changed;
          const { findings } = await verifyEntries(stored, blocks);
          expect(findings).toEqual([{ what: "block_differs", block: number, ...bounds }]);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("names an entry that is missing", async () => {
    const entries = withSeals(ledger);
    await fc.assert(
      fc.asyncProperty(sealedPosition, fc.integer({ min: 1, max: 600 }), async (at, count) => {
        const last = Math.min(at + count, ledger.length - 1);
        const without = entries.toSpliced(at, last - at);
        const { findings } = await verifyEntries(without, blocks);
        expect(findings).toEqual([{ what: "entry_missing", entry: at + 1, last }]);
      }),
      { numRuns: 30 },
    );
    expect((await verifyEntries(entries.slice(0, 700), blocks)).findings).toEqual([
      { what: "entry_missing", entry: 701, last: 768 },
    ]);
  });

  test("names an entry that was added, or stands elsewhere", async () => {
    const entries = withSeals(ledger);
    await fc.assert(
      fc.asyncProperty(position, position, async (from, to) => {
        const entry = entries[from] as StoredEntry;
        const twice = entries.toSpliced(to + 1, 0, entry);
        if (from <= to) {
          expect((await verifyEntries(twice, blocks)).findings).toEqual([
            { what: "entry_added", entry: from + 1 },
          ]);
        }
        const moved = entries.toSpliced(from, 1).toSpliced(to, 0, entry);
        const { ok, findings } = await verifyEntries(moved, blocks);
        expect(ok).toBe(from === to);
        const named = findings.map((finding) => (finding as { entry: number }).entry);
        if (from < to) expect(named).toEqual([from + 1]);
        // Moved to the front, it comes too early, and those that it has overtaken come late.
        const overtaken = Array.from({ length: from - to }, (_, index) => to + 1 + index);
        if (from > to) expect(named).toEqual(overtaken.slice(0, 100));
      }),
      { numRuns: 30 },
    );
  });

  test("names an entry at the end that has no seal though those before it have", async () => {
    const added = { ...(ledger[0] as ProvableEntry), number: ledger.length + 1 };
    const { findings } = await verifyEntries([...withSeals(ledger), added], blocks);
    expect(findings).toEqual([{ what: "entry_without_seal", entry: ledger.length + 1 }]);
  });

  test("names an entry whose fields have no form at all, and a number that is none", async () => {
    const entries = withSeals(ledger);
    const broken = { ...(entries[5] as StoredEntry), at: 0.5 };
    expect((await verifyEntries(replaced(entries, 5, broken), blocks)).findings).toEqual([
      { what: "entry_changed", entry: 6 },
    ]);
    const stray = { ...(entries[5] as StoredEntry), number: 0 };
    expect((await verifyEntries([stray, ...entries], blocks)).findings).toEqual([
      { what: "entry_added", entry: 0 },
    ]);
    const far = { ...(entries[5] as StoredEntry), number: 2 ** 52 };
    const { findings } = await verifyEntries([...entries, far], blocks);
    expect(findings.at(-1)).toEqual({ what: "entry_missing", entry: 809, last: 2 ** 52 - 1 });
  });

  const [first, second, third] = blocks as [EntryBlock, EntryBlock, EntryBlock];
  const zeros = "0".repeat(64);
  const differs: Finding = { what: "block_differs", block: 2, first: 257, last: 512 };
  test.each<[string, EntryBlock[], Finding[]]>([
    [
      "its root changed",
      [first, { ...second, root: zeros }, third],
      [{ what: "block_changed", block: 2 }, differs, { what: "chain_broken", block: 3 }],
    ],
    [
      "its hash changed",
      [first, { ...second, hash: zeros }, third],
      [{ what: "block_changed", block: 2 }],
    ],
    [
      "no hash that is one",
      [first, { ...second, root: "zz" }, third],
      [{ what: "block_changed", block: 2 }, differs],
    ],
    [
      "another before it",
      [first, { ...second, previous: zeros }, third],
      [
        { what: "block_changed", block: 2 },
        { what: "chain_broken", block: 2 },
        { what: "chain_broken", block: 3 },
      ],
    ],
    [
      "other bounds",
      [first, { ...second, last: 511 }, third],
      [
        { what: "block_changed", block: 2 },
        { what: "chain_broken", block: 3 },
      ],
    ],
    ["been removed", [first, third], [{ what: "block_missing", block: 2, last: 2 }]],
    [
      "been removed at the end",
      [first],
      [
        { what: "block_missing", block: 2, last: 2 },
        { what: "block_missing", block: 3, last: 3 },
      ],
    ],
    ["been repeated", [first, second, second, third], [{ what: "block_changed", block: 2 }]],
  ])("names a block that has %s", async (_, changed, findings) => {
    expect((await verifyEntries(ledger, changed)).findings).toEqual(findings);
  });

  test("finds a history that was rewritten as a whole by a hash that was published", async () => {
    const rewritten = ledger.map((entry) =>
      entry.number === 9 ? { ...entry, memo: "never" } : entry,
    );
    const chain = sealed(rewritten);
    const heads = [{ number: 2, hash: second.hash }];
    expect((await verifyEntries(withSeals(rewritten), chain)).ok).toBe(true);
    expect((await verifyEntries(withSeals(rewritten), chain, { heads })).findings).toEqual([
      { what: "head_differs", block: 2 },
    ]);
    const beyond = [{ number: 5, hash: zeros }];
    expect((await verifyEntries(ledger, blocks, { heads: beyond })).findings).toEqual([
      { what: "block_missing", block: 4, last: 5 },
    ]);
  });

  test("keeps as many findings as it is asked for", async () => {
    const entries = withSeals(ledger).map((entry) => ({ ...entry, memo: "x" }));
    const { ok, findings } = await verifyEntries(entries, blocks, { limit: 3 });
    expect([ok, findings.length]).toEqual([false, 3]);
    expect((await verifyEntries(entries, blocks, { limit: 0 })).ok).toBe(false);
  });
});

describe("an entry's proof", () => {
  const proofOf = (number: number) => {
    const block = Math.ceil(number / BLOCK_ENTRIES);
    const entries = ledger.slice((block - 1) * BLOCK_ENTRIES, block * BLOCK_ENTRIES);
    return proveEntry(number, entries, blocks.slice(block - 1));
  };
  const head = blocks.at(-1)?.hash ?? "";

  test("convinces for every entry of every block, also through JSON", async () => {
    for (let number = 1; number <= 3 * BLOCK_ENTRIES; number += 13) {
      const proof = JSON.parse(JSON.stringify(proofOf(number)));
      expect(await verifyEntryProof(proof, head)).toEqual({
        ok: true,
        entry: number,
        block: Math.ceil(number / BLOCK_ENTRIES),
      });
    }
  });

  test("convinces no more once any leaf of it is changed", async () => {
    await fc.assert(
      fc.asyncProperty(sealedPosition, fc.nat(), async (at, choice) => {
        const proof = proofOf(at + 1);
        const changed = withOneChange(proof, choice);
        expect(changed).not.toEqual(proof);
        expect(await verifyEntryProof(changed, head)).toMatchObject({ ok: false });
      }),
      { numRuns: 100 },
    );
  });

  test("of another history, with a gap in the chain, or of nothing, is told apart", async () => {
    const proof = proofOf(300);
    expect(await verifyEntryProof(proof, zeros64)).toEqual({ ok: false, code: "head_differs" });
    const gap = { ...proofOf(3), blocks: [blocks[0], blocks[2]] as EntryBlock[] };
    expect(await verifyEntryProof(gap, head)).toEqual({ ok: false, code: "chain_broken" });
    const outside = { ...proof, blocks: [blocks[2]] as EntryBlock[] };
    expect(await verifyEntryProof(outside, head)).toEqual({
      ok: false,
      code: "entry_outside_block",
    });
    const memo = { ...proof, entry: { ...proof.entry, memo: "more" } };
    expect(await verifyEntryProof(memo, head)).toEqual({ ok: false, code: "entry_not_in_block" });
    for (const nothing of [{}, { ...proof, blocks: [] }, { ...proof, path: [] }, null, 7]) {
      const verdict = await verifyEntryProof(nothing as typeof proof, head);
      expect(verdict).toEqual({ ok: false, code: "proof_malformed" });
    }
  });

  test("isn't made from other entries or blocks", () => {
    const entries = ledger.slice(0, BLOCK_ENTRIES);
    expect(() => proveEntry(300, entries, blocks)).toThrow(RangeError);
    expect(() => proveEntry(3, entries.slice(1), blocks)).toThrow(RangeError);
    expect(() => proveEntry(3, entries, [])).toThrow(RangeError);
    const changed = replaced(entries, 9, { ...(entries[9] as ProvableEntry), memo: "x" });
    expect(() => proveEntry(3, changed, blocks)).toThrow("sealed over");
  });
});

const zeros64 = "0".repeat(64);

async function* streamed<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

/** The same value with one of its leaves, a text or a number, changed. */
const withOneChange = <Value>(value: Value, choice: number): Value => {
  const copy = structuredClone(value);
  const leaves: [holder: Record<string, unknown>, key: string][] = [];
  const collect = (holder: Record<string, unknown>): void => {
    for (const [key, part] of Object.entries(holder)) {
      if (typeof part === "object" && part !== null) collect(part as Record<string, unknown>);
      else leaves.push([holder, key]);
    }
  };
  collect(copy as Record<string, unknown>);
  const [holder, key] = leaves[choice % leaves.length] as (typeof leaves)[number];
  const leaf = holder[key];
  if (typeof leaf === "number") holder[key] = leaf + 1;
  else if (/^[0-9a-f]{64}$/.test(String(leaf))) holder[key] = flipped(String(leaf));
  else holder[key] = /^-?\d+$/.test(String(leaf)) ? String(BigInt(String(leaf)) + 1n) : `${leaf}x`;
  return copy;
};

const flipped = (hex: string): string => (hex.startsWith("0") ? "1" : "0") + hex.slice(1);

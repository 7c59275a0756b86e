import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accountStatement, type ShownEntry } from "../export/index.ts";
import { shownLedger } from "../export/testing/shown-ledger.ts";
import {
  custodyLines,
  type OurLine,
  type OutsideLine,
  type ReconciledLine,
  reconcile,
  reconcileBalances,
} from "./index.ts";

const DAY = 86_400_000;
const asOf = 100 * DAY;

const our = (entry: number, reference: string, amount: bigint, day: number): OurLine => ({
  entry,
  reference,
  amount,
  at: day * DAY,
});
const their = (id: string, reference: string, amount: bigint, day: number): OutsideLine => ({
  id,
  reference,
  amount,
  at: day * DAY,
});

const told = (line: ReconciledLine): unknown[] => [
  line.what,
  "ours" in line ? line.ours.entry : undefined,
  "theirs" in line ? line.theirs.id : undefined,
  line.ageDays,
];

describe("a reconciliation", () => {
  test("tells what matches, what is missing on either side, what differs, and for how long", () => {
    const ours = [
      our(1, "r1", 100n, 10),
      our(2, "r2", 50n, 99),
      our(3, "r3", -70n, 95),
      our(4, "", 9n, 50),
    ];
    const theirs = [
      their("a", "r1", 100n, 11),
      their("b", "r3", -75n, 94),
      their("c", "r9", 8n, 98.5),
    ];
    const { ok, lines, ageing, difference } = reconcile(ours, theirs, { asOf });
    expect(ok).toBe(false);
    expect(lines.map(told)).toEqual([
      ["matched", 1, "a", 90],
      ["missing_there", 4, undefined, 50],
      ["amount_differs", 3, "b", 6],
      ["missing_here", undefined, "c", 1],
      ["missing_there", 2, undefined, 1],
    ]);
    expect(lines[2]).toMatchObject({ difference: -5n });
    expect(ageing).toEqual([
      { fromDays: 0, lines: 0, amount: 0n },
      { fromDays: 1, lines: 3, amount: 63n },
      { fromDays: 7, lines: 0, amount: 0n },
      { fromDays: 30, lines: 1, amount: 9n },
      { fromDays: 90, lines: 0, amount: 0n },
    ]);
    expect(difference).toBe(33n - 89n);
  });

  test("of the same lines in any order is all matched", () => {
    const lines = fc.array(
      fc.tuple(
        fc.constantFrom("r1", "r2", "r3", "r4"),
        fc.bigInt({ min: -3n, max: 3n }),
        fc.integer({ min: 0, max: 100 }),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(lines, fc.array(fc.nat(), { minLength: 12, maxLength: 12 }), (drawn, order) => {
        const ours = drawn.map(([reference, amount, day], index) =>
          our(index, reference, amount, day),
        );
        const theirs = drawn
          .map(([reference, amount, day], index) => their(String(index), reference, amount, day))
          .sort((one, other) => (order[Number(one.id)] ?? 0) - (order[Number(other.id)] ?? 0));
        expect(reconcile(ours, theirs, { asOf })).toMatchObject({ ok: true, difference: 0n });
      }),
      { numRuns: 200 },
    );
  });

  test("has every line once, and explains the whole difference", () => {
    const side = fc.array(
      fc.tuple(
        fc.constantFrom("", "r1", "r2", "r3"),
        fc.bigInt({ min: -3n, max: 3n }),
        fc.integer({ min: 0, max: 10 }),
      ),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(side, side, fc.integer({ min: -1, max: 5 }), (one, other, withinDays) => {
        const ours = one.map(([reference, amount, day], index) =>
          our(index, reference, amount, day),
        );
        const theirs = other.map(([reference, amount, day], index) =>
          their(String(index), reference, amount, day),
        );
        const { lines, difference, ageing } = reconcile(ours, theirs, { asOf, withinDays });
        const seen = lines.flatMap((line) => ("ours" in line ? [line.ours] : []));
        const seenThere = lines.flatMap((line) => ("theirs" in line ? [line.theirs] : []));
        expect(new Set(seen)).toEqual(new Set(ours));
        expect(new Set(seenThere)).toEqual(new Set(theirs));
        expect([seen.length, seenThere.length]).toEqual([ours.length, theirs.length]);
        const explained = lines.reduce((sum, line) => {
          const there = "theirs" in line ? line.theirs.amount : 0n;
          return sum + there - ("ours" in line ? line.ours.amount : 0n);
        }, 0n);
        expect(explained).toBe(difference);
        const open = lines.filter(({ what }) => what !== "matched");
        expect(ageing.reduce((sum, bucket) => sum + bucket.lines, 0)).toBe(open.length);
        // Nothing that could have been matched by reference and amount is left open on both sides.
        const names = (found: readonly (OurLine | OutsideLine)[]) =>
          found.filter(({ reference }) => reference !== "").map(({ reference }) => reference);
        const left = names(
          open.flatMap((line) => (line.what === "missing_there" ? [line.ours] : [])),
        );
        const leftThere = names(
          open.flatMap((line) => (line.what === "missing_here" ? [line.theirs] : [])),
        );
        expect(left.filter((name) => leftThere.includes(name))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("matches lines without a reference by amount and day only when asked to, the nearest first", () => {
    const ours = [our(1, "", 5n, 10), our(2, "", 5n, 14), our(3, "known", 5n, 12)];
    const theirs = [their("a", "", 5n, 13), their("b", "other", 5n, 12)];
    const matched = (withinDays?: number) =>
      reconcile(ours, theirs, withinDays === undefined ? { asOf } : { asOf, withinDays })
        .lines.filter(({ what }) => what === "matched")
        .map((line) => told(line).slice(1, 3));
    expect(matched()).toEqual([]);
    expect(matched(0)).toEqual([]);
    expect(matched(1)).toEqual([[3, "a"]]);
    expect(matched(2)).toEqual([
      [1, "b"],
      [3, "a"],
    ]);
  });

  test("refuses buckets that don't ascend from 0", () => {
    for (const buckets of [[], [1], [0, 0], [0, 5, 3]]) {
      expect(() => reconcile([], [], { asOf, buckets })).toThrow(RangeError);
    }
  });
});

describe("our side of it", () => {
  test("is what the books have on a custody account, seen from outside", async () => {
    await fc.assert(
      fc.asyncProperty(shownLedger, async ({ entries }) => {
        const period = { from: 0, to: Date.UTC(2100, 0) };
        const statement = await accountStatement(entries, 1, period);
        const ours = custodyLines(statement);
        const theirs = entries.flatMap((entry) =>
          entry.postings
            .filter(({ account }) => account === 1)
            .map(({ amount }) => ({ id: "", reference: entry.key, amount: -amount, at: entry.at })),
        );
        const { ok, difference } = reconcile(ours, theirs, { asOf: period.to, withinDays: 0 });
        expect([ok, difference]).toEqual([true, 0n]);
        expect(ours.reduce((sum, { amount }) => sum + amount, 0n)).toBe(-statement.closing);
      }),
      { numRuns: 40 },
    );
  });
});

describe("counts of wallets", () => {
  const moved = (
    number: number,
    day: number,
    postings: [account: number, amount: bigint][],
  ): ShownEntry => ({
    number,
    kind: "k",
    at: day * DAY,
    key: "",
    memo: "",
    corrects: 0,
    postings: postings.map(([account, amount]) => ({ account, amount, balanceAfter: 0n })),
  });
  const entries = [
    moved(1, 10, [
      [1, -100n],
      [9, 100n],
    ]),
    moved(2, 20, [
      [2, -50n],
      [1, 20n],
      [9, 30n],
    ]),
  ];
  const wallets = [
    { wallet: "hot", accounts: [1, 2] },
    { wallet: "cold", accounts: [3] },
  ];
  const count = (wallet: string, day: number, balance: bigint) => ({
    wallet,
    at: day * DAY,
    balance,
  });

  test("tell since when a wallet differs, and which were never counted or aren't ours", async () => {
    const counts = [
      count("hot", 30, 129n),
      count("hot", 5, 1n),
      count("hot", 15, 100n),
      count("hot", 25, 131n),
      count("paper", 90, 7n),
    ];
    expect(await reconcileBalances(entries, wallets, counts, { asOf })).toEqual([
      { what: "missing_there", wallet: "cold" },
      {
        what: "amount_differs",
        wallet: "hot",
        at: 30 * DAY,
        ours: 130n,
        theirs: 129n,
        difference: -1n,
        since: 25 * DAY,
        ageDays: 75,
      },
      {
        what: "missing_here",
        wallet: "paper",
        at: 90 * DAY,
        theirs: 7n,
        since: 90 * DAY,
        ageDays: 10,
      },
    ]);
  });

  test("match what was posted up to and including their instant", async () => {
    for (const [day, balance] of [
      [9, 0n],
      [10, 100n],
      [19.99, 100n],
      [20, 130n],
    ] as const) {
      const [, hot] = await reconcileBalances(entries, wallets, [count("hot", day, balance)], {
        asOf,
      });
      expect(hot).toEqual({ what: "matched", wallet: "hot", at: day * DAY, balance });
    }
  });

  test("refuse an account in two wallets, or a wallet twice", async () => {
    const twice = [
      { wallet: "a", accounts: [1] },
      { wallet: "b", accounts: [1] },
    ];
    await expect(reconcileBalances([], twice, [], { asOf })).rejects.toThrow(RangeError);
    const same = [
      { wallet: "a", accounts: [1] },
      { wallet: "a", accounts: [2] },
    ];
    await expect(reconcileBalances([], same, [], { asOf })).rejects.toThrow(RangeError);
  });

  test("of any books match the balances of the books", async () => {
    await fc.assert(
      fc.asyncProperty(shownLedger, async ({ books, entries: posted }) => {
        const at = Date.UTC(2100, 0);
        const counts = [1, 2].map((account) => ({
          wallet: `w${account}`,
          at,
          balance: -books.balance(account),
        }));
        const report = await reconcileBalances(
          posted,
          [1, 2].map((account) => ({ wallet: `w${account}`, accounts: [account] })),
          counts,
          { asOf: at },
        );
        expect(report.map(({ what }) => what)).toEqual(["matched", "matched"]);
      }),
      { numRuns: 40 },
    );
  });
});

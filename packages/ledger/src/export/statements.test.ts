import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AccountStatement,
  accountStatement,
  type EntryTime,
  type ShownEntry,
  trialBalance,
} from "./index.ts";
import { shownLedger } from "./testing/shown-ledger.ts";

const JANUARY = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const instant = fc
  .integer({ min: -1, max: 25 * 48 })
  .map((halfHours) => JANUARY + (halfHours * DAY) / 48);
const time = fc.constantFrom<EntryTime>("at", "bookedAt");

/** What one would write with no thought for memory or speed. */
const balanceBefore = (
  entries: readonly ShownEntry[],
  account: number,
  before: number,
  by: EntryTime,
) =>
  entries
    .filter((entry) => (entry[by] ?? entry.at) < before)
    .flatMap(({ postings }) => postings)
    .filter((posting) => posting.account === account)
    .reduce((sum, { amount }) => sum + amount, 0n);

describe("a trial balance", () => {
  test("of all that was posted has the balances of the books", async () => {
    await fc.assert(
      fc.asyncProperty(shownLedger, async ({ books, entries }) => {
        const { accounts, assets } = await trialBalance(entries, books.accounts());
        const posted = new Set(
          entries.flatMap(({ postings }) => postings.map(({ account }) => account)),
        );
        expect(accounts.map(({ account }) => account)).toEqual(
          [...posted].sort((one, other) => one - other),
        );
        for (const { account, balance } of accounts) expect(balance).toBe(books.balance(account));
        for (const { balance } of assets) expect(balance).toBe(0n);
      }),
      { numRuns: 60 },
    );
  });

  test("of any instant, by either time, is what adding up the entries before it gives", async () => {
    await fc.assert(
      fc.asyncProperty(shownLedger, instant, time, async ({ books, entries }, before, by) => {
        const { accounts, assets } = await trialBalance(entries, books.accounts(), { before, by });
        for (const { account, balance, debits, credits } of accounts) {
          expect(balance).toBe(balanceBefore(entries, account, before, by));
          expect(debits + credits).toBe(balance);
          expect(debits <= 0n && credits >= 0n).toBe(true);
        }
        for (const { asset, balance, debits, credits } of assets) {
          const own = accounts.filter((one) => one.asset === asset);
          expect([balance, debits, credits]).toEqual([
            0n,
            own.reduce((sum, one) => sum + one.debits, 0n),
            own.reduce((sum, one) => sum + one.credits, 0n),
          ]);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("refuses accounts that it isn't told about", async () => {
    const [ledger] = fc.sample(shownLedger, { seed: 1, numRuns: 1 });
    await expect(trialBalance(ledger?.entries ?? [], [])).rejects.toThrow(
      "expected a known account",
    );
  });
});

describe("a statement", () => {
  test("leads from the balance at its beginning to the one at its end, by either time", async () => {
    await fc.assert(
      fc.asyncProperty(
        shownLedger,
        instant,
        instant,
        time,
        async ({ books, entries }, one, other, by) => {
          const [from, to] = [Math.min(one, other), Math.max(one, other)];
          for (const { account } of books.accounts()) {
            const statement = await accountStatement(entries, account, { from, to, by });
            expect(statement.opening).toBe(balanceBefore(entries, account, from, by));
            expect(statement.closing).toBe(balanceBefore(entries, account, to, by));
            let balance = statement.opening;
            let last = from;
            for (const line of statement.lines) {
              balance += line.amount;
              expect(line.balanceAfter).toBe(balance);
              expect(line[by]).toBeGreaterThanOrEqual(last);
              expect(line[by]).toBeLessThan(to);
              last = line[by];
            }
            expect(statement.closing).toBe(balance);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test("has the balances of the books on its lines when it goes by the time of recording", async () => {
    await fc.assert(
      fc.asyncProperty(shownLedger, async ({ books, entries }) => {
        for (const { account } of books.accounts()) {
          const period = { from: 0, to: Date.UTC(2100, 0) };
          const { lines } = await accountStatement(entries, account, period);
          const recorded = entries.flatMap((entry) =>
            entry.postings.flatMap((posting, index) =>
              posting.account === account ? [[entry.number, index, posting.balanceAfter]] : [],
            ),
          );
          expect(lines.map((line) => [line.entry, line.index, line.balanceAfter])).toEqual(
            recorded,
          );
        }
      }),
      { numRuns: 40 },
    );
  });

  test("puts an entry that came late where it belongs", async () => {
    const posting = (amount: bigint) => [{ account: 1, amount, balanceAfter: 0n }];
    const facts = { kind: "k", key: "", memo: "", corrects: 0 };
    const entries: ShownEntry[] = [
      { number: 1, at: 10, ...facts, postings: posting(5n) },
      { number: 2, at: 20, ...facts, postings: posting(7n) },
      { number: 3, at: 30, bookedAt: 15, ...facts, postings: posting(-2n) },
    ];
    const lines = async (by: EntryTime): Promise<unknown[]> => {
      const {
        opening,
        lines: found,
        closing,
      }: AccountStatement = await accountStatement(entries, 1, { from: 11, to: 31, by });
      return [
        opening,
        ...found.map((line) => [line.entry, line.amount, line.balanceAfter]),
        closing,
      ];
    };
    expect(await lines("at")).toEqual([5n, [2, 7n, 12n], [3, -2n, 10n], 10n]);
    expect(await lines("bookedAt")).toEqual([5n, [3, -2n, 3n], [2, 7n, 10n], 10n]);
    await expect(accountStatement([], 1, { from: 2, to: 1 })).rejects.toThrow(RangeError);
  });
});

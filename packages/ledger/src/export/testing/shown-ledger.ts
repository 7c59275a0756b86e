import * as fc from "fast-check";
import { Books } from "../../books.ts";
import { applyStep } from "../../testing/apply-step.ts";
import { ledgerFlow } from "../../testing/ledger-flow.ts";
import type { LedgerNames, ShownEntry } from "../index.ts";

/** Books, and what was posted to them, with names and texts that try to break out of every format. */
export interface ShownLedger {
  readonly books: Books;
  readonly entries: readonly ShownEntry[];
  readonly names: LedgerNames;
}

const JANUARY = Date.UTC(2026, 0, 1);

const NASTY = [
  "",
  "",
  "rent, for May",
  'quotes " and \\ and ; | ^link #tag {cost} @ 2 USD',
  "=HYPERLINK(1)",
  "+1",
  "-1",
  "@x",
  "'quoted",
  "line one\nline two\r\nline three\ttab",
  "]]>&amp;<Amt Ccy='EUR'>1</Amt>",
  "für Zoë 🪙 \u2028 \u0085",
  "  two  spaces  ",
];

const texts = fc.array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: "grapheme" })), {
  minLength: 8,
  maxLength: 8,
});

/** Assets whose codes plain text accounting can read, and some that it can't. */
const codes = fc.constantFrom(["USD", "BTC", "X'Y.Z"], ['US"D', "B\\TC", "Ω"], ["USD", "USD", "A"]);

export const shownLedger: fc.Arbitrary<ShownLedger> = fc
  .tuple(
    ledgerFlow,
    texts,
    codes,
    fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 60, maxLength: 60 }),
  )
  .map(([flow, words, assetCodes, days]) => {
    const books = new Books();
    const posted = flow.flatMap((step) => applyStep(books, step).entries ?? []);
    const entries = posted.map((entry): ShownEntry => {
      const word = (shift: number): string => words[(entry.number + shift) % 8] ?? "";
      // The books take any times; here recording never goes back, and some entries came late.
      const at = JANUARY + entry.number * 40_000_000;
      const bookedAt =
        entry.number % 3 === 0 ? JANUARY + (days[entry.number] ?? 0) * 43_200_000 : at;
      return { ...entry, at, bookedAt, kind: word(0) || "trade", key: word(1), memo: word(2) };
    });
    const decimals = [2, 0, 36];
    const assets = assetCodes.map((code, index) => ({
      number: index + 1,
      code,
      decimals: decimals[index] ?? 0,
    }));
    const accounts = [...books.accounts()].map((account) => ({
      ...account,
      owner: words[account.account % 8] || account.owner,
    }));
    return { books, entries, names: { assets, accounts } };
  });

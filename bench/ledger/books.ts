import type { BenchOptions, Print } from "../figure.ts";
import { median, TradedBooks } from "./trades.ts";

const TRADERS = 20_000;

/** Trades a second through the books, without and with their entries as answers, beside what anyone would write first: balances in a map, and no checks. */
export const booksAlone = (print: Print, { short }: BenchOptions): void => {
  const trades = short ? 200_000 : 500_000;
  const traded = new TradedBooks(TRADERS);
  const balances = new Map<string, bigint>();
  const ours: number[] = [];
  const withEntries: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < (short ? 3 : 7); round++) {
    ours.push(perSecond(trades, (n) => traded.apply(n)));
    withEntries.push(perSecond(trades, (n) => traded.trade(n)));
    theirs.push(perSecond(trades, (n) => addToMap(balances, traded, n)));
  }
  traded.books.checkInvariants();
  for (const [bench, rates] of [
    ["ledger/books", ours],
    ["ledger/books with entries", withEntries],
  ] as const) {
    print({
      bench,
      ours: Math.round(median(rates)),
      unit: "trades/s",
      peer: "Map<string, bigint>, unchecked",
      theirs: Math.round(median(theirs)),
      ratio: Math.round((median(rates) / median(theirs)) * 100) / 100,
      note: `6 postings, 2 captures, all checks; ${2 * TRADERS} accounts, median of ${rates.length} rounds`,
    });
  }
};

const addToMap = (balances: Map<string, bigint>, traded: TradedBooks, n: number): void => {
  for (const { account, amount } of traded.request(n).postings) {
    const name = `account:${account}`;
    balances.set(name, (balances.get(name) ?? 0n) + amount);
  }
};

const perSecond = (count: number, act: (n: number) => void): number => {
  const started = performance.now();
  for (let n = 0; n < count; n++) act(n);
  return (count * 1_000) / (performance.now() - started);
};

import type { StatementLine } from "../statement-line.ts";
import type { Stream } from "../stream.ts";
import { type EntryTime, type ShownEntry, timeOf } from "./ledger-names.ts";

/** What happened on an account in a period, `from` included and `to` not, in order of the time that counts. */
export interface AccountStatement {
  readonly account: number;
  readonly from: number;
  readonly to: number;
  readonly by: EntryTime;
  readonly opening: bigint;
  readonly lines: readonly StatementLine[];
  readonly closing: bigint;
}

export interface StatementPeriod {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly from: number;
  /** Exclusive, so that the end of one period is the beginning of the next. */
  readonly to: number;
  /** Which time of an entry counts: "at" unless told otherwise. */
  readonly by?: EntryTime;
}

/**
 * An account's statement for a period, by the time of recording or by the time that entries belong to.
 *
 * By the latter an entry that came late stands where it belongs, and the balances after it take it into account. Memory for the
 * period's lines. Throws a `RangeError` for a period that ends before it begins.
 *
 * @example
 * const may = await accountStatement(entries, alice, { from: Date.UTC(2026, 4), to: Date.UTC(2026, 5), by: "bookedAt" });
 */
export const accountStatement = async (
  entries: Stream<ShownEntry>,
  account: number,
  { from, to, by = "at" }: StatementPeriod,
): Promise<AccountStatement> => {
  if (!(from <= to)) throw new RangeError(`expected a period, was ${from} to ${to}`);
  let opening = 0n;
  const found: Omit<StatementLine, "balanceAfter">[] = [];
  for await (const entry of entries) {
    const time = timeOf(entry, by);
    if (time >= to) continue;
    const lines = linesOf(entry, account);
    if (time >= from) found.push(...lines);
    else for (const { amount } of lines) opening += amount;
  }
  found.sort(
    (one, other) =>
      timeOf(one, by) - timeOf(other, by) || one.entry - other.entry || one.index - other.index,
  );
  let closing = opening;
  const lines = found.map((line) => {
    closing += line.amount;
    return { ...line, balanceAfter: closing };
  });
  return { account, from, to, by, opening, lines, closing };
};

const linesOf = (entry: ShownEntry, account: number): Omit<StatementLine, "balanceAfter">[] => {
  const { number, at, bookedAt = at, kind, key, memo, corrects, postings } = entry;
  const facts = { entry: number, at, bookedAt, kind, key, memo, corrects };
  return postings.flatMap(({ account: one, amount }, index) =>
    one === account ? [{ ...facts, index, amount }] : [],
  );
};

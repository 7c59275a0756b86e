import { formatAmount } from "../amount.ts";
import type { Stream } from "../stream.ts";
import { type LedgerNames, NameTable, type ShownEntry } from "./ledger-names.ts";

export interface CsvOptions {
  /**
   * Whether texts that a spreadsheet would take for a formula get a ' in front: those that begin with = + - @, a tab or a line break,
   * and those that begin with ' themselves. To read them back, drop a leading '. True unless told otherwise.
   */
  readonly guardFormulas?: boolean;
}

/** The columns of the CSV, in order. */
export const CSV_COLUMNS = [
  "entry",
  "posting",
  "at",
  "booked_at",
  "kind",
  "key",
  "memo",
  "corrects",
  "account",
  "account_kind",
  "owner",
  "sub",
  "place",
  "asset",
  "amount",
  "balance_after",
] as const;

/**
 * A line for each posting as CSV (RFC 4180: commas, CRLF, a header), in pieces that follow each other.
 *
 * Amounts are decimals with all of their asset's digits, times ISO 8601 in UTC. Keys, memos and owners come from outside: see
 * `guardFormulas` for what a spreadsheet would make of them.
 *
 * @example
 * for await (const line of ledgerCsv(readEntries(db), { assets, accounts })) file.write(line);
 */
export async function* ledgerCsv(
  entries: Stream<ShownEntry>,
  names: LedgerNames,
  { guardFormulas = true }: CsvOptions = {},
): AsyncGenerator<string> {
  const table = new NameTable(names);
  const text = (value: string | undefined = ""): string =>
    cell(guardFormulas && /^[=+\-@\t\r\n']/.test(value) ? `'${value}` : value);
  yield `${CSV_COLUMNS.join(",")}\r\n`;
  for await (const { number, at, bookedAt = at, kind, key, memo, corrects, postings } of entries) {
    const entry = [
      isoTime(at),
      isoTime(bookedAt),
      text(kind),
      text(key),
      text(memo),
      corrects || "",
    ];
    for (const [index, { account: of, amount, balanceAfter }] of postings.entries()) {
      const account = table.account(of);
      const { code, decimals } = table.assetOf(account);
      const { owner, sub, place } = account;
      const cells = [
        number,
        index,
        ...entry,
        of,
        ...[account.kind, owner, sub, place, code].map(text),
        formatAmount(amount, decimals),
        formatAmount(balanceAfter, decimals),
      ];
      yield `${cells.join(",")}\r\n`;
    }
  }
}

const cell = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

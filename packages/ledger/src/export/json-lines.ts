import { formatAmount } from "../amount.ts";
import type { Stream } from "../stream.ts";
import { isoTime } from "./csv.ts";
import { type LedgerNames, NameTable, type ShownEntry } from "./ledger-names.ts";

/** What a line of the JSON lines holds. Times are ISO 8601 in UTC, amounts decimal texts: a JSON number would be a float. */
export interface EntryLine {
  readonly entry: number;
  readonly at: string;
  readonly bookedAt: string;
  readonly kind: string;
  readonly key: string;
  readonly memo: string;
  /** 0 if it corrects none. */
  readonly corrects: number;
  readonly postings: readonly {
    readonly account: number;
    readonly accountKind: string;
    readonly owner: string;
    readonly sub: string;
    readonly place: string;
    readonly asset: string;
    readonly amount: string;
    readonly balanceAfter: string;
  }[];
}

/** A line of JSON for each entry: an `EntryLine`. */
export async function* ledgerJsonLines(
  entries: Stream<ShownEntry>,
  names: LedgerNames,
): AsyncGenerator<string> {
  const table = new NameTable(names);
  for await (const { number, at, bookedAt = at, kind, key, memo, corrects, postings } of entries) {
    const line: EntryLine = {
      entry: number,
      at: isoTime(at),
      bookedAt: isoTime(bookedAt),
      kind,
      key,
      memo,
      corrects,
      postings: postings.map(({ account: of, amount, balanceAfter }) => {
        const account = table.account(of);
        const { code, decimals } = table.assetOf(account);
        return {
          account: of,
          accountKind: account.kind,
          owner: account.owner,
          sub: account.sub ?? "",
          place: account.place ?? "",
          asset: code,
          amount: formatAmount(amount, decimals),
          balanceAfter: formatAmount(balanceAfter, decimals),
        };
      }),
    };
    yield `${JSON.stringify(line)}\n`;
  }
}

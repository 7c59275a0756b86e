import type { Entry } from "@pincex/ledger";
import { readEntries, type SqlEntry } from "@pincex/ledger/sql";
import { RowComparison } from "./row-comparison.ts";
import type { SqlBooksOptions } from "./sql-books.ts";

/** An entry, and the command that made it. */
export interface ReplayedEntry extends Entry {
  readonly sequence: number;
}

export const entryComparison = <Database>({
  db,
  schema,
}: SqlBooksOptions<Database>): RowComparison<SqlEntry, ReplayedEntry> => {
  const all = { after: Number.MIN_SAFE_INTEGER };
  const stored = readEntries(db, schema === undefined ? all : { ...all, schema });
  return new RowComparison({ what: "entry", stored, differing });
};

const FACTS = ["sequence", "kind", "at", "bookedAt", "key", "memo", "corrects"] as const;

const differing = (stored: SqlEntry, replayed: ReplayedEntry): string[] => {
  const facts: string[] = FACTS.filter((field) => stored[field] !== replayed[field]);
  const same =
    stored.postings.length === replayed.postings.length &&
    replayed.postings.every(({ account, amount, balanceAfter }, index) => {
      const posting = stored.postings[index];
      return (
        posting?.account === account &&
        posting.amount === amount &&
        posting.balanceAfter === balanceAfter
      );
    });
  return same ? facts : [...facts, "postings"];
};

import type { Entry } from "@pincex/ledger";
import { readEntries, type SqlEntry } from "@pincex/ledger/sql";
import type { SqlBooksOptions } from "./sql-books.ts";
import type { VenueFinding } from "./venue-check.ts";

/** Reads the entries of SQL beside those of the replay. */
export class EntryComparison<Database> {
  readonly findings: VenueFinding[] = [];
  /** How many were compared. */
  entries = 0;
  readonly #entries: AsyncIterator<SqlEntry>;
  #next: SqlEntry | undefined;
  #hasEnded = false;

  constructor({ db, schema }: SqlBooksOptions<Database>) {
    const all = { after: Number.MIN_SAFE_INTEGER };
    const options = schema === undefined ? all : { ...all, schema };
    this.#entries = readEntries(db, options)[Symbol.asyncIterator]();
  }

  /** An entry that the replay has made, and the command that made it. */
  async compare(entry: Entry, sequence: number): Promise<void> {
    this.entries += 1;
    let stored = await this.#peek();
    while (stored !== undefined && stored.number < entry.number) {
      this.#find(stored.number, "the replay made no such entry");
      this.#next = undefined;
      stored = await this.#peek();
    }
    if (stored?.number !== entry.number) {
      this.#find(entry.number, "it is missing");
      return;
    }
    this.#next = undefined;
    const differing = fieldsThatDiffer(stored, { ...entry, sequence });
    if (differing.length === 0) return;
    this.#find(entry.number, `not as the replay has it: ${differing.join(", ")}`);
  }

  /** Tells what SQL has up to its position that the replay hadn't. */
  async end(position: number): Promise<void> {
    for (let stored = await this.#peek(); stored !== undefined; stored = await this.#peek()) {
      if (stored.sequence > position) break;
      this.#find(stored.number, "the replay made no such entry");
      this.#next = undefined;
    }
    await this.#entries.return?.();
  }

  async #peek(): Promise<SqlEntry | undefined> {
    if (this.#next === undefined && !this.#hasEnded) {
      const { done, value } = await this.#entries.next();
      this.#hasEnded = done === true;
      this.#next = done === true ? undefined : value;
    }
    return this.#next;
  }

  #find(entry: number, finding: string): void {
    this.findings.push({ where: `entry ${entry}`, finding });
  }
}

const FACTS = ["sequence", "kind", "at", "bookedAt", "key", "memo", "corrects"] as const;

const fieldsThatDiffer = (
  stored: SqlEntry,
  replayed: Entry & { readonly sequence: number },
): string[] => {
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

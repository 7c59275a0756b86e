import { Findings } from "./venue-check.ts";

/** A row that has a number of its own and was written by a command. */
export interface NumberedRow {
  readonly number: number;
  /** Of the command. */
  readonly sequence: number;
}

export interface RowComparisonOptions<Stored, Replayed> {
  /** What a row is: "entry", "trade". */
  readonly what: string;
  /** As SQL has them, by number. */
  readonly stored: AsyncIterable<Stored>;
  /** The fields that differ. */
  readonly differing: (stored: Stored, replayed: Replayed) => readonly string[];
}

/** Reads the rows of SQL beside those of the replay: both come by their number, so one of each is held at a time. */
export class RowComparison<Stored extends NumberedRow, Replayed extends NumberedRow> {
  readonly findings: Findings = new Findings();
  /** How many were compared. */
  count = 0;
  /** The number of the last of them. */
  last = 0;
  readonly #options: RowComparisonOptions<Stored, Replayed>;
  readonly #stored: AsyncIterator<Stored>;
  #next: Stored | undefined;
  #hasEnded = false;

  constructor(options: RowComparisonOptions<Stored, Replayed>) {
    this.#options = options;
    this.#stored = options.stored[Symbol.asyncIterator]();
  }

  /** A row that the replay has made. */
  async compare(replayed: Replayed): Promise<void> {
    this.count += 1;
    this.last = replayed.number;
    let stored = await this.#peek();
    while (stored !== undefined && stored.number < replayed.number) {
      this.#find(stored.number, `the replay made no such ${this.#options.what}`);
      this.#next = undefined;
      stored = await this.#peek();
    }
    if (stored?.number !== replayed.number) {
      this.#find(replayed.number, "it is missing");
      return;
    }
    this.#next = undefined;
    const differing = this.#options.differing(stored, replayed);
    if (differing.length === 0) return;
    this.#find(replayed.number, `not as the replay has it: ${differing.join(", ")}`);
  }

  /** Tells what SQL has up to its position that the replay hadn't. */
  async end(position: number): Promise<void> {
    for (let stored = await this.#peek(); stored !== undefined; stored = await this.#peek()) {
      if (stored.sequence > position) break;
      this.#find(stored.number, `the replay made no such ${this.#options.what}`);
      this.#next = undefined;
    }
    await this.#stored.return?.();
  }

  async #peek(): Promise<Stored | undefined> {
    if (this.#next === undefined && !this.#hasEnded) {
      const { done, value } = await this.#stored.next();
      this.#hasEnded = done === true;
      this.#next = done === true ? undefined : value;
    }
    return this.#next;
  }

  #find(number: number, finding: string): void {
    this.findings.add(`${this.#options.what} ${number}`, finding);
  }
}

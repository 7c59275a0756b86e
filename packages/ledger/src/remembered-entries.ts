import type { Capture, Entry, EntryRequest, PostingRequest } from "./entry.ts";

/** An entry that was posted with a key, and what its request captured, which the entry doesn't tell. */
export interface RememberedEntry {
  readonly entry: Entry;
  readonly captures: readonly Capture[];
}

/** The entries that were posted with a key, until they are forgotten. */
export class RememberedEntries {
  readonly #byKey: Map<string, RememberedEntry> = new Map();

  get size(): number {
    return this.#byKey.size;
  }

  find(key: string): RememberedEntry | undefined {
    return this.#byKey.get(key);
  }

  remember(entry: Entry, captures: readonly Capture[]): void {
    this.#byKey.set(entry.key, {
      entry,
      captures: captures.map(({ hold, amount }) => ({ hold, amount })),
    });
  }

  /** Forgets one, as if it had not been posted. */
  forget(key: string): void {
    this.#byKey.delete(key);
  }

  /** Forgets in the order of posting, up to the first entry that isn't older. */
  forgetBefore(at: number): void {
    for (const [key, { entry }] of this.#byKey) {
      if (entry.at >= at) return;
      this.#byKey.delete(key);
    }
  }

  /** In the order of posting. */
  [Symbol.iterator](): IterableIterator<RememberedEntry> {
    return this.#byKey.values();
  }
}

/** Whether a request asks for what was done: everything but `at` is equal, and what follows from it. */
export const isSameBody = ({ entry, captures }: RememberedEntry, request: EntryRequest): boolean =>
  entry.kind === request.kind &&
  entry.memo === (request.memo ?? "") &&
  entry.corrects === (request.corrects ?? 0) &&
  entry.bookedAt === (request.bookedAt ?? entry.at) &&
  isSameList(entry.postings, request.postings, isSamePosting) &&
  isSameList(captures, request.captures ?? [], isSameCapture);

const isSamePosting = (one: PostingRequest, other: PostingRequest): boolean =>
  one.account === other.account && one.amount === other.amount;

const isSameCapture = (one: Capture, other: Capture): boolean =>
  one.hold === other.hold && one.amount === other.amount;

const isSameList = <Row>(
  one: readonly Row[],
  other: readonly Row[],
  isSameRow: (one: Row, other: Row) => boolean,
): boolean =>
  one.length === other.length &&
  one.every((row, index) => {
    const counterpart = other[index];
    return counterpart !== undefined && isSameRow(row, counterpart);
  });

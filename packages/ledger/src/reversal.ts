import type { Entry, EntryRequest } from "./entry.ts";

/** What of a reversing entry doesn't follow from the entry that it takes back. */
export interface ReversalTerms extends Pick<EntryRequest, "at" | "bookedAt" | "key" | "memo"> {
  /** "reversal" by default. */
  readonly kind?: string;
}

/**
 * The request of the entry that takes an entry back: the same amounts the other way round, last posting first, and
 * `corrects` names it.
 *
 * It captures nothing, also where the entry did: the money comes back as available. Whether it can be posted is for the
 * books to say: who has spent what came in can't give it back.
 *
 * @example
 * const posted = books.post(deposit);
 * if (posted.ok) books.post(reversalOf(posted.entry, { at: 1_000, memo: "the bank took it back" }));
 */
export const reversalOf = (entry: Entry, terms: ReversalTerms): EntryRequest => ({
  kind: "reversal",
  ...terms,
  corrects: entry.number,
  postings: entry.postings.map(({ account, amount }) => ({ account, amount: -amount })).reverse(),
});

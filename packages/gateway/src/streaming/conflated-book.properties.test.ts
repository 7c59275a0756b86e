import type { BookRow, BookUpdate } from "@pincex/market-data";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConflatedBook } from "./conflated-book.ts";

const rows: fc.Arbitrary<BookRow[]> = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 5 })),
  { maxLength: 4 },
);

/** Updates with contiguous numbers, as a market's feed tells them. */
const updates: fc.Arbitrary<BookUpdate[]> = fc
  .array(fc.record({ bids: rows, asks: rows, changes: fc.integer({ min: 1, max: 3 }) }), {
    minLength: 1,
    maxLength: 20,
  })
  .map((batches) => {
    let last = 0;
    return batches.map(({ bids, asks, changes }, at) => {
      const firstUpdateId = last + 1;
      last += changes;
      return { market: 1, at, firstUpdateId, lastUpdateId: last, bids, asks };
    });
  });

type Book = { bids: Map<number, number>; asks: Map<number, number> };

const applied = (book: Book, { bids, asks }: BookUpdate): void => {
  for (const [side, changed] of [
    [book.bids, bids],
    [book.asks, asks],
  ] as const) {
    for (const [price, quantity] of changed) {
      if (quantity === 0) side.delete(price);
      else side.set(price, quantity);
    }
  }
};

describe("for any updates of a book, taken at any moments", () => {
  test("the conflated ones lead to the same book, with no number left out", () => {
    fc.assert(
      fc.property(updates, fc.infiniteStream(fc.boolean()), (all, moments) => {
        const conflated = new ConflatedBook();
        const every: Book = { bids: new Map(), asks: new Map() };
        const some: Book = { bids: new Map(), asks: new Map() };
        let covered = 0;
        const take = (): void => {
          const update = conflated.take();
          if (update === undefined) return;
          expect(update.firstUpdateId).toBe(covered + 1);
          covered = update.lastUpdateId;
          applied(some, update);
          expect(some).toEqual(every);
        };
        for (const update of all) {
          conflated.add(update);
          applied(every, update);
          if (moments.next().value) take();
        }
        take();
        expect(covered).toBe(all.at(-1)?.lastUpdateId);
        expect(conflated.take()).toBeUndefined();
      }),
    );
  });
});

import { describe, expect, test } from "vitest";
import { bookChecksum } from "../book-checksum.ts";
import { SourceBook } from "./source-book.ts";
import type { SourceBookRow, SourceBookSnapshot, SourceBookUpdate } from "./source-message.ts";

const snapshot = (
  lastUpdateId: number,
  bids: readonly SourceBookRow[] = [],
  checksum?: number,
): SourceBookSnapshot => ({
  kind: "book_snapshot",
  lastUpdateId,
  bids,
  asks: [],
  ...(checksum === undefined ? {} : { checksum }),
});

const update = (
  firstUpdateId: number,
  lastUpdateId: number,
  bids: readonly SourceBookRow[] = [],
  more: Partial<SourceBookUpdate> = {},
): SourceBookUpdate => ({
  kind: "book_update",
  firstUpdateId,
  lastUpdateId,
  bids,
  asks: [],
  ...more,
});

describe("a book whose updates are numbered without a break", () => {
  test("waits for its snapshot, leaves out what that has, and goes on from there", () => {
    const book = new SourceBook({ continuity: "contiguous" });
    expect(book.hear(update(1, 4, [[100n, 9n]]))).toEqual({ kind: "waiting" });
    expect(book.hear(update(5, 8, [[101n, 5n]]))).toEqual({ kind: "waiting" });
    expect([book.isLive, book.levels("buy", 9)]).toEqual([false, []]);
    expect(book.hear(snapshot(6, [[100n, 7n]]))).toEqual({ kind: "applied" });
    expect([book.isLive, book.lastUpdateId, book.levels("buy", 9)]).toEqual([
      true,
      8,
      [
        [101n, 5n],
        [100n, 7n],
      ],
    ]);
    expect(book.hear(update(7, 8))).toEqual({ kind: "already_there" });
    expect(book.hear(update(9, 9, [[101n, 0n]]))).toEqual({ kind: "applied" });
    expect(book.best("buy")).toEqual({ price: 100n, quantity: 7n });
  });

  test.each([
    ["begins after the snapshot", [snapshot(6), update(8, 9)], "snapshot_too_old"],
    [
      "begins after the snapshot that it waited for",
      [update(8, 9), snapshot(6)],
      "snapshot_too_old",
    ],
    ["leaves one out", [snapshot(6), update(7, 8), update(10, 11)], "sequence_gap"],
    ["reaches back behind the last one", [snapshot(6), update(7, 8), update(8, 9)], "sequence_gap"],
  ] as const)("is lost by an update that %s", (_, messages, reason) => {
    const book = new SourceBook({ continuity: "contiguous" });
    const outcomes = messages.map((message) => book.hear(message));
    expect(outcomes.at(-1)).toEqual({ kind: "resync", reason });
    expect([book.isLive, book.lastUpdateId, book.best("buy").price]).toEqual([false, 0, 0n]);
    expect(book.hear(snapshot(20, [[99n, 1n]]))).toEqual({ kind: "applied" });
    expect(book.hear(update(21, 21))).toEqual({ kind: "applied" });
  });

  test("lets no more than 10,000 updates wait", () => {
    const book = new SourceBook({ continuity: "contiguous" });
    for (let id = 1; id <= 10_000; id += 1) book.hear(update(id, id));
    expect(book.hear(update(10_001, 10_001))).toEqual({
      kind: "resync",
      reason: "too_many_waiting",
    });
  });
});

test("a chained book goes by the change that an update names before it", () => {
  const book = new SourceBook({ continuity: "chained" });
  book.hear(snapshot(6));
  expect(book.hear(update(4, 9, [], { previousUpdateId: 3 }))).toEqual({ kind: "applied" });
  expect(book.hear(update(15, 20, [], { previousUpdateId: 9 }))).toEqual({ kind: "applied" });
  expect(book.hear(update(21, 25, [], { previousUpdateId: 19 }))).toEqual({
    kind: "resync",
    reason: "sequence_gap",
  });
});

test("a chained book goes on from a snapshot that ends with an update, though other ids lie between", () => {
  const book = new SourceBook({ continuity: "chained" });
  book.hear(snapshot(9));
  expect(book.hear(update(4, 9, [], { previousUpdateId: 3 }))).toEqual({ kind: "already_there" });
  expect(book.hear(update(15, 20, [], { previousUpdateId: 9 }))).toEqual({ kind: "applied" });
});

describe("a book with checksums", () => {
  const bids: SourceBookRow[] = [
    [100n, 1n],
    [99n, 2n],
  ];
  const checksum = bookChecksum({ bids, asks: [] });

  test("is lost by one that does not agree, and begins again with the next snapshot alone", () => {
    const book = new SourceBook({ continuity: "checksum" });
    expect(book.hear(snapshot(0, bids, checksum))).toEqual({ kind: "applied" });
    expect(book.hear(update(0, 0, [[98n, 1n]], { checksum }))).toEqual({
      kind: "resync",
      reason: "checksum_mismatch",
    });
    expect(book.hear(update(0, 0, [[98n, 1n]], { checksum }))).toEqual({ kind: "waiting" });
    expect(book.hear(snapshot(0, bids, checksum))).toEqual({ kind: "applied" });
    expect(book.hear(snapshot(0, bids, checksum + 1))).toEqual({
      kind: "resync",
      reason: "checksum_mismatch",
    });
  });

  test("forgets what lies deeper than it is told of", () => {
    const book = new SourceBook({ continuity: "checksum", depth: 2 });
    book.hear(snapshot(0, bids, checksum));
    book.hear(update(0, 0, [[101n, 3n]]));
    book.hear(update(0, 0, [[101n, 0n]]));
    expect(book.levels("buy", 9)).toEqual([[100n, 1n]]);
  });
});

import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { Books } from "./books.ts";
import { HoldExpiries } from "./hold-expiries.ts";
import { StoryBooks } from "./testing/story-books.ts";

describe("a hold that expires", () => {
  let story: StoryBooks;
  beforeEach(() => {
    story = new StoryBooks();
    story.post("bank -500, alice +500");
  });

  test("stays until the books are told that its time has come", () => {
    story.hold(7, "alice", 100n, 2_000);
    story.hold(3, "alice", 50n, 2_000);
    story.hold(5, "alice", 10n, 1_500);
    story.hold(1, "alice", 1n);
    const at = (id: number, amount: bigint, expiresAt: number) => ({
      id,
      account: story.account("alice"),
      amount,
      kind: "order",
      expiresAt,
    });
    expect(story.books.expireHolds(1_499)).toEqual([]);
    story.post("alice -60, bob +60", { at: 9_000, captures: [{ hold: 7, amount: 60n }] });
    expect(story.figures("alice")).toBe("440 held 101");
    expect(story.books.expireHolds(2_000)).toEqual([
      at(5, 10n, 1_500),
      at(3, 50n, 2_000),
      at(7, 40n, 2_000),
    ]);
    expect(story.figures("alice")).toBe("440 held 1");
    expect(story.books.expireHolds(8_640_000_000_000_000)).toEqual([]);
    expect(story.books.release(7)).toEqual({ ok: false, code: "hold_unknown", field: "id" });
  });

  test("expires after a restart, too", () => {
    story.hold(1, "alice", 100n, 2_000);
    const restored = Books.restore(story.books.snapshot());
    expect(restored.holds()).toEqual(story.books.holds());
    expect(restored.expireHolds(2_000)).toHaveLength(1);
  });

  test("doesn't end the next one of its id", () => {
    story.hold(1, "alice", 100n, 2_000);
    story.books.release(1);
    story.hold(1, "alice", 100n, 3_000);
    expect(story.books.expireHolds(2_999)).toEqual([]);
    story.books.release(1);
    story.hold(1, "alice", 100n);
    expect(story.books.expireHolds(3_000)).toEqual([]);
    expect(story.figures("alice")).toBe("500 held 100");
  });

  test("has a time, or the program is wrong", () => {
    expect(() => story.hold(1, "alice", 1n, -1)).toThrow(RangeError);
    expect(() => story.hold(1, "alice", 1n, 1.5)).toThrow(RangeError);
    expect(() => story.books.expireHolds(Number.NaN)).toThrow(RangeError);
  });
});

describe("a part of a hold", () => {
  test("is released, and the rest stays", () => {
    const story = new StoryBooks();
    story.post("bank -500, alice +500");
    story.hold(1, "alice", 100n);
    expect(story.books.release(1, 30n)).toEqual({ ok: true });
    expect(story.figures("alice")).toBe("500 held 70");
    expect(story.books.release(1, 71n)).toEqual({
      ok: false,
      code: "release_above_hold",
      field: "amount",
      account: story.account("alice"),
      needed: 71n,
      available: 70n,
    });
    const nothing = { ok: false, code: "amount_must_be_positive", field: "amount" };
    expect(story.books.release(1, 0n)).toEqual(nothing);
    expect(story.books.release(1, -1n)).toEqual(nothing);
    expect(() => story.books.release(1, 1 as unknown as bigint)).toThrow(TypeError);
    expect(story.books.release(1, 70n)).toEqual({ ok: true });
    expect(story.books.holds()).toEqual([]);
  });
});

const steps = fc.array(
  fc.record({
    act: fc.constantFrom("add", "add", "remove", "ask"),
    id: fc.integer({ min: 1, max: 40 }),
    at: fc.integer({ min: 1, max: 50 }),
  }),
  { minLength: 200, maxLength: 1_200, size: "max" },
);

/** The first id that is due, by sorting. */
const firstDue = (times: ReadonlyMap<number, number>, now: number): number => {
  const due = [...times].filter(([, at]) => at <= now);
  due.sort(([one, at], [other, otherAt]) => at - otherAt || one - other);
  return due[0]?.[0] ?? 0;
};

test("what is due first is what a sorted list says, whatever came and went, and however often", () => {
  fc.assert(
    fc.property(steps, (each) => {
      const expiries = new HoldExpiries();
      const times = new Map<number, number>();
      for (const { act, id, at } of each) {
        if (act !== "ask") {
          expiries.remove(id);
          times.delete(id);
        }
        if (act === "add") {
          expiries.add(id, at);
          times.set(id, at);
        }
        const now = act === "ask" ? at : 50;
        expect(expiries.nextDue(now)).toBe(firstDue(times, now));
        expect(expiries.of(id)).toBe(times.get(id) ?? 0);
      }
    }),
    { numRuns: 30 },
  );
});

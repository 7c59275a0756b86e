import { beforeEach, expect, test } from "vitest";
import type { EntryRequest } from "./entry.ts";
import { StoryBooks } from "./testing/story-books.ts";

let story: StoryBooks;

beforeEach(() => {
  story = new StoryBooks();
  story.post("bank -500, alice +500");
});

test("linked entries are posted in order, and later ones spend what earlier ones bring", () => {
  const posted = story.books.postLinked([
    story.entry("alice -500, bob +500", { kind: "payment" }),
    story.entry("bob -20, fees +20", { kind: "fee" }),
  ]);
  expect(posted).toMatchObject({
    ok: true,
    posted: [
      { repeated: false, entry: { number: 2, kind: "payment" } },
      { repeated: false, entry: { number: 3, kind: "fee" } },
    ],
  });
  expect(story.figures("bob")).toBe("480 held 0");
});

test("linked entries are all refused for one, which is named; holds that had ended are back", () => {
  story.hold(1, "alice", 400n, 9_000);
  const before = story.books.stateHash();
  const refused = story.books.postLinked([
    story.entry("alice -300, bob +300", { captures: [{ hold: 1, amount: 300n }], key: "a" }),
    story.entry("alice -100, bob +100", { captures: [{ hold: 1, amount: 100n }] }),
    story.entry("bob -401, fees +401"),
  ]);
  expect(refused).toEqual({
    ok: false,
    code: "balance_below_floor",
    field: "requests[2].postings[0].amount",
    index: 2,
    account: story.account("bob"),
    needed: 401n,
    available: 400n,
  });
  expect(story.books.stateHash()).toBe(before);
  expect(story.books.expireHolds(9_000)).toMatchObject([{ id: 1, amount: 400n }]);
  expect(story.post("alice -1, bob +1", { key: "a" })).toMatchObject({ repeated: false });
});

test("linked entries are safe to repeat by their keys, also within", () => {
  const first = story.entry("alice -5, bob +5", { key: "one" });
  const second = story.entry("alice -6, bob +6", { key: "two" });
  const repeats = (requests: EntryRequest[]) => {
    const linked = story.books.postLinked(requests);
    return linked.ok && linked.posted.map(({ repeated, entry }) => [repeated, entry.number]);
  };
  expect(repeats([first, second, first])).toEqual([
    [false, 2],
    [false, 3],
    [true, 2],
  ]);
  expect(repeats([first, second, first])).toEqual([
    [true, 2],
    [true, 3],
    [true, 2],
  ]);
  expect(story.figures("bob")).toBe("11 held 0");
  const other = { ...second, memo: "other" };
  expect(story.books.postLinked([story.entry("alice -1, bob +1"), other])).toMatchObject({
    code: "key_used_for_another_body",
    field: "requests[1].key",
    index: 1,
  });
  expect(story.figures("bob")).toBe("11 held 0");
});

test("of linked entries one of the wrong type throws, and nothing has changed", () => {
  story.hold(1, "alice", 400n);
  const before = story.books.stateHash();
  const fine = story.entry("alice -400, bob +400", { captures: [{ hold: 1, amount: 400n }] });
  expect(() => story.books.postLinked([fine, { ...fine, at: 0.5 }])).toThrow(RangeError);
  expect(story.books.stateHash()).toBe(before);
});

test("1 to 1,000 entries are posted together", () => {
  expect(story.books.postLinked([])).toEqual({
    ok: false,
    code: "entries_too_few",
    field: "requests",
  });
  const many = (count: number) => Array(count).fill(story.entry("bank -1, alice +1"));
  expect(story.books.postLinked(many(1_000)).ok).toBe(true);
  expect(story.books.postLinked(many(1_001))).toEqual({
    ok: false,
    code: "entries_too_many",
    field: "requests",
  });
});

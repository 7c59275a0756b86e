import { expect, test } from "vitest";
import { parseAmount } from "./amount.ts";
import { StoryBooks } from "./testing/story-books.ts";

const SEVENTY_EIGHT_DIGITS = 10n ** 77n;

/** What somebody asked for, and the code and field that answer it. Nothing has changed after any of them. */
const BAD: [string, (story: StoryBooks) => object, code: string, field: string][] = [
  [
    "an account that nobody opened",
    (story) => story.post("alice -1, nobody +1"),
    "account_unknown",
    "postings[1].account",
  ],
  [
    "an account of another asset",
    (story) => story.post("alice -1, wallet +1"),
    "entry_does_not_balance",
    "postings",
  ],
  [
    "a posting of nothing",
    (story) => story.post("alice -0, bob +0"),
    "amount_must_not_be_zero",
    "postings[0].amount",
  ],
  [
    "postings that don't add up",
    (story) => story.post("alice -2, bob +1"),
    "entry_does_not_balance",
    "postings",
  ],
  [
    "a closed account",
    (story) => story.post("alice -1, gone +1"),
    "account_closed",
    "postings[1].account",
  ],
  [
    "a frozen account's money",
    (story) => story.post("cold -1, bob +1"),
    "account_frozen",
    "postings[0].account",
  ],
  [
    "a posting of 78 digits",
    (story) => story.post(`bank -${SEVENTY_EIGHT_DIGITS}, alice +${SEVENTY_EIGHT_DIGITS}`),
    "amount_out_of_range",
    "postings[0].amount",
  ],
  [
    "money that isn't there",
    (story) => story.post("alice -101, bob +101"),
    "balance_below_floor",
    "postings[0].amount",
  ],
  [
    "a capture of a negative amount",
    (story) => story.post("alice -1, bob +1", { captures: [{ hold: 1, amount: -1n }] }),
    "amount_must_be_positive",
    "captures[0].amount",
  ],
  [
    "a capture of 78 digits",
    (story) =>
      story.post("alice -1, bob +1", { captures: [{ hold: 1, amount: SEVENTY_EIGHT_DIGITS }] }),
    "capture_above_hold",
    "captures[0].amount",
  ],
  ["a hold of nothing", (story) => story.hold(2, "alice", 0n), "amount_must_be_positive", "amount"],
  [
    "a hold of less than nothing",
    (story) => story.hold(2, "alice", -5n),
    "amount_must_be_positive",
    "amount",
  ],
  [
    "a hold of 78 digits",
    (story) => story.hold(2, "alice", SEVENTY_EIGHT_DIGITS),
    "amount_out_of_range",
    "amount",
  ],
  ["a hold on nobody", (story) => story.hold(2, "nobody", 1n), "account_unknown", "account"],
  ["a hold on a closed account", (story) => story.hold(2, "gone", 1n), "account_closed", "account"],
  ["a release of no hold", (story) => story.books.release(9), "hold_unknown", "id"],
  [
    "a release of more than is held",
    (story) => story.books.release(1, SEVENTY_EIGHT_DIGITS),
    "release_above_hold",
    "amount",
  ],
  [
    "the closing of an account with money",
    (story) => story.books.setStatus(story.account("alice"), "closed"),
    "account_not_empty",
    "account",
  ],
  [
    "the second of linked entries",
    (story) =>
      story.books.postLinked([story.entry("alice -1, bob +1"), story.entry("alice -1, nobody +1")]),
    "account_unknown",
    "requests[1].postings[1].account",
  ],
];

test.each(BAD)("%s is refused by code and field, and nothing changes", (_, act, code, field) => {
  const story = new StoryBooks();
  story.open("wallet", { asset: 2, kind: "custody" });
  story.open("gone");
  story.open("cold");
  story.post("bank -200, alice +100, cold +100");
  story.hold(1, "alice", 50n);
  story.books.setStatus(story.account("gone"), "closed");
  story.books.setStatus(story.account("cold"), "frozen");
  const before = story.books.stateHash();
  expect(act(story)).toMatchObject({ ok: false, code, field });
  expect(story.books.stateHash()).toBe(before);
});

test.each([
  [`0.${"0".repeat(35)}1`, { ok: true, amount: 1n }],
  [`0.${"0".repeat(36)}1`, { ok: false, code: "decimal_too_precise" }],
  [String(SEVENTY_EIGHT_DIGITS), { ok: false, code: "decimal_out_of_range" }],
  ["1e3", { ok: false, code: "decimal_malformed" }],
])("the decimal %s with 36 decimals is read, or refused by code", (text, parsed) => {
  expect(parseAmount(text, 36)).toEqual(parsed);
});

test("an asset has at most 36 decimals, or the program is wrong", () => {
  expect(() => parseAmount("1", 37)).toThrow(RangeError);
});

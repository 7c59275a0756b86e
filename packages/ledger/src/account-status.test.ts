import { beforeEach, describe, expect, test } from "vitest";
import { Books } from "./books.ts";
import { StoryBooks } from "./testing/story-books.ts";

let story: StoryBooks;
let books: Books;

beforeEach(() => {
  story = new StoryBooks();
  books = story.books;
  story.post("bank -500, alice +500");
});

const setStatus = (name: string, status: "open" | "frozen" | "closed") =>
  books.setStatus(story.account(name), status);

describe("a frozen account", () => {
  beforeEach(() => {
    story.hold(1, "alice", 200n);
    expect(setStatus("alice", "frozen")).toEqual({ ok: true });
  });

  test("loses nothing", () => {
    const before = books.stateHash();
    expect(story.post("bob +1, alice -1")).toEqual({
      ok: false,
      code: "account_frozen",
      field: "postings[1].account",
      account: story.account("alice"),
    });
    expect(books.stateHash()).toBe(before);
  });

  test("loses what was held before, and no more in the same entry", () => {
    const capture = (amount: bigint) => ({ captures: [{ hold: 1, amount }] });
    expect(story.post("alice -150, bob +150", capture(149n))).toMatchObject({
      code: "account_frozen",
    });
    expect(story.post("alice -150, bob +150, alice -1, bob +1", capture(150n))).toMatchObject({
      code: "account_frozen",
    });
    expect(story.figures("alice")).toBe("500 held 200");
    expect(story.post("alice -150, bob +150", capture(150n)).ok).toBe(true);
    expect(story.figures("alice")).toBe("350 held 50");
  });

  test("doesn't lose what comes in with the same entry", () => {
    expect(story.post("bank -10, alice +10, alice -5, bob +5")).toMatchObject({
      code: "account_frozen",
      field: "postings[2].account",
    });
  });

  test("takes money, and its holds are freed", () => {
    expect(story.post("bank -10, alice +10").ok).toBe(true);
    expect(books.release(1, 50n)).toEqual({ ok: true });
    expect(books.release(1)).toEqual({ ok: true });
    expect(story.figures("alice")).toBe("510 held 0");
  });

  test("holds nothing new", () => {
    expect(story.hold(2, "alice", 1n)).toEqual({
      ok: false,
      code: "account_frozen",
      field: "account",
      account: story.account("alice"),
    });
  });

  test("is frozen after a restart, with its holds, until it is opened again", () => {
    books = Books.restore(books.snapshot());
    expect(books.account(story.account("alice")).status).toBe("frozen");
    expect(books.holdAmount(1)).toBe(200n);
    expect(books.setStatus(story.account("alice"), "open")).toEqual({ ok: true });
    expect(books.post(story.entry("alice -300, bob +300")).ok).toBe(true);
  });
});

test("of a frozen wallet nothing goes out, which is a credit", () => {
  setStatus("bank", "frozen");
  expect(story.post("alice -1, bank +1")).toMatchObject({ code: "account_frozen" });
  expect(story.post("bank -1, alice +1").ok).toBe(true);
});

describe("a closed account", () => {
  test("was empty when it was closed", () => {
    const account = story.account("alice");
    const refusal = { ok: false, code: "account_not_empty", field: "account", account };
    story.hold(1, "alice", 200n);
    expect(setStatus("alice", "closed")).toEqual({ ...refusal, balance: 500n, held: 200n });
    books.release(1);
    expect(setStatus("alice", "closed")).toEqual({ ...refusal, balance: 500n, held: 0n });
    story.post("alice -500, bob +500");
    expect(setStatus("alice", "closed")).toEqual({ ok: true });
  });

  test("held nothing either: a hold may stand on an account of balance zero that has no bound", () => {
    story.open("house", { kind: "house" });
    story.hold(1, "house", 5n);
    expect(setStatus("house", "closed")).toMatchObject({
      code: "account_not_empty",
      balance: 0n,
      held: 5n,
    });
  });

  test("refuses everything, for ever, also after a restart", () => {
    const carol = story.open("carol");
    setStatus("carol", "closed");
    for (const state of [books, Books.restore(books.snapshot())]) {
      const before = state.stateHash();
      const refusal = { ok: false, code: "account_closed", account: carol };
      expect(state.post(story.entry("alice -1, carol +1"))).toEqual({
        ...refusal,
        field: "postings[1].account",
      });
      const hold = { id: 1, account: carol, amount: 1n, kind: "order" } as const;
      expect(state.hold(hold)).toEqual({ ...refusal, field: "account" });
      for (const status of ["open", "frozen", "closed"] as const) {
        expect(state.setStatus(carol, status)).toEqual({ ...refusal, field: "account" });
      }
      expect(state.openAccount({ owner: "carol", asset: 1, kind: "customer" })).toMatchObject({
        code: "account_already_open",
      });
      expect(state.stateHash()).toBe(before);
    }
  });
});

test("a status is one of three, of an account that there is", () => {
  expect(books.setStatus(99, "frozen")).toEqual({
    ok: false,
    code: "account_unknown",
    field: "account",
    account: 99,
  });
  expect(() => books.setStatus(1, "lost" as "open")).toThrow(RangeError);
  expect(() => books.account(99)).toThrow("1 to 4, was 99");
});

import { describe, expect, test } from "vitest";
import { Books } from "./books.ts";
import { KINDS_WITH_BOUNDS } from "./testing/story-books.ts";

const alice = { owner: "alice", asset: 1, kind: "customer" } as const;
const wallet = { owner: "venue", asset: 1, kind: "custody" } as const;

describe("an account's name", () => {
  test("includes the sub-account and the place", () => {
    const books = new Books();
    const openings = [
      alice,
      { ...alice, sub: "savings" },
      { ...alice, owner: "alicesavings" },
      wallet,
      { ...wallet, place: "hot" },
      { ...wallet, place: "cold" },
      { ...wallet, sub: "hot" },
    ];
    const opened = openings.map((opening) => books.openAccount(opening));
    expect(opened).toEqual(openings.map((_, index) => ({ ok: true, account: index + 1 })));
    expect(books.accountOf("alice", 1, "customer")).toBe(1);
    expect(books.accountOf("alice", 1, "customer", { sub: "savings" })).toBe(2);
    expect(books.accountOf("venue", 1, "custody", { place: "cold" })).toBe(6);
    expect(books.accountOf("venue", 1, "custody", { place: "bank" })).toBe(0);
    expect(books.openAccount({ ...wallet, place: "hot" })).toEqual({
      ok: false,
      code: "account_already_open",
      field: "owner",
      account: 5,
    });
    const restored = Books.restore(books.snapshot());
    expect([...restored.accounts()]).toEqual([...books.accounts()]);
    expect(restored.accountOf("venue", 1, "custody", { sub: "hot" })).toBe(7);
  });

  test.each([
    [
      { ...alice, place: "hot" },
      { code: "account_place_not_custody", field: "place" },
    ],
    [
      { ...alice, sub: "x".repeat(65) },
      { code: "text_too_long", field: "sub" },
    ],
    [
      { ...alice, sub: "nul \0" },
      { code: "text_malformed", field: "sub" },
    ],
    [
      { ...wallet, place: "x".repeat(65) },
      { code: "text_too_long", field: "place" },
    ],
    [
      { ...wallet, place: "\udc00" },
      { code: "text_malformed", field: "place" },
    ],
  ])("is refused: %o", (opening, refusal) => {
    const books = new Books();
    expect(books.openAccount(opening)).toEqual({ ok: false, ...refusal });
    expect(books.stateHash()).toBe(new Books().stateHash());
  });
});

describe("an account's bound", () => {
  test("is that of its kind", () => {
    const books = new Books();
    for (const [kind, bound] of KINDS_WITH_BOUNDS) {
      const opened = books.openAccount({ owner: "one", asset: 1, kind });
      expect(opened.ok && books.account(opened.account).bound).toBe(bound);
    }
    expect(KINDS_WITH_BOUNDS.filter(([, bound]) => bound === "none").map(([kind]) => kind)).toEqual(
      ["house", "suspense", "rebates"],
    );
  });

  test("may be another one only where the kind has none", () => {
    const books = new Books();
    for (const [kind, bound] of KINDS_WITH_BOUNDS) {
      const other = bound === "never_below_zero" ? "never_above_zero" : "never_below_zero";
      const opened = books.openAccount({ owner: "one", asset: 1, kind, bound: other });
      expect(opened.ok).toBe(bound === "none");
      if (opened.ok) expect(books.account(opened.account).bound).toBe(other);
      else expect(opened).toEqual({ ok: false, code: "account_bound_of_kind", field: "bound" });
    }
    expect(() => books.openAccount({ ...alice, bound: "some" as "none" })).toThrow(RangeError);
  });

  test("holds for entries: an insurance fund that never runs dry, rebates that only cost", () => {
    const books = new Books();
    const open = (opening: Parameters<Books["openAccount"]>[0]): number => {
      const opened = books.openAccount(opening);
      return opened.ok ? opened.account : 0;
    };
    const fund = open({ owner: "fund", asset: 1, kind: "house", bound: "never_below_zero" });
    const rebates = open({ owner: "venue", asset: 1, kind: "rebates", bound: "never_above_zero" });
    const bank = open(wallet);
    const move = (from: number, to: number, amount: bigint) => {
      const postings = [
        { account: from, amount: -amount },
        { account: to, amount },
      ];
      return books.post({ kind: "move", at: 0, postings });
    };
    move(bank, fund, 10n);
    expect(move(fund, bank, 11n)).toMatchObject({ code: "balance_below_floor", available: 10n });
    expect(move(rebates, fund, 3n).ok).toBe(true);
    expect(move(fund, rebates, 4n)).toMatchObject({
      code: "balance_above_ceiling",
      available: 3n,
    });
    expect(Books.restore(books.snapshot()).stateHash()).toBe(books.stateHash());
  });
});

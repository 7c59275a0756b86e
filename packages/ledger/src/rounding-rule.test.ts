import { describe, expect, test } from "vitest";
import { Books } from "./books.ts";
import type { EntryRequest } from "./entry.ts";
import { type EntryType, TRADE } from "./entry-type.ts";
import type { LEDGER_REFUSALS } from "./refusal.ts";

/** A marketplace rounds its commission, and keeps the dust of a sale apart. */
const SALE: EntryType = { kind: "sale", rounding: { ...TRADE.rounding, fee: "down" } };
const CONVERSION: EntryType = {
  kind: "conversion",
  rounding: { ...TRADE.rounding, dust: "house" },
};

/** Accounts 1 hot, 2 alice, 3 bob, 4 rounding, 5 house, and the same in a second asset: 6 to 10. */
const opened = (entryTypes?: readonly EntryType[]): Books => {
  const books = entryTypes === undefined ? new Books() : new Books({ entryTypes });
  for (const asset of [1, 2]) {
    for (const [owner, kind] of [
      ["hot", "custody"],
      ["alice", "customer"],
      ["bob", "customer"],
      ["us", "rounding"],
      ["us", "house"],
    ] as const) {
      books.openAccount({ owner, asset, kind });
    }
    const first = 5 * (asset - 1);
    books.post(entry("deposit", { [first + 1]: -100n, [first + 2]: 100n }));
  }
  return books;
};

const entry = (
  kind: string,
  amounts: Readonly<Record<number, bigint>>,
  corrects = 0,
): EntryRequest => ({
  kind,
  at: 0,
  corrects,
  postings: Object.entries(amounts).map(([account, amount]) => ({
    account: Number(account),
    amount,
  })),
});

const table: readonly [
  what: string,
  types: readonly EntryType[] | undefined,
  request: EntryRequest,
  answer: "ok" | keyof typeof LEDGER_REFUSALS,
  field?: string,
][] = [
  ["a trade leaves a unit", undefined, entry("trade", { 2: -10n, 3: 9n, 4: 1n }), "ok"],
  [
    "a trade leaves what isn't dust",
    undefined,
    entry("trade", { 2: -10n, 3: 7n, 4: 3n }),
    "dust_above_rounding",
    "postings[2].amount",
  ],
  [
    "a trade with a fee leaves a unit for each of its amounts",
    undefined,
    entry("trade", { 2: -10n, 3: 6n, 5: 1n, 4: 3n }),
    "ok",
  ],
  [
    "what is rounded in one asset gives no room in another",
    undefined,
    entry("trade", { 2: -10n, 3: 7n, 4: 3n, 7: -5n, 8: 5n }),
    "dust_above_rounding",
    "postings[2].amount",
  ],
  [
    "an entry without a type leaves a unit",
    undefined,
    entry("transfer", { 2: -10n, 3: 9n, 4: 1n }),
    "dust_without_rule",
    "postings[2].account",
  ],
  ["a type of the host leaves a unit", [SALE], entry("sale", { 2: -10n, 3: 9n, 4: 1n }), "ok"],
  [
    "a trade is no type of a host that names its own",
    [SALE],
    entry("trade", { 2: -10n, 3: 9n, 4: 1n }),
    "dust_without_rule",
    "postings[2].account",
  ],
  [
    "a type whose dust goes elsewhere",
    [CONVERSION],
    entry("conversion", { 2: -10n, 3: 9n, 4: 1n }),
    "dust_without_rule",
    "postings[2].account",
  ],
  [
    "a type whose dust goes elsewhere, there",
    [CONVERSION],
    entry("conversion", { 2: -10n, 3: 9n, 5: 1n }),
    "ok",
  ],
  ["a correction", undefined, entry("reversal", { 2: -10n, 4: 10n }, 1), "ok"],
];

describe("what rounding left over", () => {
  test.each(table)("%s", (_, types, request, answer, field) => {
    const books = opened(types);
    const before = books.stateHash();
    const posted = books.post(request);
    expect(posted.ok ? "ok" : posted.code).toBe(answer);
    if (posted.ok) return;
    expect(posted).toMatchObject({ field, account: 4 });
    expect(books.stateHash()).toBe(before);
  });

  test("is taken out by any entry, and never more than is there", () => {
    const books = opened();
    books.post(entry("trade", { 2: -10n, 3: 9n, 4: 1n }));
    expect(books.post(entry("to the house", { 4: -2n, 5: 2n }))).toMatchObject({
      code: "balance_below_floor",
    });
    expect(books.post(entry("to the house", { 4: -1n, 5: 1n })).ok).toBe(true);
    expect(books.balance(4)).toBe(0n);
  });

  test("is judged the same after a snapshot, by the types that are given again, and after a freeze", () => {
    const dusty = entry("sale", { 2: -10n, 3: 9n, 4: 1n });
    const books = opened([SALE]);
    books.setStatus(4, "frozen");
    books.setStatus(4, "open");
    expect(Books.restore(books.snapshot()).post(dusty)).toMatchObject({
      code: "dust_without_rule",
    });
    expect(Books.restore(books.snapshot(), { entryTypes: [SALE] }).post(dusty).ok).toBe(true);
    expect(books.post(entry("transfer", { 2: -10n, 3: 9n, 4: 1n })).ok).toBe(false);
  });
});

test("a kind of entry has one type, and a kind that entries have", () => {
  for (const kind of ["", "x".repeat(65), "nul \0"]) {
    expect(() => new Books({ entryTypes: [{ ...TRADE, kind }] })).toThrow(RangeError);
  }
  expect(() => new Books({ entryTypes: [TRADE, { ...SALE, kind: "trade" }] })).toThrow(
    "one type of a kind",
  );
});

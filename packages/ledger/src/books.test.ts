import { beforeEach, describe, expect, test } from "vitest";
import { Books } from "./books.ts";
import type { EntryRequest, PostingRequest } from "./entry.ts";
import { InvariantViolation } from "./invariant.ts";
import type { LedgerRefusalCode } from "./refusal.ts";

const USD = 1;
const BTC = 2;

let books: Books;
let account: Record<string, number>;

beforeEach(() => {
  books = new Books();
  account = {};
  const open = (
    name: string,
    owner: string,
    asset: number,
    kind: "customer" | "custody" | "fees",
  ) => {
    const opened = books.openAccount({ owner, asset, kind });
    if (!opened.ok) throw new Error(opened.code);
    account[name] = opened.account;
  };
  open("bank USD", "bank", USD, "custody");
  open("hot BTC", "hot", BTC, "custody");
  open("alice USD", "alice", USD, "customer");
  open("alice BTC", "alice", BTC, "customer");
  open("bob USD", "bob", USD, "customer");
  open("bob BTC", "bob", BTC, "customer");
  open("fees USD", "venue", USD, "fees");
  open("fees BTC", "venue", BTC, "fees");
});

const numberOf = (name: string): number => account[name] ?? 99;

/** "alice USD -500, bob USD +500" */
const postings = (text: string): PostingRequest[] =>
  text.split(", ").map((posting) => {
    const [, name = "", amount = ""] = /^(.*) ([+-]\d+)$/.exec(posting) ?? [];
    return { account: numberOf(name), amount: BigInt(amount) };
  });

const entry = (text: string, more: Partial<EntryRequest> = {}): EntryRequest => ({
  kind: "transfer",
  at: 1_000,
  postings: postings(text),
  ...more,
});

const post = (text: string, more: Partial<EntryRequest> = {}) => books.post(entry(text, more));

const hold = (id: number, name: string, amount: bigint) =>
  books.hold({ id, account: numberOf(name), amount, kind: "order" });

/** "500 held 100" */
const figures = (name: string): string =>
  `${books.balance(numberOf(name))} held ${books.held(numberOf(name))}`;

/** The refusal is this one, and nothing has changed. */
const expectRefusal = (act: () => object, refusal: object): void => {
  const before = books.stateHash();
  expect(act()).toEqual({ ok: false, ...refusal });
  expect(books.stateHash()).toBe(before);
};

describe("accounts", () => {
  test("are numbered from 1 in the order of opening", () => {
    expect(numberOf("bank USD")).toBe(1);
    expect(numberOf("fees BTC")).toBe(8);
    expect(books.accountOf("bob", BTC, "customer")).toBe(6);
    expect([...books.accounts()][5]).toEqual({
      account: 6,
      owner: "bob",
      sub: "",
      asset: BTC,
      kind: "customer",
      place: "",
      bound: "never_below_zero",
      status: "open",
    });
  });

  test("of one name are opened once", () => {
    expectRefusal(() => books.openAccount({ owner: "bob", asset: BTC, kind: "customer" }), {
      code: "account_already_open",
      field: "owner",
      account: 6,
    });
    expect(books.openAccount({ owner: "bob", asset: BTC, kind: "house" })).toEqual({
      ok: true,
      account: 9,
    });
  });

  test("that were never opened are number 0, which has nothing", () => {
    expect(books.accountOf("nobody", USD, "customer")).toBe(0);
    expect(books.accountOf("bob", 77, "customer")).toBe(0);
    expect(books.available(0)).toBe(0n);
    expect(() => books.balance(9)).toThrow(RangeError);
    expect(() => books.balance(1.5)).toThrow(RangeError);
  });

  test.each([
    ["", "text_missing"],
    ["x".repeat(256), "text_too_long"],
    ["half \ud83e", "text_malformed"],
    ["nul \0", "text_malformed"],
  ])("have an owner of 1 to 255 storable characters: %j", (owner, code) => {
    expectRefusal(() => books.openAccount({ owner, asset: USD, kind: "customer" }), {
      code,
      field: "owner",
    });
  });

  test("have an asset's number and a kind of the chart, or the program is wrong", () => {
    expect(() => books.openAccount({ owner: "x", asset: 0, kind: "customer" })).toThrow(RangeError);
    expect(() => books.openAccount({ owner: "x", asset: 1.5, kind: "customer" })).toThrow(
      RangeError,
    );
    expect(() => books.openAccount({ owner: "x", asset: 1, kind: "toString" as "house" })).toThrow(
      RangeError,
    );
  });

  test("are as many as are needed", () => {
    for (let more = 0; more < 1_000; more++) {
      books.openAccount({ owner: `customer ${more}`, asset: 3 + more, kind: "customer" });
    }
    post("bank USD -5, alice USD +5");
    expect(figures("alice USD")).toBe("5 held 0");
    expect(books.accountOf("customer 999", 1_002, "customer")).toBe(1_008);
    books.checkInvariants();
  });
});

describe("an entry", () => {
  test("moves money and tells the balance after each posting", () => {
    expect(post("bank USD -500, alice USD +500")).toEqual({
      ok: true,
      repeated: false,
      entry: {
        number: 1,
        kind: "transfer",
        at: 1_000,
        bookedAt: 1_000,
        key: "",
        memo: "",
        corrects: 0,
        postings: [
          { account: 1, amount: -500n, balanceAfter: -500n },
          { account: 3, amount: 500n, balanceAfter: 500n },
        ],
      },
    });
    expect(figures("alice USD")).toBe("500 held 0");
    expect(books.nextEntry).toBe(2);
    expect(books.trialBalance()).toEqual(
      new Map([
        [USD, 0n],
        [BTC, 0n],
      ]),
    );
  });

  test("is applied without being told, to the same state, and only its number is the answer", () => {
    const request = entry("bank USD -500, alice USD +500", { key: "one" });
    const told = Books.restore(books.snapshot());
    expect(told.post(request).ok).toBe(true);
    expect(books.apply(request)).toEqual({ ok: true, number: 1 });
    expect(books.apply({ ...request, at: 5 })).toEqual({ ok: true, number: 1 });
    expect(books.post(request)).toMatchObject({ repeated: true, entry: { number: 1 } });
    expect(books.stateHash()).toBe(told.stateHash());
    expectRefusal(() => books.apply({ ...request, memo: "other" }), {
      code: "key_used_for_another_body",
      field: "key",
    });
    expectRefusal(() => books.apply(entry("alice USD -501, bob USD +501")), {
      code: "balance_below_floor",
      field: "postings[0].amount",
      account: 3,
      needed: 501n,
      available: 500n,
    });
  });

  test("may post to an account twice, in any order: floors count at its end", () => {
    expect(post("bob USD -500, alice USD -200, alice USD +700").ok).toBe(false);
    expect(post("alice USD -200, alice USD +700, bank USD -500")).toMatchObject({
      entry: {
        postings: [{ balanceAfter: -200n }, { balanceAfter: 500n }, { balanceAfter: -500n }],
      },
    });
    expect(figures("alice USD")).toBe("500 held 0");
  });

  test("corrects an earlier one by naming it", () => {
    post("bank USD -500, alice USD +500");
    expect(post("alice USD -500, bank USD +500", { corrects: 1 })).toMatchObject({
      entry: { corrects: 1 },
    });
    expectRefusal(() => post("bank USD -1, alice USD +1", { corrects: 3 }), {
      code: "entry_corrected_unknown",
      field: "corrects",
    });
  });

  test("takes amounts up to 2^127 - 1", () => {
    const most = 2n ** 127n - 1n;
    expect(post(`bank USD -${most}, alice USD +${most}`).ok).toBe(true);
    expect(books.balance(numberOf("alice USD"))).toBe(most);
    expectRefusal(() => post("bank USD -1, alice USD +1"), {
      code: "amount_out_of_range",
      field: "postings[0].amount",
      account: 1,
    });
  });

  test("can't make money out of postings that only add up to zero in 128 bits", () => {
    const quarter = String(2n ** 126n);
    expectRefusal(() => post(Array(4).fill(`alice USD +${quarter}`).join(", ")), {
      code: "amount_out_of_range",
      field: "postings[1].amount",
      account: 3,
    });
  });

  const refusals: [string, string, LedgerRefusalCode, string, object?][] = [
    ["has two postings or more", "alice USD +1", "postings_too_few", "postings"],
    [
      "posts to open accounts",
      "alice USD +1, carol USD -1",
      "account_unknown",
      "postings[1].account",
      { account: 99 },
    ],
    [
      "moves something",
      "alice USD +0, bob USD -0",
      "amount_must_not_be_zero",
      "postings[0].amount",
    ],
    [
      "stays within 127 bits",
      `bank USD -${2n ** 127n}, alice USD +${2n ** 127n}`,
      "amount_out_of_range",
      "postings[0].amount",
    ],
    ["adds up to zero", "bank USD -10, alice USD +9", "entry_does_not_balance", "postings"],
    [
      "adds up to zero in each asset",
      "bank USD -10, alice BTC +10",
      "entry_does_not_balance",
      "postings",
    ],
    [
      "leaves customers at zero or above",
      "alice USD -501, bob USD +501",
      "balance_below_floor",
      "postings[0].amount",
      { account: 3, needed: 501n, available: 500n },
    ],
  ];
  test.each(refusals)("%s", (_, text, code, field, more = {}) => {
    post("bank USD -500, alice USD +500");
    expectRefusal(() => post(text), { code, field, ...more });
    expect(post("alice USD -500, bob USD +500").ok).toBe(true);
  });

  test("pays no more out of custody than there is", () => {
    books.openAccount({ owner: "venue", asset: USD, kind: "house" });
    account["house USD"] = 9;
    post("bank USD -500, alice USD +500");
    expectRefusal(() => post("house USD -501, bank USD +501"), {
      code: "balance_above_ceiling",
      field: "postings[1].amount",
      account: 1,
      needed: 501n,
      available: 500n,
    });
  });

  test("has at most 10,000 postings", () => {
    const many = (count: number): string =>
      `bank USD -${count}, ${Array(count).fill("alice USD +1").join(", ")}`;
    expect(post(many(9_999)).ok).toBe(true);
    expectRefusal(() => post(many(10_000)), { code: "postings_too_many", field: "postings" });
  });

  test.each<[Partial<EntryRequest>, LedgerRefusalCode, string]>([
    [{ kind: "" }, "text_missing", "kind"],
    [{ kind: "k".repeat(65) }, "text_too_long", "kind"],
    [{ key: "k".repeat(129) }, "text_too_long", "key"],
    [{ memo: "m".repeat(1_025) }, "text_too_long", "memo"],
    [{ memo: "\udc00" }, "text_malformed", "memo"],
  ])("has texts that can be stored: %#", (more, code, field) => {
    expectRefusal(() => post("bank USD -1, alice USD +1", more), { code, field });
  });

  test("of the wrong type is the program's fault, and changes nothing", () => {
    post("bank USD -500, alice USD +500");
    hold(1, "alice USD", 500n);
    const before = books.stateHash();
    const wrong = 5 as unknown as bigint;
    const captures = [
      { hold: 1, amount: 5n },
      { hold: 1, amount: wrong },
    ];
    expect(() => post("alice USD -10, bob USD +10", { captures })).toThrow(TypeError);
    expect(() => post("alice USD -10, bob USD +10", { at: 0.5 })).toThrow(RangeError);
    expect(() => post("alice USD -10, bob USD +10", { key: 7 as unknown as string })).toThrow(
      TypeError,
    );
    const floating = [
      { account: 1, amount: wrong },
      { account: 3, amount: wrong },
    ];
    expect(() => post("", { postings: floating })).toThrow(TypeError);
    expect(books.stateHash()).toBe(before);
  });
});

describe("a key", () => {
  test("makes an entry safe to repeat: the retry is answered with the original, whatever its time", () => {
    const deposit = "bank USD -500, alice USD +500";
    const first = post(deposit, { key: "deposit 7" });
    post("alice USD -500, bob USD +500");
    expect(post(deposit, { key: "deposit 7", at: 2_000 })).toEqual({ ...first, repeated: true });
    expect(figures("alice USD")).toBe("0 held 0");
    expect(books.nextEntry).toBe(3);
  });

  test.each<[string, Partial<EntryRequest>]>([
    ["bank USD -501, alice USD +501", {}],
    ["bank USD -500, bob USD +500", {}],
    ["bank USD -500, alice USD +250, alice USD +250", {}],
    ["bank USD -500, alice USD +500", { kind: "other" }],
    ["bank USD -500, alice USD +500", { memo: "other" }],
    ["bank USD -500, alice USD +500", { captures: [{ hold: 1, amount: 1n }] }],
  ])("stands for one body: %s %o", (text, more) => {
    post("bank USD -500, alice USD +500", { key: "deposit 7" });
    expectRefusal(() => post(text, { key: "deposit 7", ...more }), {
      code: "key_used_for_another_body",
      field: "key",
    });
  });

  test("of a refused entry is free: the retry is judged afresh", () => {
    expect(post("alice USD -5, bob USD +5", { key: "payment" }).ok).toBe(false);
    post("bank USD -5, alice USD +5");
    expect(post("alice USD -5, bob USD +5", { key: "payment" })).toMatchObject({
      ok: true,
      repeated: false,
    });
  });

  test("is remembered over a restart, until it is forgotten", () => {
    post("bank USD -5, alice USD +5", { key: "first", at: 1_000, memo: "für Zoë 🪙" });
    post("bank USD -5, alice USD +5", { key: "second", at: 2_000 });
    books = Books.restore(books.snapshot());
    const first = entry("bank USD -5, alice USD +5", { key: "first", memo: "für Zoë 🪙" });
    expect(books.post(first)).toMatchObject({ ok: true, repeated: true });
    books.forgetKeysBefore(2_000);
    expect(books.post(first)).toMatchObject({ ok: true, repeated: false, entry: { number: 3 } });
    expect(post("bank USD -5, alice USD +5", { key: "second" })).toMatchObject({ repeated: true });
  });
});

describe("a hold", () => {
  beforeEach(() => {
    post("bank USD -500, alice USD +500");
    post("hot BTC -30, bob BTC +30");
  });

  test("reserves: the balance stays, available falls", () => {
    expect(hold(1, "alice USD", 400n)).toEqual({ ok: true });
    expect(figures("alice USD")).toBe("500 held 400");
    expect(books.available(numberOf("alice USD"))).toBe(100n);
    expectRefusal(() => hold(2, "alice USD", 101n), {
      code: "balance_below_hold",
      field: "amount",
      account: 3,
      needed: 101n,
      available: 100n,
    });
    expectRefusal(() => post("alice USD -101, bob USD +101"), {
      code: "balance_below_floor",
      field: "postings[0].amount",
      account: 3,
      needed: 101n,
      available: 100n,
    });
    expect(books.holds()).toEqual([
      { id: 1, account: 3, amount: 400n, kind: "order", expiresAt: 0 },
    ]);
  });

  test("is captured in parts by the entries that spend it, and ends with its last part", () => {
    hold(1, "alice USD", 400n);
    hold(2, "bob BTC", 30n);
    const fill = (usd: bigint, btc: bigint) =>
      post(
        `alice USD -${usd}, bob USD +${usd - 1n}, fees USD +1, bob BTC -${btc}, alice BTC +${btc - 1n}, fees BTC +1`,
        {
          captures: [
            { hold: 1, amount: usd },
            { hold: 2, amount: btc },
          ],
        },
      );
    expect(fill(100n, 10n).ok).toBe(true);
    expect(figures("alice USD")).toBe("400 held 300");
    expect(fill(300n, 20n).ok).toBe(true);
    expect(figures("alice USD")).toBe("100 held 0");
    expect(figures("bob BTC")).toBe("0 held 0");
    expect(figures("bob USD")).toBe("398 held 0");
    expect(figures("fees BTC")).toBe("2 held 0");
    expect(books.holds()).toEqual([]);
    expectRefusal(() => books.release(1), { code: "hold_unknown", field: "id" });
    expect(hold(1, "alice USD", 100n).ok).toBe(true);
  });

  test("gives back what isn't needed any more", () => {
    hold(1, "alice USD", 400n);
    expect(books.reduceHold(1, 150n)).toEqual({ ok: true });
    expect(figures("alice USD")).toBe("500 held 150");
    expectRefusal(() => books.reduceHold(1, 151n), {
      code: "hold_cannot_grow",
      field: "to",
      account: 3,
      needed: 151n,
      available: 150n,
    });
    expectRefusal(() => books.reduceHold(1, -1n), {
      code: "hold_cannot_grow",
      field: "to",
      account: 3,
      needed: -1n,
      available: 150n,
    });
    expect(books.release(1)).toEqual({ ok: true });
    expect(figures("alice USD")).toBe("500 held 0");
  });

  test.each<[string, { hold: number; amount: bigint }[], object]>([
    [
      "of an open hold",
      [{ hold: 9, amount: 1n }],
      { code: "hold_unknown", field: "captures[0].hold" },
    ],
    [
      "of something",
      [{ hold: 1, amount: 0n }],
      { code: "amount_must_be_positive", field: "captures[0].amount" },
    ],
    [
      "of what is left",
      [
        { hold: 1, amount: 300n },
        { hold: 1, amount: 101n },
      ],
      {
        code: "capture_above_hold",
        field: "captures[1].amount",
        account: 3,
        needed: 101n,
        available: 100n,
      },
    ],
    [
      "of what the entry debits",
      [
        { hold: 1, amount: 400n },
        { hold: 2, amount: 51n },
      ],
      {
        code: "capture_not_posted",
        field: "captures[1].amount",
        account: 3,
        needed: 451n,
        available: 450n,
      },
    ],
  ])("is a capture %s", (_, captures, refusal) => {
    hold(1, "alice USD", 400n);
    hold(2, "alice USD", 100n);
    expectRefusal(() => post("alice USD -450, bob USD +450", { captures }), refusal);
  });

  test("is put back when its entry is refused for another reason", () => {
    hold(1, "alice USD", 400n);
    hold(2, "alice USD", 100n);
    expectRefusal(
      () => post("alice USD -450, bob USD +450", { captures: [{ hold: 1, amount: 400n }] }),
      {
        code: "balance_below_floor",
        field: "postings[0].amount",
        account: 3,
        needed: 450n,
        available: 400n,
      },
    );
  });

  test("is captured at most 1,000 times by an entry", () => {
    hold(1, "alice USD", 400n);
    const capture = (times: number) =>
      post("alice USD -400, bob USD +400", {
        captures: Array(times).fill({ hold: 1, amount: 0n }),
      });
    expect(capture(1_000)).toMatchObject({ code: "amount_must_be_positive" });
    expectRefusal(() => capture(1_001), { code: "captures_too_many", field: "captures" });
  });

  test.each<[object, object]>([
    [{ account: 99 }, { code: "account_unknown", field: "account", account: 99 }],
    [{ amount: 0n }, { code: "amount_must_be_positive", field: "amount" }],
    [{ amount: 2n ** 127n }, { code: "amount_out_of_range", field: "amount" }],
    [{ id: 1 }, { code: "hold_already_open", field: "id" }],
  ])("is refused: %o", (wrong, refusal) => {
    hold(1, "alice USD", 1n);
    const request = { id: 5, account: 3, amount: 5n, kind: "order" as const };
    expectRefusal(() => books.hold({ ...request, ...wrong }), refusal);
  });

  test("of number 0 is unknown: it used to be found in an empty row", () => {
    expectRefusal(() => books.release(0), { code: "hold_unknown", field: "id" });
    expectRefusal(() => books.reduceHold(Number.NaN, 0n), { code: "hold_unknown", field: "id" });
    expect(books.holdAmount(0)).toBe(0n);
    expectRefusal(() => post("alice USD -1, bob USD +1", { captures: [{ hold: 0, amount: 1n }] }), {
      code: "hold_unknown",
      field: "captures[0].hold",
    });
  });

  test("has a safe integer for its id and a known kind, or the program is wrong", () => {
    const request = { id: 5, account: 3, amount: 5n, kind: "order" as const };
    expect(() => books.hold({ ...request, id: 0 })).toThrow(RangeError);
    expect(() => books.hold({ ...request, id: 2 ** 53 })).toThrow(RangeError);
    expect(() => books.hold({ ...request, kind: "wish" as "order" })).toThrow(RangeError);
    expect(() => books.reduceHold(5, 1 as unknown as bigint)).toThrow(TypeError);
  });

  test("is found among a hundred thousand, at ids of any size, while others come and go", () => {
    const ids = Array.from({ length: 100_000 }, (_, index) => (index % 2) * 2 ** 52 + index + 1);
    post(`bank USD -${ids.length}, bob USD +${ids.length}`);
    for (const id of ids) hold(id, "bob USD", 1n);
    for (const id of ids) if (id % 3 === 0) books.release(id);
    const isRight = (id: number) => books.holdAmount(id) === (id % 3 === 0 ? 0n : 1n);
    expect(ids.every(isRight)).toBe(true);
    books.checkInvariants();
  });
});

describe("a snapshot", () => {
  const busy = (): void => {
    post("bank USD -500, alice USD +500", { key: "deposit" });
    post(`hot BTC -${2n ** 100n}, bob BTC +${2n ** 100n}`);
    hold(7, "alice USD", 400n);
    hold(3, "bob BTC", 2n ** 99n);
    post("alice USD -100, bob USD +100", { captures: [{ hold: 7, amount: 100n }], key: "trade" });
  };

  test("is the whole state", () => {
    busy();
    const restored = Books.restore(books.snapshot());
    expect(restored.snapshot()).toEqual(books.snapshot());
    expect(restored.nextEntry).toBe(books.nextEntry);
    expect(restored.holds()).toEqual(books.holds());
    expect([...restored.accounts()]).toEqual([...books.accounts()]);
    expect(restored.post(entry("bob USD -100, alice USD +100"))).toEqual(
      post("bob USD -100, alice USD +100"),
    );
  });

  test("may lie anywhere in a bigger buffer", () => {
    busy();
    const bytes = books.snapshot();
    const bigger = new Uint8Array(bytes.length + 9);
    bigger.set(bytes, 3);
    const restored = Books.restore(bigger.subarray(3, 3 + bytes.length));
    expect(restored.stateHash()).toBe(books.stateHash());
  });

  test("of nothing is that of new books", () => {
    expect(Books.restore(new Books().snapshot()).stateHash()).toBe(new Books().stateHash());
  });

  test("that is cut, foreign or of another version is refused", () => {
    busy();
    const bytes = books.snapshot();
    expect(() => Books.restore(bytes.subarray(0, bytes.length - 8))).toThrow(RangeError);
    expect(() => Books.restore(new Uint8Array(64))).toThrow(RangeError);
    expect(() => Books.restore(new Uint8Array(3))).toThrow(RangeError);
    const other = bytes.slice();
    other[4] = 9;
    expect(() => Books.restore(other)).toThrow("version 2, was 9");
  });

  test("whose figures contradict each other breaks an invariant", () => {
    post("bank USD -500, alice USD +500");
    const bytes = books.snapshot();
    const balanceOfFirst = 40 + 24;
    bytes[balanceOfFirst] = (bytes[balanceOfFirst] ?? 0) ^ 1;
    expect(() => Books.restore(bytes)).toThrow(InvariantViolation);
  });
});

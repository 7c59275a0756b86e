import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AccountOpening, CHART_OF_ACCOUNTS } from "./account.ts";
import { apportion, type RemainderRule } from "./apportion.ts";
import { Books } from "./books.ts";
import type { PostingRequest } from "./entry.ts";
import { roundFee, roundMove, TRADE } from "./entry-type.ts";
import { type RoundingDirection, roundNext } from "./rounding.ts";

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, one) => total + one, 0n);

const scale = fc.oneof(fc.constant(1n), fc.bigInt({ min: 1n, max: 12n }), fc.constant(10n ** 30n));
const exacts = fc.array(
  fc.oneof(fc.bigInt({ min: 0n, max: 40n }), fc.bigInt({ min: 0n, max: 10n ** 40n })),
  { minLength: 1, maxLength: 20 },
);
const direction = fc.constantFrom<RoundingDirection>("up", "down");

/** All parts, one after the other. */
const roundAll = (way: RoundingDirection, parts: readonly bigint[], of: bigint): bigint[] => {
  let carried = 0n;
  return parts.map((exact) => {
    const part = roundNext(way, exact, of, carried);
    carried = part.carried;
    return part.amount;
  });
};

const roundedOnce = (way: RoundingDirection, exact: bigint, of: bigint): bigint =>
  way === "down" || exact % of === 0n ? exact / of : exact / of + 1n;

describe("parts that are rounded one after the other", () => {
  test("add up, after each of them, to their exact sum rounded once", () => {
    fc.assert(
      fc.property(direction, exacts, scale, (way, parts, of) => {
        const amounts = roundAll(way, parts, of);
        parts.forEach((_, index) => {
          const soFar = sum(parts.slice(0, index + 1));
          expect(sum(amounts.slice(0, index + 1))).toBe(roundedOnce(way, soFar, of));
        });
      }),
      { numRuns: 500 },
    );
  });

  test("are never negative, and carry less than a unit", () => {
    fc.assert(
      fc.property(direction, exacts, scale, (way, parts, of) => {
        for (const amount of roundAll(way, parts, of)) expect(amount >= 0n).toBe(true);
      }),
    );
  });

  test("are of a scale, not negative, and carry what such a part can have carried", () => {
    expect(() => roundNext("up", 1n, 0n, 0n)).toThrow("scale of 1 or more, was 0");
    expect(() => roundNext("up", -1n, 10n, 0n)).toThrow("0 or more, was -1");
    expect(() => roundNext("up", 1n, 10n, 10n)).toThrow("less than 10, was 10");
    expect(() => roundNext("down", 1n, 10n, -1n)).toThrow(RangeError);
    expect(() => roundFee(TRADE, 1n, 1_000_001, 0n)).toThrow(RangeError);
    expect(() => roundFee(TRADE, 1n, 0.5, 0n)).toThrow(RangeError);
  });
});

describe("shares", () => {
  const weights = fc
    .array(fc.bigInt({ min: 0n, max: 10n ** 20n }), { minLength: 1, maxLength: 12 })
    .filter((each) => each.some((weight) => weight > 0n));
  const amount = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
  const rule = fc.constantFrom<RemainderRule>("largest_fraction", "first", "last");

  test("add up to the amount, by every rule", () => {
    fc.assert(
      fc.property(amount, weights, rule, (whole, each, remainder) => {
        expect(sum(apportion(whole, each, remainder))).toBe(whole);
      }),
    );
  });

  test("by largest fraction are each less than a unit off", () => {
    fc.assert(
      fc.property(amount, weights, (whole, each) => {
        const total = sum(each);
        apportion(whole, each, "largest_fraction").forEach((share, index) => {
          const off = share * total - whole * (each[index] ?? 0n);
          expect(off < total && off > -total).toBe(true);
          if (each[index] === 0n) expect(share).toBe(0n);
        });
      }),
    );
  });

  test.each<[bigint, bigint[], RemainderRule, bigint[]]>([
    [100n, [1n, 1n, 1n], "largest_fraction", [34n, 33n, 33n]],
    [100n, [1n, 1n, 1n], "first", [34n, 33n, 33n]],
    [100n, [1n, 1n, 1n], "last", [33n, 33n, 34n]],
    [-100n, [1n, 1n, 1n], "last", [-33n, -33n, -34n]],
    [5n, [1n, 3n, 3n], "largest_fraction", [1n, 2n, 2n]],
    [3n, [5n, 5n], "largest_fraction", [2n, 1n]],
    [0n, [1n, 2n], "first", [0n, 0n]],
  ])("of %s by %s, the rest to %s: %s", (whole, each, remainder, shares) => {
    expect(apportion(whole, each, remainder)).toEqual(shares);
  });

  test("are of something, by weights that aren't negative", () => {
    for (const each of [[], [0n], [1n, -1n], [2n, -1n]]) {
      expect(() => apportion(1n, each, "first")).toThrow(RangeError);
    }
  });
});

/** A market whose notional has fractions, and fills between a few orders on either side. */
const market = fc.record({
  scale: fc.bigInt({ min: 2n, max: 1_000n }),
  limit: fc.bigInt({ min: 1n, max: 50n }),
  feePpm: fc.integer({ min: 0, max: 1_000_000 }),
  fills: fc.array(
    fc.record({
      buyer: fc.integer({ min: 0, max: 2 }),
      seller: fc.integer({ min: 0, max: 2 }),
      quantity: fc.bigInt({ min: 1n, max: 9n }),
      below: fc.bigInt({ min: 0n, max: 49n }),
    }),
    { minLength: 1, maxLength: 30 },
  ),
});

describe("trades of a market whose notional has fractions, in real books", () => {
  test("never make the dust account negative, never exceed a hold, and charge no more than was received", () => {
    fc.assert(
      fc.property(market, (rules) => {
        const traded = new FractionalMarket(rules);
        for (const fill of rules.fills) {
          const { received, fee, refusal } = traded.settle(fill);
          expect(refusal).toBeUndefined();
          expect(fee <= received).toBe(true);
          expect(traded.dust >= 0n).toBe(true);
        }
        traded.books.checkInvariants();
        expect(traded.dust * rules.scale).toBe(traded.carried);
      }),
      { numRuns: 300 },
    );
  });

  test("cost each order the same, however its fills were split", () => {
    const parts = fc.array(fc.bigInt({ min: 1n, max: 9n }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(parts, scale, fc.integer({ min: 0, max: 1_000_000 }), (each, of, feePpm) => {
        const totals = (quantities: readonly bigint[]) => {
          let carried = { payer: 0n, payee: 0n };
          let feeCarried = 0n;
          const total = { paid: 0n, received: 0n, fee: 0n };
          for (const exact of quantities) {
            const moved = roundMove(TRADE, exact, of, carried);
            const fee = roundFee(TRADE, moved.received, feePpm, feeCarried);
            total.paid += moved.paid;
            total.received += moved.received;
            total.fee += fee.amount;
            carried = moved.carried;
            feeCarried = fee.carried;
          }
          return total;
        };
        expect(totals(each)).toEqual(totals([sum(each)]));
      }),
      { numRuns: 300 },
    );
  });
});

test("the dust of a trade goes to an account that is never below zero", () => {
  expect(CHART_OF_ACCOUNTS[TRADE.rounding.dust].bound).toBe("never_below_zero");
});

interface Fill {
  readonly buyer: number;
  readonly seller: number;
  readonly quantity: bigint;
  readonly below: bigint;
}

interface Rules {
  readonly scale: bigint;
  readonly limit: bigint;
  readonly feePpm: number;
  readonly fills: readonly Fill[];
}

/** Three buyers and three sellers, each with one order; and the worst case of each buyer's order is all that it has and holds. */
class FractionalMarket {
  readonly books: Books = new Books();
  readonly #rules: Rules;
  readonly #bank = this.#open("bank", "custody");
  readonly #dust = this.#open("venue", TRADE.rounding.dust);
  readonly #fees = this.#open("venue", "fees");
  readonly #buyers = ["a", "b", "c"].map((owner) => this.#open(owner, "customer"));
  readonly #sellers = ["x", "y", "z"].map((owner) => this.#open(owner, "customer"));
  readonly #payers: bigint[] = [0n, 0n, 0n];
  readonly #payees: bigint[] = [0n, 0n, 0n];
  readonly #charged: bigint[] = [0n, 0n, 0n];

  constructor(rules: Rules) {
    this.#rules = rules;
    this.#buyers.forEach((account, index) => {
      const fills = rules.fills.filter(({ buyer }) => buyer === index);
      const exact = sum(fills.map(({ quantity }) => quantity * rules.limit));
      const amount = roundedOnce("up", exact, rules.scale);
      if (amount === 0n) return;
      const postings = move(this.#bank, account, amount);
      this.books.post({ kind: "deposit", at: 0, postings });
      this.books.hold({ id: index + 1, account, amount, kind: "order" });
    });
  }

  get dust(): bigint {
    return this.books.balance(this.#dust);
  }

  /** All that orders have been rounded by, in parts of a unit. */
  get carried(): bigint {
    return sum(this.#payers) + sum(this.#payees);
  }

  settle({ buyer, seller, quantity, below }: Fill) {
    const { scale: of, limit, feePpm } = this.#rules;
    const price = below < limit ? limit - below : limit;
    const carried = { payer: this.#payers[buyer] ?? 0n, payee: this.#payees[seller] ?? 0n };
    const moved = roundMove(TRADE, quantity * price, of, carried);
    const { paid, received } = moved;
    const fee = roundFee(TRADE, received, feePpm, this.#charged[seller] ?? 0n);
    this.#payers[buyer] = moved.carried.payer;
    this.#payees[seller] = moved.carried.payee;
    this.#charged[seller] = fee.carried;
    const postings = [
      { account: this.#buyers[buyer] ?? 0, amount: -paid },
      { account: this.#sellers[seller] ?? 0, amount: received - fee.amount },
      { account: this.#fees, amount: fee.amount },
      { account: this.#dust, amount: moved.dust },
    ].filter(({ amount }) => amount !== 0n);
    const captures = paid > 0n ? [{ hold: buyer + 1, amount: paid }] : [];
    const posted =
      postings.length > 0
        ? this.books.post({ kind: TRADE.kind, at: 0, postings, captures })
        : { ok: true };
    return { received, fee: fee.amount, refusal: posted.ok ? undefined : posted };
  }

  #open(owner: string, kind: AccountOpening["kind"]): number {
    const opened = this.books.openAccount({ owner, asset: 1, kind });
    return opened.ok ? opened.account : 0;
  }
}

const move = (from: number, to: number, amount: bigint): PostingRequest[] => [
  { account: from, amount: -amount },
  { account: to, amount },
];

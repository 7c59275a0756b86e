import { describe, expect, test } from "vitest";
import type { SetFees } from "../commands/set-fees.ts";
import { BTC, CoreUnderTest, MARKET, only, USDT } from "../testing/core-under-test.ts";

/** By rules 2, with fees as given. A lot is 1,000 of BTC's smallest units; a tick × a lot costs 10 of USDT's. */
const venueWith = (...fees: Partial<SetFees>[]): CoreUnderTest => {
  const venue = CoreUnderTest.funded(3, 1_000_000n);
  venue.do({ kind: "raise_rules", rules: 2 });
  for (const rates of fees) {
    const set: SetFees = { kind: "set_fees", market: 0, makerPpm: 0, takerPpm: 0, ...rates };
    expect(only(venue.do(set), "fees_set")).toHaveLength(1);
  }
  return venue;
};

const feesOfTrade = (venue: CoreUnderTest, seller: number, buyer: number, lots = 10) => {
  venue.place(seller, { side: "sell", price: 100, quantity: lots });
  const events = venue.place(buyer, { side: "buy", price: 100, quantity: lots });
  const settled = only(events, "trade_settled")[0];
  return { makerFee: settled?.makerFee, takerFee: settled?.takerFee };
};

describe("from rules 2 on", () => {
  test("an account is charged by its tier; a market's fees go before those of all markets", () => {
    const venue = venueWith(
      { makerPpm: 10_000, takerPpm: 20_000 },
      { tier: 1, makerPpm: 5_000, takerPpm: 6_000 },
      { market: MARKET, tier: 2, makerPpm: 1_000, takerPpm: 1_000 },
    );
    // The seller receives 10,000 of USDT, the buyer 10,000 of BTC.
    expect(feesOfTrade(venue, 1, 2)).toEqual({ makerFee: 100n, takerFee: 200n });
    venue.do({ kind: "set_account_tier", account: 2, tier: 1 });
    expect(feesOfTrade(venue, 1, 2)).toEqual({ makerFee: 100n, takerFee: 60n });
    venue.do({ kind: "set_account_tier", account: 1, tier: 2 });
    expect(feesOfTrade(venue, 1, 2)).toEqual({ makerFee: 10n, takerFee: 60n });
    // What the market asks of everybody goes before what all markets ask of tier 1.
    venue.do({ kind: "set_fees", market: MARKET, makerPpm: 0, takerPpm: 30_000 });
    expect(feesOfTrade(venue, 1, 2)).toEqual({ makerFee: 10n, takerFee: 300n });
  });

  test("an order is charged what was asked when it became live", () => {
    const venue = venueWith({ makerPpm: 10_000, takerPpm: 20_000 });
    venue.place(1, { side: "sell", price: 100, quantity: 10 });
    venue.do({ kind: "set_fees", market: 0, makerPpm: 500_000, takerPpm: 500_000 });
    const events = venue.place(2, { side: "buy", price: 100, quantity: 10 });
    expect(only(events, "trade_settled")).toMatchObject([{ makerFee: 100n, takerFee: 5_000n }]);
  });

  test("by rules 1 it is charged what is asked when it trades", () => {
    const venue = CoreUnderTest.funded(2, 1_000_000n);
    venue.do({ kind: "set_fees", market: 0, makerPpm: 10_000, takerPpm: 20_000 });
    venue.place(1, { side: "sell", price: 100, quantity: 10 });
    venue.do({ kind: "set_fees", market: 0, makerPpm: 500_000, takerPpm: 500_000 });
    const events = venue.place(2, { side: "buy", price: 100, quantity: 10 });
    expect(only(events, "trade_settled")).toMatchObject([{ makerFee: 5_000n, takerFee: 5_000n }]);
  });

  test("what rests when rules are raised is charged what was asked when it came", () => {
    const venue = CoreUnderTest.funded(2, 1_000_000n);
    venue.do({ kind: "set_fees", market: 0, makerPpm: 10_000, takerPpm: 20_000 });
    venue.place(1, { side: "sell", price: 100, quantity: 10 });
    venue.do({ kind: "raise_rules", rules: 2 });
    venue.do({ kind: "set_fees", market: 0, makerPpm: 0, takerPpm: 0 });
    const events = venue.place(2, { side: "buy", price: 100, quantity: 10 });
    expect(only(events, "trade_settled")).toMatchObject([{ makerFee: 100n, takerFee: 0n }]);
  });
});

describe("where fees are paid in quote", () => {
  const inQuote = { makerPpm: 10_000, takerPpm: 20_000, paidIn: "quote" } as const;

  test("a buyer pays its fee on top, reserves for the higher one, and receives all that it bought", () => {
    const venue = venueWith(inQuote);
    venue.place(2, { side: "buy", price: 100, quantity: 10 });
    expect(venue.held(2, USDT)).toBe(10_200n);
    venue.place(1, { side: "sell", price: 100, quantity: 4 });
    // As maker it has paid 1 % of 4,000.
    expect(venue.balance(2, USDT)).toBe(1_000_000n - 4_040n);
    expect(venue.held(2, USDT)).toBe(6_120n);
    expect(venue.balance(2, BTC)).toBe(1_004_000n);
    // The seller as taker has paid 2 % of it.
    expect(venue.balance(1, USDT)).toBe(1_000_000n + 3_920n);
    expect([venue.fees(USDT), venue.fees(BTC)]).toEqual([120n, 0n]);
    venue.core.checkInvariants();
  });

  test("an order without money for its fee is refused with what it needs", () => {
    const venue = venueWith(inQuote);
    const events = venue.place(2, { side: "buy", price: 100, quantity: 1_000 });
    expect(only(events, "refused")).toMatchObject([
      { code: "balance_below_hold", needed: 1_020_000n, available: 1_000_000n },
    ]);
  });

  test("an amendment reserves for the fee of what it asks for", () => {
    const venue = venueWith(inQuote);
    venue.place(2, { side: "buy", price: 100, quantity: 10 });
    venue.order(2, { kind: "amend", market: MARKET, orderId: 1, price: 100, quantity: 20 });
    expect(venue.held(2, USDT)).toBe(20_400n);
  });

  test("a maker's rebate is paid out of the taker's fee", () => {
    const venue = venueWith({ ...inQuote, makerPpm: -5_000 });
    expect(feesOfTrade(venue, 1, 2)).toEqual({ makerFee: -50n, takerFee: 200n });
    expect(venue.balance(1, USDT)).toBe(1_000_000n + 10_050n);
    expect(venue.fees(USDT)).toBe(150n);
    const { books } = venue.core;
    expect(books.balance(books.accountOf("venue", USDT, "rebates"))).toBe(-50n);
  });

  test("and never above it, nor where that is not in quote", () => {
    const venue = venueWith(
      { ...inQuote, makerPpm: -5_000 },
      { tier: 1, makerPpm: 0, takerPpm: 1_000, paidIn: "quote" },
      { tier: 2, makerPpm: 0, takerPpm: 1_000, paidIn: "received" },
    );
    venue.do({ kind: "set_account_tier", account: 2, tier: 1 });
    expect(feesOfTrade(venue, 1, 2)).toEqual({ makerFee: -10n, takerFee: 10n });
    venue.do({ kind: "set_account_tier", account: 2, tier: 2 });
    expect(feesOfTrade(venue, 1, 2)).toEqual({ makerFee: 0n, takerFee: 10n });
  });

  test("a rebate's fractions are kept for the next fill", () => {
    const venue = venueWith({ makerPpm: -1_500, takerPpm: 2_000, paidIn: "quote" });
    venue.place(1, { side: "sell", price: 1, quantity: 100 });
    const fees = [1, 1, 1].map(() => {
      const events = venue.place(2, { side: "buy", price: 1, quantity: 33 });
      return only(events, "trade_settled")[0]?.makerFee;
    });
    // 330 of quote each: 0.495, 0.99 and 1.485 in all.
    expect(fees).toEqual([0n, 0n, -1n]);
  });
});

describe("refused, and nothing has changed:", () => {
  const refusal = (venue: CoreUnderTest, fees: Partial<SetFees>) => {
    const before = venue.core.stateHash();
    const set: SetFees = { kind: "set_fees", market: 0, makerPpm: 0, takerPpm: 0, ...fees };
    const [refused] = only(venue.do(set), "refused");
    expect(venue.core.stateHash()).toBe(before);
    return refused?.code;
  };

  test("tiers, rebates and fees in quote before rules 2", () => {
    const venue = CoreUnderTest.funded(1, 1n);
    for (const later of [{ tier: 1 }, { paidIn: "quote" }, { paidIn: "quote", makerPpm: -1 }]) {
      expect(refusal(venue, later as Partial<SetFees>)).toBe("fees_need_newer_rules");
    }
  });

  test("a rebate where fees are paid in what is received, and one of more than everything", () => {
    const venue = venueWith();
    expect(refusal(venue, { makerPpm: -1 })).toBe("maker_fee_out_of_range");
    const beyond = { makerPpm: -1_000_001, paidIn: "quote" } as const;
    expect(refusal(venue, beyond)).toBe("maker_fee_out_of_range");
    expect(refusal(venue, { takerPpm: -1, paidIn: "quote" })).toBe("taker_fee_out_of_range");
  });

  test("a tier that is none", () => {
    const venue = venueWith();
    expect(refusal(venue, { tier: -1 })).toBe("tier_out_of_range");
    expect(refusal(venue, { tier: 65_536 })).toBe("tier_out_of_range");
    const events = venue.do({ kind: "set_account_tier", account: 1, tier: 65_536 });
    expect(only(events, "refused")).toMatchObject([{ code: "tier_out_of_range" }]);
  });
});

import { describe, expect, test } from "vitest";
import { BTC, CoreUnderTest, MARKET, only, USDT } from "../testing/core-under-test.ts";
import { VenueCore } from "./venue-core.ts";

const funded = (): CoreUnderTest => CoreUnderTest.funded(3, 100_000n);

const withdrawn = (venue: CoreUnderTest, amount: bigint, fee = 0n): number => {
  const events = venue.do({
    kind: "hold_withdrawal",
    account: 1,
    asset: BTC,
    amount,
    fee,
    reference: "bc1-address",
  });
  expect(only(events, "withdrawal_held")).toHaveLength(1);
  return venue.core.sequence;
};

describe("a withdrawal", () => {
  test("is named by its command, and reserved until it has left", () => {
    const venue = funded();
    const withdrawal = withdrawn(venue, 40_000n, 300n);
    expect([venue.balance(1, BTC), venue.held(1, BTC)]).toEqual([100_000n, 40_000n]);

    const events = venue.do({ kind: "settle_withdrawal", withdrawal, reference: "txid" });
    expect(only(events, "entry")).toMatchObject([{ entry: { kind: "withdrawal", memo: "txid" } }]);
    expect(only(events, "withdrawal_ended")).toMatchObject([
      { withdrawal, account: 1, outcome: "settled", reference: "txid", total: 0n },
    ]);
    expect([venue.balance(1, BTC), venue.held(1, BTC)]).toEqual([60_000n, 0n]);
    expect(venue.fees(BTC)).toBe(300n);
    // Three accounts had 100,000 each; 39,700 have left.
    const { books } = venue.core;
    expect(books.balance(books.accountOf("venue", BTC, "custody"))).toBe(-260_300n);
    venue.core.checkInvariants();
  });

  test("is available again when it is released", () => {
    const venue = funded();
    const withdrawal = withdrawn(venue, 40_000n, 300n);
    const events = venue.do({ kind: "release_withdrawal", withdrawal, reference: "no such chain" });
    expect(events.map(({ kind }) => kind)).toEqual(["withdrawal_ended"]);
    expect([venue.balance(1, BTC), venue.held(1, BTC)]).toEqual([100_000n, 0n]);
    expect(venue.fees(BTC)).toBe(0n);
  });

  test("ends once", () => {
    const venue = funded();
    const withdrawal = withdrawn(venue, 40_000n);
    venue.do({ kind: "settle_withdrawal", withdrawal, reference: "" });
    for (const kind of ["settle_withdrawal", "release_withdrawal"] as const) {
      const events = venue.do({ kind, withdrawal, reference: "" });
      expect(only(events, "refused")).toMatchObject([{ code: "withdrawal_unknown" }]);
    }
    expect(venue.balance(1, BTC)).toBe(60_000n);
  });

  test("asked for twice by one id is reserved once, and known by the first one's number", () => {
    const venue = funded();
    const request = {
      kind: "hold_withdrawal",
      account: 1,
      asset: BTC,
      amount: 10n,
      fee: 0n,
      reference: "",
      commandId: "request-7",
    } as const;
    venue.do(request);
    const first = venue.core.sequence;
    expect(only(venue.do(request), "repeated")).toMatchObject([{ originalSequence: first }]);
    expect(venue.held(1, BTC)).toBe(10n);
  });

  test("leaves less for orders, and orders leave less for it", () => {
    const venue = funded();
    withdrawn(venue, 99_000n);
    const events = venue.place(1, { side: "sell", price: 100, quantity: 2 });
    expect(only(events, "refused")).toMatchObject([
      { code: "balance_below_hold", needed: 2_000n, available: 1_000n },
    ]);
    venue.place(1, { side: "sell", price: 100, quantity: 1 });
    const more = { kind: "hold_withdrawal", account: 1, asset: BTC, amount: 1n } as const;
    expect(only(venue.do({ ...more, fee: 0n, reference: "" }), "refused")).toMatchObject([
      { code: "balance_below_amount", field: "amount", needed: 1n, available: 0n },
    ]);
  });

  test("survives a restart", () => {
    const venue = funded();
    const withdrawal = withdrawn(venue, 40_000n, 300n);
    const again = new CoreUnderTest(VenueCore.restore(venue.core.snapshot()));
    again.core.checkInvariants();
    again.do({ kind: "settle_withdrawal", withdrawal, reference: "" });
    expect([again.balance(1, BTC), again.fees(BTC)]).toEqual([60_000n, 300n]);
  });
});

describe("a transfer", () => {
  test("goes from one account to another, whether that had any of the asset or not", () => {
    const venue = funded();
    venue.do({ kind: "open_account", account: 4, name: "new" });
    const sent = { kind: "transfer", account: 1, asset: BTC, amount: 700n } as const;
    const events = venue.do({ ...sent, to: 4, reference: "rent" });
    expect(only(events, "entry")).toMatchObject([{ entry: { kind: "transfer", memo: "rent" } }]);
    venue.do({ ...sent, to: 2, reference: "" });
    expect([1, 2, 4].map((account) => venue.balance(account, BTC))).toEqual([
      98_600n,
      100_700n,
      700n,
    ]);
  });

  test("does not spend what is reserved", () => {
    const venue = funded();
    venue.place(1, { side: "sell", price: 100, quantity: 99 });
    const sent = { kind: "transfer", account: 1, to: 2, asset: BTC, reference: "" } as const;
    expect(only(venue.do({ ...sent, amount: 1_001n }), "refused")).toMatchObject([
      { code: "balance_below_amount", needed: 1_001n, available: 1_000n },
    ]);
    venue.do({ ...sent, amount: 1_000n });
    expect(venue.balance(1, BTC)).toBe(99_000n);
  });
});

describe("an account that is frozen", () => {
  const frozen = (cancelOrders: boolean): CoreUnderTest => {
    const venue = funded();
    venue.place(1, { side: "sell", price: 100, quantity: 1 });
    venue.do({ kind: "set_account_status", account: 1, status: "frozen", cancelOrders });
    return venue;
  };

  test("places, changes and sends nothing", () => {
    const venue = frozen(false);
    const refusals = [
      venue.place(1, { side: "sell", price: 100, quantity: 1 }),
      venue.order(1, { kind: "amend", market: MARKET, orderId: 1, price: 101, quantity: 1 }),
      venue.do({
        kind: "transfer",
        account: 1,
        to: 2,
        asset: BTC,
        amount: 1n,
        reference: "",
      }),
      venue.do({
        kind: "hold_withdrawal",
        account: 1,
        asset: BTC,
        amount: 1n,
        fee: 0n,
        reference: "",
      }),
    ].flatMap((events) => only(events, "refused"));
    expect(refusals.map(({ code }) => code)).toEqual(Array(4).fill("account_frozen"));
  });

  test("may be paid, may cancel, and its resting orders trade", () => {
    const venue = frozen(false);
    venue.do({ kind: "credit_deposit", account: 1, asset: BTC, amount: 5n, reference: "" });
    expect(venue.balance(1, BTC)).toBe(100_005n);
    const events = venue.place(2, { side: "buy", price: 100, quantity: 1 });
    expect(only(events, "trade")).toHaveLength(1);
    expect(only(frozen(false).cancel(1, 1), "done")).toHaveLength(1);
  });

  test("has its orders cancelled with it if that is asked for", () => {
    const venue = frozen(true);
    expect(venue.core.engine.order(1)).toBeUndefined();
    expect(venue.held(1, BTC)).toBe(0n);
  });

  test("has no stop of its own become an order", () => {
    const venue = funded();
    venue.place(1, {
      side: "sell",
      price: 90,
      quantity: 1,
      conditions: { trigger: "take_profit", triggerPrice: 105 },
    });
    venue.do({ kind: "set_account_status", account: 1, status: "frozen", cancelOrders: false });
    venue.place(2, { side: "buy", price: 105, quantity: 1 });
    const events = venue.place(3, { side: "sell", price: 105, quantity: 1 });
    expect(only(events, "done").at(-1)).toMatchObject({ account: 1, orderId: 1 });
    expect(venue.balance(1, BTC)).toBe(100_000n);
    venue.core.checkInvariants();
  });

  test("is opened again", () => {
    const venue = frozen(true);
    const opened = { kind: "set_account_status", account: 1, status: "open" } as const;
    venue.do({ ...opened, cancelOrders: false });
    const events = venue.place(1, { side: "sell", price: 100, quantity: 1 });
    expect(only(events, "accepted")).toHaveLength(1);
  });
});

describe("an account is closed", () => {
  const closing = { kind: "set_account_status", status: "closed", cancelOrders: true } as const;

  test("only when it is empty, and then for ever", () => {
    const venue = funded();
    venue.do({ kind: "open_account", account: 4, name: "empty" });
    expect(only(venue.do({ ...closing, account: 1 }), "refused")).toMatchObject([
      { code: "account_not_empty", field: "status" },
    ]);
    expect(only(venue.do({ ...closing, account: 4 }), "account_status_set")).toHaveLength(1);
    const refusals = [
      venue.do({ ...closing, account: 4, status: "open" }),
      venue.do({ kind: "credit_deposit", account: 4, asset: BTC, amount: 1n, reference: "" }),
      venue.do({ kind: "transfer", account: 1, to: 4, asset: BTC, amount: 1n, reference: "" }),
      venue.place(4, { side: "buy", price: 1, quantity: 1 }),
    ].flatMap((events) => only(events, "refused").map(({ code }) => code));
    expect(refusals).toEqual([
      "account_closed",
      "account_closed",
      "receiver_closed",
      "account_closed",
    ]);
  });
});

describe("a trade that is busted", () => {
  const traded = (): CoreUnderTest => {
    const venue = funded();
    venue.do({ kind: "set_fees", market: 0, makerPpm: 10_000, takerPpm: 20_000 });
    venue.place(1, { side: "sell", price: 100, quantity: 2 });
    venue.place(2, { side: "buy", price: 100, quantity: 2 });
    return venue;
  };
  const bust = { kind: "bust_trade", market: MARKET, tradeId: 1, reference: "fat finger" } as const;

  test("gives back both sides and their fees by an entry that names the trade's", () => {
    const venue = traded();
    expect(venue.balance(2, BTC)).toBe(101_960n);
    const events = venue.do(bust);
    const entry = only(events, "entry")[0]?.entry;
    expect(entry).toMatchObject({ kind: "trade_bust", memo: "fat finger", corrects: 7 });
    expect(only(events, "trade_busted")).toMatchObject([
      { tradeId: 1, buyer: 2, seller: 1, price: 100, quantity: 2, entry: entry?.number },
    ]);
    for (const account of [1, 2]) {
      for (const asset of [BTC, USDT]) expect(venue.balance(account, asset)).toBe(100_000n);
    }
    expect([venue.fees(BTC), venue.fees(USDT)]).toEqual([0n, 0n]);
    venue.core.checkInvariants();
  });

  test("is busted once, and only if it happened in that market", () => {
    const venue = traded();
    const code = (command: Parameters<CoreUnderTest["do"]>[0]) =>
      only(venue.do(command), "refused")[0]?.code;
    expect(code({ ...bust, tradeId: 2 })).toBe("trade_unknown");
    expect(code({ ...bust, tradeId: 0 })).toBe("trade_unknown");
    expect(code({ ...bust, market: 9 })).toBe("unknown_market");
    expect(code(bust)).toBeUndefined();
    expect(code(bust)).toBe("trade_already_busted");
  });

  test("is not where a side has no longer got what it received", () => {
    const venue = traded();
    venue.do({ kind: "transfer", account: 2, to: 3, asset: BTC, amount: 101_000n, reference: "" });
    expect(only(venue.do(bust), "refused")).toMatchObject([
      { code: "buyer_balance_below_bust", needed: 1_960n, available: 960n },
    ]);
    const other = traded();
    other.do({ kind: "transfer", account: 1, to: 3, asset: USDT, amount: 101_000n, reference: "" });
    expect(only(other.do(bust), "refused")).toMatchObject([
      { code: "seller_balance_below_bust", needed: 1_980n, available: 980n },
    ]);
  });

  test("can be busted after a restart, and is known to be busted after another", () => {
    const venue = new CoreUnderTest(VenueCore.restore(traded().core.snapshot()));
    expect(only(venue.do(bust), "trade_busted")).toHaveLength(1);
    const again = new CoreUnderTest(VenueCore.restore(venue.core.snapshot()));
    expect(only(again.do(bust), "refused")).toMatchObject([{ code: "trade_already_busted" }]);
  });
});

import { describe, expect, test } from "vitest";
import type { DecimalPriceBand, MarketAllocation, MarketRules } from "./market-settings.ts";
import { OrderBook } from "./order-book.ts";

const opened = (): OrderBook =>
  new OrderBook({ priceIncrement: "0.01", quantityIncrement: "0.001" });

const bid = { side: "buy", price: "100", quantity: "1" } as const;

describe("what a book asks of orders can be changed", () => {
  test.each<[MarketRules, object, string]>([
    [{ priceIncrement: "0.05" }, { price: "100.01" }, "price_off_increment"],
    [{ quantityIncrement: "0.5" }, { quantity: "0.7" }, "quantity_off_increment"],
    [{ minQuantity: "0.1" }, { quantity: "0.099" }, "quantity_below_minimum"],
    [{ minNotional: "10" }, { price: "9.99" }, "notional_below_minimum"],
    [{ collarBasisPoints: 100 }, { price: "101.01" }, "price_outside_collar"],
    [{ maxOpenOrders: 1 }, {}, "too_many_open_orders"],
  ])("%j", (rules, strange, code) => {
    const book = opened();
    book.limit(bid);
    book.setReferencePrice("100");
    expect(book.changeMarket(rules)).toEqual({ ok: true });
    expect(book.events).toEqual([{ kind: "market_changed" }]);
    expect(book.limit({ ...bid, ...strange })).toMatchObject({ code });
    // What is left out is as it was in the beginning.
    book.changeMarket({});
    expect(book.limit({ ...bid, ...strange }).ok).toBe(true);
  });

  test("to a band that calls an auction", () => {
    const book = opened();
    book.limit({ ...bid, side: "sell", price: "103" });
    book.setReferencePrice("100");
    book.changeMarket({ bandBasisPoints: 200, onBreach: "auction" });
    book.limit({ ...bid, price: "103", account: 2 });
    expect(book.events).toContainEqual({ kind: "phase_changed", phase: "auction" });
  });

  test.each<[MarketRules, string, string]>([
    [{ priceIncrement: "0.005" }, "priceIncrement", "decimal_off_increment"],
    [{ priceIncrement: "0" }, "priceIncrement", "price_increment_out_of_range"],
    [{ quantityIncrement: "x" }, "quantityIncrement", "decimal_malformed"],
    [{ minQuantity: "-1" }, "minQuantity", "decimal_malformed"],
    [{ minNotional: "1e3" }, "minNotional", "decimal_malformed"],
    [{ collarBasisPoints: -1 }, "collarBasisPoints", "collar_out_of_range"],
  ])("but not to %j", (rules, field, code) => {
    expect(opened().changeMarket(rules)).toEqual({ ok: false, code, field });
  });

  test("but not to numbers and names that are none", () => {
    expect(() => opened().changeMarket({ maxOpenOrders: 0.5 })).toThrow(RangeError);
    expect(() => opened().changeMarket({ onBreach: "panic" as "halt" })).toThrow(RangeError);
  });
});

test("the reference price can be set, and taken back", () => {
  const book = opened();
  expect(book.setReferencePrice("100.5")).toEqual({ ok: true });
  expect(book.events).toEqual([{ kind: "reference_price_set", price: "100.50" }]);
  expect(book.setReferencePrice("0")).toEqual({ ok: true });
  expect(book.setReferencePrice("x")).toMatchObject({ code: "decimal_malformed", field: "price" });
  expect(book.setReferencePrice("99999999")).toMatchObject({
    code: "reference_price_out_of_range",
  });
});

describe("prices can have other increments from certain prices on", () => {
  const bands: DecimalPriceBand[] = [
    { from: "10", increment: "0.05" },
    { from: "100", increment: "1" },
  ];

  test("and the same again", () => {
    const book = opened();
    expect(book.setPriceIncrements(bands)).toEqual({ ok: true });
    expect(book.events).toEqual([
      {
        kind: "price_increments_set",
        bands: [
          { from: "10.00", increment: "0.05" },
          { from: "100.00", increment: "1.00" },
        ],
      },
    ]);
    const isPrice = (price: string): boolean => book.limit({ ...bid, price }).ok;
    expect(["9.99", "10.05", "99.95", "100", "101"].map(isPrice)).toEqual(Array(5).fill(true));
    expect(["10.01", "99.96", "100.05", "101.5"].map(isPrice)).toEqual(Array(4).fill(false));
    expect(book.setPriceIncrements([])).toEqual({ ok: true });
    expect(isPrice("10.01")).toBe(true);
  });

  test.each<[string, readonly DecimalPriceBand[], string]>([
    ["falling prices", [...bands].reverse(), "price_bands_out_of_range"],
    ["an increment of 0", [{ from: "1", increment: "0" }], "price_bands_out_of_range"],
    ["a price off the unit", [{ from: "0.005", increment: "1" }], "decimal_off_increment"],
    ["an increment that is no decimal", [{ from: "1", increment: "x" }], "decimal_malformed"],
    [
      "nine bands",
      Array.from({ length: 9 }, (_, at) => ({ from: `${at + 1}`, increment: "1" })),
      "price_bands_out_of_range",
    ],
  ])("but not with %s", (_, strange, code) => {
    expect(opened().setPriceIncrements(strange)).toEqual({ ok: false, code, field: "bands" });
  });
});

describe("the quantity of a price level can be shared", () => {
  test("in steps", () => {
    const book = opened();
    const choice: MarketAllocation = {
      allocation: "pro_rata",
      topOrderMaximum: "1",
      leadAccount: 7,
      leadPercent: 50,
    };
    expect(book.setAllocation(choice)).toEqual({ ok: true });
    expect(book.events).toEqual([
      {
        kind: "allocation_set",
        minimumShare: "0.000",
        fifoPercent: 0,
        ...choice,
        topOrderMaximum: "1.000",
      },
    ]);
    for (const account of [1, 2, 7]) {
      book.limit({ side: "sell", price: "100", quantity: "4", account });
    }
    const bought = book.market({ side: "buy", quantity: "7", account: 9 });
    // 1 to the front, 3 to the lead, then 3 × 3/8, 3 × 4/8, 3 × 1/8.
    expect(bought.ok && bought.trades.map(({ quantity }) => quantity)).toEqual([
      "2.125",
      "1.500",
      "3.375",
    ]);
  });

  test.each<[Partial<MarketAllocation>, string, string]>([
    [{ minimumShare: "x" }, "minimumShare", "decimal_malformed"],
    [{ topOrderMaximum: "0.0001" }, "topOrderMaximum", "decimal_off_increment"],
    [{ fifoPercent: 101 }, "fifoPercent", "fifo_percent_out_of_range"],
    [{ leadPercent: 10 }, "leadPercent", "lead_percent_out_of_range"],
    [{ leadAccount: -1 }, "leadAccount", "lead_account_out_of_range"],
  ])("but not as %j", (strange, field, code) => {
    const choice = { allocation: "pro_rata", ...strange } as const;
    expect(opened().setAllocation(choice)).toEqual({ ok: false, code, field });
  });
});

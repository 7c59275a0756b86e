import { describe, expect, test } from "vitest";
import type { ChangeMarket } from "../commands/command.ts";
import { Engine } from "../engine.ts";
import { OrderType } from "../order-type.ts";
import { Side } from "../side.ts";
import { NotedMarket } from "../testing/noted-market.ts";
import { TimeInForce } from "../time-in-force.ts";
import { isTooFar, MOST_DISTANCE, OnBreach } from "./protection.ts";

type Change = Partial<Omit<ChangeMarket, "kind" | "market">>;

const changed = (change: Change): NotedMarket => {
  const market = new NotedMarket();
  market.change(change);
  return market;
};

const goBy = (market: NotedMarket, price: number): string[] =>
  market.perform({ kind: "set_reference_price", market: 1, price });

/** Goes by 100, and sells 5 at 100, 101, 102 and 103: #1 to #4. */
const laddered = (change: Change): NotedMarket => {
  const market = changed(change);
  goBy(market, 100);
  market.do("1 sells 5 @ 100", "1 sells 5 @ 101", "1 sells 5 @ 102", "1 sells 5 @ 103");
  return market;
};

const SWEPT = [
  "#5 accepted",
  "#5 takes 5 @ 100 from #1",
  "#1 filled",
  "sell 100: 0 of 0",
  "#5 takes 5 @ 101 from #2",
  "#2 filled",
  "sell 101: 0 of 0",
];

describe("a market that changes", () => {
  test("leaves what rests as it is, and it trades", () => {
    const market = new NotedMarket();
    market.do("1 sells 7 @ 101");
    expect(market.change({ priceIncrement: 5, quantityIncrement: 5 })).toEqual(["market_changed"]);
    expect(market.book).toBe("| 101×7");
    expect(market.do("2 buys 5 @ 105")).toEqual([
      "#2 accepted",
      "#2 takes 5 @ 101 from #1",
      "sell 101: 2 of 1",
      "#2 filled",
    ]);
  });

  test("judges what comes in, and what is amended, by what it asks now", () => {
    const market = new NotedMarket();
    market.do("1 sells 7 @ 101");
    market.change({ priceIncrement: 5, quantityIncrement: 5, minNotional: 600 });
    expect(market.do("2 buys 5 @ 101")).toEqual(["rejected: price_off_increment (price)"]);
    expect(market.do("2 buys 7 @ 100")).toEqual(["rejected: quantity_off_increment (quantity)"]);
    expect(market.do("2 buys 5 @ 100")).toEqual(["rejected: notional_below_minimum (quantity)"]);
    const amend = { kind: "amend", market: 1, account: 1, orderId: 1 } as const;
    expect(market.perform({ ...amend, price: 101, quantity: 5 })).toEqual([
      "rejected: price_off_increment (price)",
    ]);
    expect(market.perform({ ...amend, price: 105, quantity: 10 })[0]).toBe("amended");
  });

  test("has a budget want whole increments of each level, whatever its makers have", () => {
    const market = new NotedMarket();
    market.do("1 sells 7 @ 10", "1 sells 7 @ 10");
    market.change({ quantityIncrement: 5 });
    expect(market.do("2 buys for 123")).toEqual([
      "#3 accepted",
      "#3 takes 7 @ 10 from #1",
      "#1 filled",
      "#3 takes 3 @ 10 from #2",
      "sell 10: 4 of 1",
      "#3 budget_spent",
    ]);
  });

  test.each<[string, Change, string]>([
    ["no increment", { priceIncrement: 0 }, "price_increment_out_of_range (priceIncrement)"],
    [
      "an increment above its maximum",
      { quantityIncrement: 1_000_001 },
      "quantity_increment_out_of_range (quantityIncrement)",
    ],
    [
      "a collar below nothing",
      { collarBasisPoints: -1 },
      "collar_out_of_range (collarBasisPoints)",
    ],
    [
      "a band of more than a hundred times the price",
      { bandBasisPoints: MOST_DISTANCE + 1 },
      "band_out_of_range (bandBasisPoints)",
    ],
    [
      "fewer orders than none",
      { maxOpenOrders: -1 },
      "maximum_open_orders_out_of_range (maxOpenOrders)",
    ],
  ])("may not have %s", (_, change, rejection) => {
    expect(new NotedMarket().change(change)).toEqual([`rejected: ${rejection}`]);
  });

  test("may not be delisted, nor be another", () => {
    const market = new NotedMarket();
    expect(market.perform({ kind: "set_reference_price", market: 2, price: 1 })).toEqual([
      "rejected: unknown_market (market)",
    ]);
    expect(goBy(market, 1_000_001)).toEqual(["rejected: reference_price_out_of_range (price)"]);
    market.perform({ kind: "set_phase", market: 1, phase: "delisted" });
    expect(market.change({})).toEqual(["rejected: phase_forbids (market)"]);
    expect(goBy(market, 1)).toEqual(["rejected: phase_forbids (market)"]);
  });
});

describe("an engine in calls", () => {
  test("changes markets and sets reference prices", () => {
    const market = new NotedMarket();
    const { engine } = market;
    const rules = { priceIncrement: 5, quantityIncrement: 1, minQuantity: 0, minNotional: 0 };
    const protection = {
      collarBasisPoints: 0,
      bandBasisPoints: 0,
      onBreach: OnBreach.expire,
      maxOpenOrders: 1,
    };
    expect(engine.changeMarket(1, { ...rules, ...protection })).toBe(true);
    expect(engine.setReferencePrice(1, 100)).toBe(true);
    expect(engine.referencePrice(1)).toBe(100);
    expect(engine.changeMarket(1, { ...rules, ...protection, onBreach: 3 })).toBe(false);
    expect(engine.setReferencePrice(1, -1)).toBe(false);
    expect(() => engine.changeMarket(1, { ...rules, ...protection, maxOpenOrders: 0.5 })).toThrow(
      RangeError,
    );
    market.do("1 buys 1 @ 100");
    const restored = Engine.restore(engine.snapshot(), { handler: { event: () => undefined } });
    expect(restored.stateHash()).toBe(engine.stateHash());
    expect(restored.referencePrice(1)).toBe(100);
    restored.place(1, 1, Side.buy, OrderType.limit, TimeInForce.gtc, 95, 1, 0);
    expect(restored.restingCount).toBe(1);
    restored.checkInvariants();
  });
});

describe("a collar", () => {
  test("of 5 % keeps limit orders within it, on both sides", () => {
    const market = changed({ collarBasisPoints: 500 });
    goBy(market, 110);
    // 104.5 to 115.5
    expect(market.do("1 buys 1 @ 105")[0]).toBe("#1 accepted");
    expect(market.do("1 buys 1 @ 104")).toEqual(["rejected: price_outside_collar (price)"]);
    expect(market.do("1 sells 1 @ 115")[0]).toBe("#2 accepted");
    expect(market.do("1 sells 1 @ 116")).toEqual(["rejected: price_outside_collar (price)"]);
    expect(market.do("1 buys 1 @ 116")).toEqual(["rejected: price_outside_collar (price)"]);
  });

  test("goes by the last trade until a reference price is set, and by nothing before", () => {
    const market = changed({ collarBasisPoints: 500 });
    market.do("1 sells 1 @ 7", "2 buys 1 @ 7");
    expect(market.engine.referencePrice(1)).toBe(7);
    expect(market.do("1 sells 1 @ 100")).toEqual(["rejected: price_outside_collar (price)"]);
    expect(goBy(market, 100)).toEqual(["goes by 100"]);
    expect(market.do("1 sells 1 @ 100")[0]).toBe("#3 accepted");
    goBy(market, 0);
    expect(market.do("1 sells 1 @ 100")).toEqual(["rejected: price_outside_collar (price)"]);
  });

  test("is asked by an amendment only of another price", () => {
    const market = changed({ collarBasisPoints: 500 });
    market.do("1 buys 5 @ 100");
    goBy(market, 200);
    const amend = { kind: "amend", market: 1, account: 1, orderId: 1 } as const;
    expect(market.perform({ ...amend, price: 101, quantity: 5 })).toEqual([
      "rejected: price_outside_collar (price)",
    ]);
    expect(market.perform({ ...amend, price: 100, quantity: 4 })[0]).toBe("amended");
  });
});

describe("a band of 1 % around 100", () => {
  test("ends an order that would trade outside", () => {
    const market = laddered({ bandBasisPoints: 100 });
    expect(market.do("2 buys 12 @ 103")).toEqual([...SWEPT, "#5 outside_band, 2 left"]);
    expect(market.engine.phase(1)).toBe("open");
  });

  test("halts the market, and what is left rests", () => {
    const market = laddered({ bandBasisPoints: 100, onBreach: "halt" });
    expect(market.do("2 buys 12 @ 103")).toEqual([...SWEPT, "buy 103: 2 of 1", "now halted"]);
    expect(market.book).toBe("103×2 | 102×5 103×5");
    expect(market.do("2 buys 1 @ 99")).toEqual(["rejected: phase_forbids (market)"]);
  });

  test("calls an auction, and what may not rest ends", () => {
    const market = laddered({ bandBasisPoints: 100, onBreach: "auction" });
    expect(market.do("2 buys 12 @ 103 ioc")).toEqual([
      ...SWEPT,
      "#5 outside_band, 2 left",
      "now auction",
    ]);
  });

  test("calls an auction, which what is left joins", () => {
    const market = laddered({ bandBasisPoints: 100, onBreach: "auction" });
    const told = market.do("2 buys 12 @ 103");
    expect(told.slice(SWEPT.length)).toEqual(["buy 103: 2 of 1", "now auction", "indicative"]);
    expect(market.perform({ kind: "set_phase", market: 1, phase: "open" })).toContain(
      "#5 takes 2 @ 102 from #3",
    );
  });

  test("is no matter to an order whose own limit comes first", () => {
    const market = laddered({ bandBasisPoints: 100, onBreach: "halt" });
    expect(market.do("2 buys 12 @ 101")).toEqual([...SWEPT, "buy 101: 2 of 1"]);
  });

  test("leaves a fill-or-kill order too few lots, and the phase stays", () => {
    const market = laddered({ bandBasisPoints: 100, onBreach: "halt" });
    expect(market.do("2 buys 11 @ 103 fok")).toEqual([
      "#5 accepted",
      "#5 fill_or_kill_unfilled, 11 left",
    ]);
    expect(market.do("2 buys 10 @ 103 fok")).toContain("#6 filled");
    expect(market.engine.phase(1)).toBe("open");
  });

  test("stops at prices that are too good, too", () => {
    const market = changed({ bandBasisPoints: 100 });
    market.do("1 sells 5 @ 90");
    goBy(market, 100);
    expect(market.do("2 buys 5 @ 100")).toEqual(["#2 accepted", "#2 outside_band, 5 left"]);
  });

  test("does not move with the trades of the order that it stops", () => {
    const market = new NotedMarket();
    market.do("1 sells 1 @ 100", "2 buys 1 @ 100", "1 sells 5 @ 101", "1 sells 5 @ 102");
    market.change({ bandBasisPoints: 100 });
    expect(market.do("2 buys 10 @ 102")).toContain("#5 outside_band, 5 left");
    expect(market.do("2 buys 5 @ 102")).toContain("#6 filled");
  });

  test("stops a triggered order, and halts what else would be triggered", () => {
    const market = laddered({ bandBasisPoints: 100, onBreach: "halt" });
    const stop = {
      kind: "place",
      market: 1,
      account: 2,
      side: "buy",
      type: "market",
      timeInForce: "ioc",
      price: 0,
      quantity: 12,
      quoteQuantity: 0,
      conditions: { trigger: "stop", triggerPrice: 100 },
    } as const;
    market.perform(stop);
    market.perform(stop);
    expect(market.do("3 buys 1 @ 100")).toEqual([
      "#7 accepted",
      "#7 takes 1 @ 100 from #1",
      "sell 100: 4 of 1",
      "#7 filled",
      "triggered",
      "#5 takes 4 @ 100 from #1",
      "#1 filled",
      "sell 100: 0 of 0",
      "#5 takes 5 @ 101 from #2",
      "#2 filled",
      "sell 101: 0 of 0",
      "#5 outside_band, 3 left",
      "now halted",
    ]);
  });
});

describe("at most two open orders", () => {
  test("of an account in a market, until one ends", () => {
    const market = changed({ maxOpenOrders: 2 });
    market.do("1 buys 1 @ 100", "1 buys 1 @ 99");
    expect(market.do("1 buys 1 @ 98")).toEqual(["rejected: too_many_open_orders (account)"]);
    expect(market.do("2 buys 1 @ 98")[0]).toBe("#3 accepted");
    expect(market.do("1 sells 1 @ 98 ioc")[0]).toBe("#4 accepted");
    expect(market.do("1 buys 1 @ 98")[0]).toBe("#5 accepted");
    market.do("1 cancels #5");
    expect(market.do("1 buys 1 @ 97")[0]).toBe("#6 accepted");
  });

  test("lets one be replaced, and those that are more stay", () => {
    const market = new NotedMarket();
    market.do("1 buys 1 @ 100", "1 buys 1 @ 99", "1 buys 1 @ 98");
    const replace = {
      kind: "replace",
      market: 1,
      account: 1,
      side: "buy",
      type: "limit",
      timeInForce: "gtc",
      price: 97,
      quantity: 1,
      quoteQuantity: 0,
      orderId: 3,
      onFailure: "stop",
    } as const;
    market.change({ maxOpenOrders: 2 });
    expect(market.perform(replace)).toEqual(["rejected: too_many_open_orders (account)"]);
    market.do("1 cancels #1");
    expect(market.perform(replace)).toContain("#4 accepted");
  });
});

describe("a distance", () => {
  test.each([
    [110, 100, 1_000, false],
    [111, 100, 1_000, true],
    [90, 100, 1_000, false],
    [89, 100, 1_000, true],
    [115, 110, 500, false],
    [116, 110, 500, true],
    [1, 2 ** 31 - 2, MOST_DISTANCE, false],
    [1, 2 ** 31 - 2, 9_999, true],
    [1, 0, 1, false],
    [1, 100, 0, false],
  ])("of %d from %d in %d basis points: too far is %s", (price, reference, distance, expected) => {
    expect(isTooFar(price, reference, distance)).toBe(expected);
  });
});

import { describe, expect, test, vi } from "vitest";
import { Allocation } from "./allocation/allocation.ts";
import { encodeCommand } from "./commands/command-codec.ts";
import { Engine } from "./engine.ts";
import type { EventRegister } from "./events/event-register.ts";
import { OrderType } from "./order-type.ts";
import { recordViews } from "./record.ts";
import { Side } from "./side.ts";
import { EventLog } from "./testing/event-log.ts";
import { NotedMarket } from "./testing/noted-market.ts";
import { TimeInForce } from "./time-in-force.ts";

describe("a limit order", () => {
  test("that meets nobody rests at its price", () => {
    const market = new NotedMarket();
    expect(market.do("1 buys 5 @ 100")).toEqual(["#1 accepted", "buy 100: 5 of 1"]);
    expect(market.book).toBe("100×5 |");
  });

  test("that crosses trades at the maker's price", () => {
    const market = new NotedMarket();
    expect(market.do("1 sells 5 @ 101", "2 buys 3 @ 105")).toEqual([
      "#2 accepted",
      "#2 takes 3 @ 101 from #1",
      "sell 101: 2 of 1",
      "#2 filled",
    ]);
    expect(market.book).toBe("| 101×2");
  });

  test("takes the best price first, and rests with what is left", () => {
    const market = new NotedMarket();
    expect(market.do("1 sells 2 @ 103", "1 sells 2 @ 101", "2 buys 9 @ 102")).toEqual([
      "#3 accepted",
      "#3 takes 2 @ 101 from #2",
      "#2 filled",
      "sell 101: 0 of 0",
      "buy 102: 7 of 1",
    ]);
    expect(market.book).toBe("102×7 | 103×2");
  });

  test("takes the oldest order of a price first", () => {
    const market = new NotedMarket();
    expect(
      market.do("1 buys 2 @ 100", "2 buys 2 @ 100", "3 buys 2 @ 100", "4 sells 5 @ 100"),
    ).toEqual([
      "#4 accepted",
      "#4 takes 2 @ 100 from #1",
      "#1 filled",
      "#4 takes 2 @ 100 from #2",
      "#2 filled",
      "#4 takes 1 @ 100 from #3",
      "buy 100: 1 of 1",
      "#4 filled",
    ]);
  });

  test("keeps its place when part of it trades", () => {
    const market = new NotedMarket();
    market.do("1 buys 5 @ 100", "2 buys 5 @ 100", "3 sells 2 @ 100");
    expect(market.do("3 sells 4 @ 100")).toContain("#4 takes 3 @ 100 from #1");
  });

  test("tells each level that it changed once, when matching leaves it", () => {
    const market = new NotedMarket();
    market.do("1 sells 1 @ 101", "1 sells 1 @ 101", "1 sells 1 @ 102");
    expect(market.do("2 buys 3 @ 102").filter((line) => line.startsWith("sell"))).toEqual([
      "sell 101: 0 of 0",
      "sell 102: 0 of 0",
    ]);
  });

  test("may trade with an order of its own account: preventing that comes with its own flag", () => {
    const market = new NotedMarket();
    expect(market.do("1 sells 1 @ 100", "1 buys 1 @ 100")).toContain("#2 takes 1 @ 100 from #1");
  });
});

describe("an immediate-or-cancel order", () => {
  test("drops what does not trade at once", () => {
    const market = new NotedMarket();
    expect(market.do("1 sells 2 @ 101", "2 buys 5 @ 101 ioc")).toEqual([
      "#2 accepted",
      "#2 takes 2 @ 101 from #1",
      "#1 filled",
      "sell 101: 0 of 0",
      "#2 no_liquidity, 3 left",
    ]);
    expect(market.book).toBe("|");
  });
});

describe("a fill-or-kill order", () => {
  test("trades in full over several levels", () => {
    const market = new NotedMarket();
    market.do("1 sells 2 @ 101", "1 sells 2 @ 102");
    expect(market.do("2 buys 4 @ 102 fok").at(-1)).toBe("#3 filled");
  });

  test("trades nothing if one lot is missing", () => {
    const market = new NotedMarket();
    market.do("1 sells 2 @ 101", "1 sells 2 @ 102", "1 sells 9 @ 103");
    expect(market.do("2 buys 5 @ 102 fok")).toEqual([
      "#4 accepted",
      "#4 fill_or_kill_unfilled, 5 left",
    ]);
    expect(market.book).toBe("| 101×2 102×2 103×9");
  });

  test("by quote quantity is filled when its budget can't pay for one more increment", () => {
    const market = new NotedMarket();
    // It used to be killed here: the 50 that were left over looked like something still to be spent.
    expect(market.do("1 sells 9 @ 100", "2 buys for 450 fok").at(-1)).toBe("#2 budget_spent");
    expect(market.do("2 buys for 550 fok")).toEqual(["#3 accepted", "#3 fill_or_kill_unfilled"]);
  });
});

describe("a market order", () => {
  test("takes any price", () => {
    const market = new NotedMarket();
    market.do("1 sells 1 @ 101", "1 sells 1 @ 999999");
    expect(market.do("2 buys 2").at(-1)).toBe("#3 filled");
  });

  test("stops at its worst price, and never rests", () => {
    const market = new NotedMarket();
    market.do("1 buys 1 @ 100", "1 buys 1 @ 98");
    expect(market.do("2 sells 2 @ 99 worst")).toEqual([
      "#3 accepted",
      "#3 takes 1 @ 100 from #1",
      "#1 filled",
      "buy 100: 0 of 0",
      "#3 no_liquidity, 1 left",
    ]);
  });

  test("in an empty book is done at once", () => {
    expect(new NotedMarket().do("1 buys 5")).toEqual(["#1 accepted", "#1 no_liquidity, 5 left"]);
  });

  test("by quote quantity buys what its budget pays for at each price", () => {
    const market = new NotedMarket();
    market.do("1 sells 2 @ 100", "1 sells 9 @ 110");
    // 500 − 2 × 100 = 300, which pays for 2 at 110; 80 stay unspent.
    expect(market.do("2 buys for 500")).toEqual([
      "#3 accepted",
      "#3 takes 2 @ 100 from #1",
      "#1 filled",
      "sell 100: 0 of 0",
      "#3 takes 2 @ 110 from #2",
      "sell 110: 7 of 1",
      "#3 budget_spent",
    ]);
  });

  test("by quote quantity sells until it has raised its budget", () => {
    const market = new NotedMarket();
    market.do("1 buys 1 @ 100", "1 buys 9 @ 40");
    // After 100 of 190, 90 are left: two more at 40.
    expect(market.do("2 sells for 190").filter((line) => line.includes("takes"))).toEqual([
      "#3 takes 1 @ 100 from #1",
      "#3 takes 2 @ 40 from #2",
    ]);
  });

  test("by quote quantity trades whole increments only", () => {
    const market = new NotedMarket({ quantityIncrement: 10 });
    market.do("1 sells 100 @ 3");
    expect(market.do("2 buys for 100")).toContain("#2 takes 30 @ 3 from #1");
  });

  test("by quote quantity finds too little", () => {
    const market = new NotedMarket();
    expect(market.do("1 sells 1 @ 100", "2 buys for 250").at(-1)).toBe("#2 no_liquidity");
  });
});

describe("a cancel", () => {
  test("takes what is left of an order out of the book", () => {
    const market = new NotedMarket();
    market.do("1 buys 5 @ 100", "2 sells 2 @ 100");
    expect(market.do("1 cancels #1")).toEqual(["#1 cancelled, 3 left", "buy 100: 0 of 0"]);
    expect(market.book).toBe("|");
  });

  test.each([
    ["of an order that never was", "1 cancels #9"],
    ["of another account's order", "2 cancels #1"],
    ["of an order that is filled", "1 cancels #2"],
  ])("%s is rejected", (_, note) => {
    const market = new NotedMarket();
    market.do("1 buys 5 @ 100", "1 sells 1 @ 100");
    expect(market.do(note)).toEqual(["rejected: order_unknown (orderId)"]);
    expect(market.book).toBe("100×4 |");
  });

  test("of the same order twice is rejected the second time", () => {
    const market = new NotedMarket();
    expect(market.do("1 buys 5 @ 100", "1 cancels #1", "1 cancels #1")).toEqual([
      "rejected: order_unknown (orderId)",
    ]);
  });

  test("names the order in its market", () => {
    const log = new EventLog();
    const engine = new Engine({ handler: log });
    for (const market of [1, 2]) engine.addMarket(market, 1_000, 1_000, 1, 1, 0, 0);
    const orderId = engine.place(1, 7, 0, 0, 0, 100, 5, 0);
    expect(engine.cancel(2, 7, orderId)).toBe(false);
    expect(engine.cancel(3, 7, orderId)).toBe(false);
    expect(engine.cancel(1, 7, orderId)).toBe(true);
  });
});

describe("a reduction", () => {
  test("takes lots off an order, which keeps its place", () => {
    const market = new NotedMarket();
    market.do("1 buys 5 @ 100", "2 buys 5 @ 100");
    expect(market.do("1 takes 2 off #1")).toEqual(["#1 reduced by 2, 3 left", "buy 100: 8 of 2"]);
    expect(market.do("3 sells 4 @ 100")).toContain("#3 takes 3 @ 100 from #1");
    expect(market.engine.order(2)).toMatchObject({ quantity: 5, remaining: 4 });
  });

  test.each([
    ["1 takes 5 off #1", "quantity_above_maximum"],
    ["1 takes 0 off #1", "quantity_must_be_positive"],
    ["1 takes 3 off #1", "quantity_off_increment"],
  ])("%s is rejected: %s", (note, code) => {
    const market = new NotedMarket({ quantityIncrement: 2 });
    market.do("1 buys 4 @ 100");
    expect(market.do(note)).toEqual([`rejected: ${code} (quantity)`]);
    expect(market.book).toBe("100×4 |");
  });
});

describe("an order is rejected, and changes nothing:", () => {
  const rules = {
    maxPrice: 1_000,
    maxQuantity: 500,
    priceIncrement: 5,
    quantityIncrement: 10,
    minQuantity: 20,
    minNotional: 3_000,
  };
  test.each([
    ["0 buys 50 @ 100", "account_must_be_positive (account)"],
    ["1 buys 50 @ 0", "price_must_be_positive (price)"],
    ["1 buys 50 @ 1005", "price_above_maximum (price)"],
    ["1 buys 50 @ 101", "price_off_increment (price)"],
    ["1 buys 50 @ 101 worst", "price_off_increment (price)"],
    ["1 buys 0 @ 100", "quantity_must_be_positive (quantity)"],
    ["1 buys 510 @ 100", "quantity_above_maximum (quantity)"],
    ["1 buys 10 @ 900", "quantity_below_minimum (quantity)"],
    ["1 buys 25 @ 900", "quantity_off_increment (quantity)"],
    ["1 buys 20 @ 100", "notional_below_minimum (quantity)"],
    ["1 buys for 2999", "notional_below_minimum (quantity)"],
    ["1 buys for 500001", "notional_above_maximum (quoteQuantity)"],
    ["1 buys 0", "quantity_or_quote_quantity (quantity)"],
    ["1 buys 50 gtc", "market_order_cannot_rest (timeInForce)"],
  ])("%s: %s", (note, rejection) => {
    const market = new NotedMarket(rules);
    const before = market.engine.stateHash();
    expect(market.do(note)).toEqual([`rejected: ${rejection}`]);
    expect(market.engine.stateHash()).toBe(before);
  });

  test.each([
    ["NaN", Number.NaN, "quantity_must_be_positive"],
    ["an infinity", Number.POSITIVE_INFINITY, "quantity_above_maximum"],
    ["less than nothing", -1, "quantity_must_be_positive"],
    ["minus nothing", -0, "quantity_must_be_positive"],
    ["half a lot", 0.5, "quantity_off_increment"],
    ["an unsafe integer", 2 ** 53, "quantity_above_maximum"],
  ])("a quantity of %s", (_, quantity, code) => {
    const log = new EventLog();
    const engine = new Engine({ handler: log });
    engine.addMarket(1, 1_000, 1_000, 1, 1, 0, 0);
    log.take();
    expect(engine.place(1, 7, 0, 0, 0, 100, quantity, 0)).toBe(0);
    expect(log.take()).toMatchObject([{ kind: "rejected", code, orderId: 0 }]);
  });

  // The reference engine once said −0 here: equal bytes for equal orders need one zero.
  test("a quote quantity of minus nothing is none, and events say 0", () => {
    const log = new EventLog();
    const engine = new Engine({ handler: log });
    engine.addMarket(1, 1_000, 1_000, 1, 1, 0, 0);
    log.take();
    expect(engine.place(1, 7, 0, 0, 0, 100, 5, -0)).toBe(1);
    expect(log.take()[0]).toEqual(expect.objectContaining({ kind: "accepted", quoteQuantity: 0 }));
  });

  test.each<[string, Parameters<Engine["place"]>, string]>([
    ["side", [1, 7, 2, 0, 0, 100, 5, 0], "side_unknown"],
    ["order type", [1, 7, 0, 3, 0, 100, 5, 0], "order_type_unknown"],
    ["time in force", [1, 7, 0, 0, 7, 100, 5, 0], "time_in_force_unknown"],
    ["market", [9, 7, 0, 0, 0, 100, 5, 0], "unknown_market"],
    ["quantity, as it has two", [1, 7, 0, 1, 1, 0, 5, 500], "quantity_or_quote_quantity"],
    [
      "quantity, as a limit order is by lots",
      [1, 7, 0, 0, 0, 100, 0, 500],
      "quantity_or_quote_quantity",
    ],
    ["quote quantity", [1, 7, 0, 1, 1, 0, 0, 0.5], "quote_quantity_must_be_positive"],
  ])("an unknown %s", (_, terms, code) => {
    const log = new EventLog();
    const engine = new Engine({ handler: log });
    engine.addMarket(1, 1_000, 1_000, 1, 1, 0, 0);
    log.take();
    engine.place(...terms);
    expect(log.take()).toMatchObject([{ kind: "rejected", code }]);
  });

  test("lots at one price that a double can no longer count", () => {
    const market = new NotedMarket({ maxPrice: 1, maxQuantity: 2 ** 53 - 1 });
    market.do(`1 buys ${2 ** 53 - 2} @ 1`);
    expect(market.do("1 buys 2 @ 1")).toEqual([
      "rejected: level_quantity_above_maximum (quantity)",
    ]);
    expect(market.do("1 buys 1 @ 1")).toEqual(["#2 accepted", `buy 1: ${2 ** 53 - 1} of 2`]);
  });
});

describe("a market is rejected:", () => {
  const fine: Parameters<Engine["addMarket"]> = [1, 1_000, 1_000, 1, 1, 0, 0];
  test.each<[string, Parameters<Engine["addMarket"]>, string]>([
    ["no number", [0, 1_000, 1_000, 1, 1, 0, 0], "market_number_out_of_range"],
    ["a price of 2^31 − 1", [2, 2 ** 31 - 1, 1, 1, 1, 0, 0], "maximum_price_out_of_range"],
    ["half a tick", [2, 0.5, 1, 1, 1, 0, 0], "maximum_price_out_of_range"],
    ["a notional of 2^53", [2, 2, 2 ** 52, 1, 1, 0, 0], "maximum_notional_out_of_range"],
    ["no price increment", [2, 1_000, 1_000, 0, 1, 0, 0], "price_increment_out_of_range"],
    ["half a lot", [2, 1_000, 1_000, 1, 0.5, 0, 0], "quantity_increment_out_of_range"],
    [
      "a minimum above its maximum",
      [2, 1_000, 1_000, 1, 1, 1_001, 0],
      "minimum_quantity_out_of_range",
    ],
    ["a minimum of NaN", [2, 1_000, 1_000, 1, 1, 0, Number.NaN], "minimum_notional_out_of_range"],
    ["one that is there", fine, "market_already_added"],
  ])("%s", (_, rules, code) => {
    const log = new EventLog();
    const engine = new Engine({ handler: log });
    engine.addMarket(...fine);
    log.take();
    expect(engine.addMarket(...rules)).toBe(false);
    expect(log.take()).toMatchObject([{ kind: "rejected", code }]);
  });
});

describe("the Admission port", () => {
  test("sees the order as it would be accepted, and its refusal leaves no trace", () => {
    const admit = vi.fn(({ orderId, quantity }: EventRegister) =>
      quantity > 5 ? 1_000 + orderId : 0,
    );
    const market = new NotedMarket({}, { admission: { admit } });
    expect(market.do("1 buys 6 @ 100")).toEqual(["rejected: refused_by_admission ()"]);
    expect(market.book).toBe("|");
    expect(market.do("1 buys 5 @ 100")).toEqual(["#1 accepted", "buy 100: 5 of 1"]);
    expect(admit).toHaveBeenCalledTimes(2);
  });

  test("is not asked about what breaks a rule", () => {
    const admit = vi.fn(() => 0);
    new NotedMarket({}, { admission: { admit } }).do("1 buys 0 @ 100", "1 cancels #1");
    expect(admit).not.toHaveBeenCalled();
  });

  test("that answers with a code of the engine is a mistake of its program", () => {
    const market = new NotedMarket({}, { admission: { admit: () => 31 } });
    expect(() => market.do("1 buys 5 @ 100")).toThrow(RangeError);
  });
});

describe("ids", () => {
  test("count from 1, over all markets, and a rejected order uses none up", () => {
    const engine = new Engine({ handler: { event: () => undefined } });
    for (const market of [1, 2]) engine.addMarket(market, 1_000, 1_000, 1, 1, 0, 0);
    const placed = [
      engine.place(1, 7, 0, 0, 0, 100, 5, 0),
      engine.place(1, 7, 0, 0, 0, 0, 5, 0),
      engine.place(2, 7, 1, 0, 0, 100, 5, 0),
    ];
    expect(placed).toEqual([1, 0, 2]);
    expect(engine.nextOrderId).toBe(3);
  });
});

test("a fill-or-kill order whose budget covers nothing at the best price has spent it, whoever stands there", () => {
  for (const conditions of [{}, { selfTrade: "expire_maker" }] as const) {
    const log = new EventLog();
    const engine = new Engine({ handler: log });
    engine.addMarket(1, 1_000, 1_000, 1, 1, 0, 0);
    engine.place(1, 7, Side.buy, OrderType.limit, TimeInForce.gtc, 100, 5, 0);
    log.take();
    const order = {
      market: 1,
      account: 7,
      side: "sell",
      type: "market",
      timeInForce: "fok",
    } as const;
    engine.perform({
      kind: "place",
      ...order,
      price: 0,
      quantity: 0,
      quoteQuantity: 99,
      conditions,
    });
    expect(log.take().at(-1)).toMatchObject({ kind: "done", orderId: 2, reason: "budget_spent" });
  }
});

describe("what a program gets wrong throws, before any change:", () => {
  test.each<[string, Parameters<Engine["place"]>]>([
    ["a market", [0.5, 7, 0, 0, 0, 100, 5, 0]],
    ["an account", [1, 2 ** 31, 0, 0, 0, 100, 5, 0]],
    ["a side", [1, 7, Number.NaN, 0, 0, 100, 5, 0]],
    ["a price", [1, 7, 0, 0, 0, 100.5, 5, 0]],
  ])("%s that is no whole number of 32 bits", (_, terms) => {
    const log = new EventLog();
    const engine = new Engine({ handler: log });
    engine.addMarket(1, 1_000, 1_000, 1, 1, 0, 0);
    log.take();
    expect(() => engine.place(...terms)).toThrow(RangeError);
    expect(log.take()).toEqual([]);
  });

  test("a record that is cut short, of another version, or with bytes that mean nothing yet", () => {
    const engine = new Engine({ handler: { event: () => undefined } });
    const cancel = encodeCommand({ kind: "cancel", market: 1, account: 1, orderId: 1 });
    const changed = (at: number, to: number): Uint8Array => cancel.with(at, to);
    expect(() => engine.process(recordViews(cancel.slice(0, 16)), 0)).toThrow("24 bytes");
    expect(() => engine.process(recordViews(changed(0, 18)), 0)).toThrow("kind 1 to 17");
    expect(() => engine.process(recordViews(changed(1, 2)), 0)).toThrow("version 1");
    expect(() => engine.process(recordViews(changed(13, 1)), 0)).toThrow("no meaning");
    expect(() => engine.process(recordViews(cancel), 4)).toThrow("multiple of 8");
    expect(() => engine.process(recordViews(cancel), 24)).toThrow("multiple of 8");
  });
});

describe("a snapshot", () => {
  const rested = (): NotedMarket => {
    const market = new NotedMarket();
    market.do("1 buys 5 @ 100", "2 buys 4 @ 100", "3 sells 7 @ 103", "4 sells 1 @ 100");
    return market;
  };
  const options = { handler: { event: () => undefined } };

  test("restores the books, the queues and the counters", () => {
    const market = rested();
    const engine = Engine.restore(market.engine.snapshot(), options);
    expect([...engine.restingOrders(1, 0)]).toEqual([...market.engine.restingOrders(1, 0)]);
    expect(engine.depth(1, 1)).toEqual([{ price: 103, quantity: 7, orders: 1 }]);
    expect(engine.nextOrderId).toBe(5);
    expect(engine.nextTradeId).toBe(2);
  });

  test("makes a fork that goes its own way", () => {
    const market = rested();
    const before = market.engine.stateHash();
    const fork = market.engine.fork(options);
    expect(fork.cancel(1, 2, 2)).toBe(true);
    expect(fork.order(2)).toBeUndefined();
    expect(market.engine.stateHash()).toBe(before);
    expect(market.engine.order(2)?.remaining).toBe(4);
  });

  test("does not tell how the state came about", () => {
    const market = rested();
    const before = market.engine.stateHash();
    market.do("1 sells 3 @ 105", "1 sells 3 @ 107", "1 cancels #5", "1 cancels #6");
    const longer = market.engine.snapshot();
    // Only the counter of order ids has moved.
    new Float64Array(longer.buffer)[1] = 5;
    expect(Engine.restore(longer, options).stateHash()).toBe(before);
  });

  test("that is not one is refused", () => {
    const bytes = rested().engine.snapshot();
    expect(() => Engine.restore(new Uint8Array(64), options)).toThrow(RangeError);
    expect(() => Engine.restore(bytes.slice(0, -8), options)).toThrow(RangeError);
    expect(() => Engine.restore(bytes.with(4, 9), options)).toThrow("version 4");
  });

  test("restores how lots are allocated", () => {
    const market = rested();
    market.engine.setAllocation(1, Allocation.pro_rata, 3, 40);
    const engine = Engine.restore(market.engine.snapshot(), options);
    expect(engine.allocation(1)).toEqual({
      allocation: "pro_rata",
      minimumShare: 3,
      fifoPercent: 40,
    });
    const bytes = market.engine.snapshot();
    // The allocation of the market, after the header and what is known of it before.
    expect(() => Engine.restore(bytes.with((5 + 14) * 8, 7), options)).toThrow(RangeError);
  });

  test("of a state that can't be is refused", () => {
    const bytes = rested().engine.snapshot();
    const crossed = bytes.slice();
    // The price of the first order that buys, after the header and the market.
    new Int32Array(crossed.buffer)[(5 + 20) * 2 + 1] = 104;
    expect(() => Engine.restore(crossed, options)).toThrow("a book is never crossed");
  });
});

test("a fill-or-kill budget that pays for nothing is spent, even before makers of its own that it would remove", () => {
  // It used to count on behind them, and was told to be unfilled.
  const market = new NotedMarket();
  market.do("1 buys 5 @ 10");
  const told = market.perform({
    kind: "place",
    market: 1,
    account: 1,
    side: "sell",
    type: "market",
    timeInForce: "fok",
    price: 0,
    quantity: 0,
    quoteQuantity: 5,
    conditions: { selfTrade: "expire_maker" },
  });
  expect(told).toEqual(["#2 accepted", "#2 budget_spent"]);
});

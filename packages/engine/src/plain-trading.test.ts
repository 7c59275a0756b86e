import { describe, expect, test, vi } from "vitest";
import { Allocation } from "./allocation/allocation.ts";
import { encodeCommand } from "./commands/command-codec.ts";
import { CONDITIONS } from "./commands/command-layout.ts";
import { readConditions } from "./conditions/condition-registers.ts";
import type { Conditions } from "./conditions/conditions.ts";
import { Engine } from "./engine.ts";
import { Matching } from "./matching.ts";
import { OrderBooks } from "./order-books.ts";
import { OrderType } from "./order-type.ts";
import { Phase } from "./phases/phase.ts";
import { NOT_PLAIN, PLACED } from "./placement.ts";
import { PlainTrading } from "./plain-trading.ts";
import { recordViews } from "./record.ts";
import { Side } from "./side.ts";
import { placement, Story } from "./testing/story.ts";
import { BOTH_ENGINES } from "./testing/told-engine.ts";
import { TimeInForce } from "./time-in-force.ts";

// What plain orders do where others are: told to both engines, and in such a way that the short way ends in the middle.
describe.each(BOTH_ENGINES)("%s", (_, makesEngine) => {
  describe("a plain taker", () => {
    test("meets an iceberg between plain makers of a level, and the level is told once", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 2 @ 100");
      story.place("2 sells 4 @ 100", { displayQuantity: 1 });
      story.place("3 sells 2 @ 100");
      expect(story.place("4 buys 6 @ 100")).toEqual([
        "#4 accepted @ 100",
        "#4 takes 2 @ 100 from #1",
        "#1 filled",
        "#4 takes 1 @ 100 from #2",
        "#4 takes 2 @ 100 from #3",
        "#3 filled",
        "#4 takes 1 @ 100 from #2",
        "sell 100: 1 of 1",
        "#4 filled",
      ]);
      expect(story.engine.openOrders(1)).toMatchObject([{ orderId: 2, remaining: 2, shown: 1 }]);
      expect(story.engine.lastPrice(1)).toBe(100);
    });

    test("is ended by what it meets first on the next level", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 1 @ 100");
      story.place("2 sells 4 @ 101", { displayQuantity: 2 });
      story.place("3 sells 1 @ 101");
      expect(story.place("4 buys 2 @ 105")).toEqual([
        "#4 accepted @ 105",
        "#4 takes 1 @ 100 from #1",
        "#1 filled",
        "sell 100: 0 of 0",
        "#4 takes 1 @ 101 from #2",
        "sell 101: 2 of 2",
        "#4 filled",
      ]);
      expect(story.queue("sell")).toEqual([2, 3]);
      expect(story.engine.lastPrice(1)).toBe(101);
    });

    test("rests with what it has left when all that it could meet is gone", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 3 @ 100", { displayQuantity: 1 });
      story.place("2 buys 1 @ 99");
      expect(story.place("4 sells 6 @ 99").slice(-3)).toEqual([
        "#2 filled",
        "buy 99: 0 of 0",
        "sell 99: 2 of 1",
      ]);
      expect(story.engine.openOrders(1)).toMatchObject([
        { orderId: 3, account: 4, side: "sell", quantity: 6, remaining: 2, price: 99 },
      ]);
    });

    test("comes to a hidden order before a worse level, and after a shown one at its price", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 1 @ 101");
      story.place("2 sells 1 @ 100", { hidden: true });
      story.place("3 sells 1 @ 101", { hidden: true });
      story.place("4 sells 1 @ 102");
      expect(story.place("5 buys 4").filter((note) => note.includes("takes"))).toEqual([
        "#5 takes 1 @ 100 from #2",
        "#5 takes 1 @ 101 from #1",
        "#5 takes 1 @ 101 from #3",
        "#5 takes 1 @ 102 from #4",
      ]);
      expect(story.open).toEqual([]);
    });

    test("trades with hidden orders alone, and with none that are worse than its limit", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 1 @ 100", { hidden: true });
      story.place("1 sells 1 @ 101", { hidden: true });
      expect(story.place("2 buys 3 @ 100 ioc")).toEqual([
        "#3 accepted @ 100",
        "#3 takes 1 @ 100 from #1",
        "#1 filled",
        "#3 no_liquidity, 2 left",
      ]);
    });

    test("fills makers that ask for nothing any more, and what they asked for is forgotten", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 2 @ 100", { clientOrderId: 7, postOnly: "reject" });
      story.place("1 sells 2 @ 101 day", { clientOrderId: 8 });
      expect(story.place("2 buys 3 @ 101")).toEqual([
        "#3 accepted @ 101",
        "#3 takes 2 @ 100 from #1",
        "#1 filled",
        "sell 100: 0 of 0",
        "#3 takes 1 @ 101 from #2",
        "sell 101: 1 of 1",
        "#3 filled",
      ]);
      expect(story.place("1 sells 1 @ 103", { clientOrderId: 7 })).toHaveLength(2);
      expect(story.place("1 sells 1 @ 103", { clientOrderId: 8 })).toEqual([
        "rejected: client_order_id_taken",
      ]);
      expect(story.cancelByClientId(1, 8)).toEqual(["#2 cancelled, 1 left", "sell 101: 0 of 0"]);
    });

    test("ends the other of a pair whose limit it meets behind others", () => {
      const story = new Story(makesEngine);
      story.place("2 sells 1 @ 110");
      story.list("oco", [
        ["1 sells 5 @ 110", { postOnly: "reject" }],
        ["1 sells 5", { trigger: "stop", triggerPrice: 95 }],
      ]);
      expect(story.place("3 buys 2 @ 110")).toEqual([
        "#4 accepted @ 110",
        "#4 takes 1 @ 110 from #1",
        "#1 filled",
        "#4 takes 1 @ 110 from #2",
        "#3 list_ended, 5 left",
        "sell 110: 4 of 1",
        "#4 filled",
      ]);
    });

    test("that ends with a maker leaves the next one as it is", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 2 @ 100");
      story.place("2 sells 2 @ 100");
      expect(story.place("3 buys 2 @ 100")).toEqual([
        "#3 accepted @ 100",
        "#3 takes 2 @ 100 from #1",
        "#1 filled",
        "sell 100: 2 of 1",
        "#3 filled",
      ]);
    });

    test("triggers what waits for its price", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 1 @ 101");
      story.place("2 buys 1 @ 103", { trigger: "stop", triggerPrice: 101 });
      story.place("3 buys 1", { trigger: "trailing_stop", trailingOffset: 4 });
      expect(story.place("4 buys 1 @ 101").slice(-2)).toEqual([
        "#2 triggered @ 103",
        "buy 103: 1 of 1",
      ]);
      expect(story.open).toEqual(["#2", "#3 waits for 105"]);
    });

    test("takes by share, not by time, where the market says so", () => {
      const story = new Story(makesEngine);
      story.allocate("pro_rata");
      story.place("1 sells 6 @ 100");
      story.place("2 sells 6 @ 100", { postOnly: "reject" });
      expect(story.place("3 buys 4 @ 100").filter((note) => note.includes("takes"))).toEqual([
        "#3 takes 2 @ 100 from #1",
        "#3 takes 2 @ 100 from #2",
      ]);
      expect(story.place("3 buys 1 @ 99")).toEqual(["#4 accepted @ 99", "buy 99: 1 of 1"]);
    });
  });

  describe("a plain order that rests", () => {
    test("moves pegged orders if it is the best now, and only those that follow its side", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 1 @ 98");
      story.place("1 sells 1 @ 103");
      story.place("2 buys 1 @ 500", { peg: "primary", pegOffset: 1 });
      story.place("2 sells 1 @ 1", { peg: "primary", pegOffset: 1 });
      story.place("2 sells 1 @ 1", { peg: "mid", pegOffset: 5 });
      expect(story.place("1 buys 1 @ 98")).toEqual(["#6 accepted @ 98", "buy 98: 2 of 2"]);
      expect(story.place("1 buys 1 @ 99")).toEqual([
        "#7 accepted @ 99",
        "buy 99: 1 of 1",
        "#3 repegged @ 98",
      ]);
      expect(story.place("1 buys 1 @ 100").slice(2)).toEqual([
        "#3 repegged @ 99",
        "#5 repegged @ 107",
      ]);
    });

    test("within the reach of an all-or-none order trades with it, if that is enough", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 3 @ 100", { allOrNone: true });
      expect(story.place("2 sells 2 @ 100")).toHaveLength(2);
      expect(story.place("2 sells 9 @ 101")).toHaveLength(2);
      expect(story.place("2 sells 1 @ 100").slice(2)).toEqual([
        "#1 takes 2 @ 100 from #2",
        "#2 filled",
        "#1 takes 1 @ 100 from #4",
        "#4 filled",
        "sell 100: 0 of 0",
        "#1 filled",
      ]);
    });
  });

  describe("a cancel", () => {
    test("of the first, the last and one between them leaves the others in their order", () => {
      const story = new Story(makesEngine);
      for (const account of [1, 2, 3, 4, 5]) story.place(`${account} sells ${account} @ 100`);
      expect(story.cancel(3, 3)).toEqual(["#3 cancelled, 3 left", "sell 100: 12 of 4"]);
      expect(story.queue("sell")).toEqual([1, 2, 4, 5]);
      story.cancel(5, 5);
      expect(story.queue("sell")).toEqual([1, 2, 4]);
      story.cancel(1, 1);
      expect(story.queue("sell")).toEqual([2, 4]);
      story.place("6 sells 1 @ 100");
      expect(story.queue("sell")).toEqual([2, 4, 6]);
      expect(story.place("7 buys 7 @ 100").filter((note) => note.includes("takes"))).toEqual([
        "#7 takes 2 @ 100 from #2",
        "#7 takes 4 @ 100 from #4",
        "#7 takes 1 @ 100 from #6",
      ]);
      expect(story.book).toBe("|");
    });

    test("tells of the order's own market, and needs its name", () => {
      const story = new Story(makesEngine);
      const order = {
        account: 1,
        side: "buy",
        type: "limit",
        timeInForce: "gtc",
        price: 9,
      } as const;
      const place = { kind: "place", ...order, quantity: 1, quoteQuantity: 0 } as const;
      for (const market of [1, 2]) story.do({ ...place, market });
      const cancel = { kind: "cancel", account: 1 } as const;
      expect(story.do({ ...cancel, market: 1, orderId: 2 })).toEqual([
        "rejected: order_unknown of #2",
      ]);
      expect(story.do({ ...cancel, market: 0, account: 0, orderId: 9 })).toEqual([
        "rejected: order_unknown of #9",
      ]);
      for (const market of [1, 2])
        expect(story.engine.process({ ...cancel, market, orderId: market })).toMatchObject([
          { kind: "done", market, orderId: market },
          { kind: "level_changed", market, price: 9, quantity: 0 },
        ]);
    });

    test("of an iceberg tells all that it had left, and takes off its level what it showed", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 9 @ 100", { displayQuantity: 4 });
      story.place("2 sells 1 @ 100");
      expect(story.cancel(1, 1)).toEqual(["#1 cancelled, 9 left", "sell 100: 1 of 1"]);
      expect(story.cancel(2, 2)).toEqual(["#2 cancelled, 1 left", "sell 100: 0 of 0"]);
    });

    test("frees the name of its order", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 1 @ 100", { clientOrderId: 7 });
      expect(story.cancel(2, 1)).toEqual(["rejected: order_unknown of #1"]);
      expect(story.cancel(1, 1)).toEqual(["#1 cancelled, 1 left", "sell 100: 0 of 0"]);
      expect(story.place("1 sells 1 @ 100", { clientOrderId: 7 })).toHaveLength(2);
    });

    test("of the best moves pegged orders, of one behind it none", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 1 @ 97");
      story.place("1 buys 1 @ 98");
      story.place("1 buys 1 @ 98");
      story.place("2 buys 1 @ 500", { peg: "primary" });
      expect(story.cancel(1, 1)).toHaveLength(2);
      expect(story.cancel(1, 2)).toHaveLength(2);
      expect(story.cancel(1, 3).slice(2)).toEqual(["#4 repegged to nowhere"]);
    });

    test("of an order that stood before others lets an all-or-none one of its owner trade with them", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 1 @ 100", { postOnly: "reject" });
      story.place("2 sells 3 @ 100");
      story.place("1 buys 3 @ 100", { allOrNone: true, selfTrade: "expire_taker" });
      expect(story.open).toEqual(["#1", "#2", "#3 waits for 0"]);
      expect(story.cancel(1, 1).slice(2)).toEqual([
        "#3 takes 3 @ 100 from #2",
        "#2 filled",
        "sell 100: 0 of 0",
        "#3 filled",
      ]);
    });

    test("of one of a pair ends the other", () => {
      const story = new Story(makesEngine);
      story.list("oco", [
        ["1 sells 5 @ 110", { postOnly: "reject" }],
        ["1 sells 5", { trigger: "stop", triggerPrice: 95 }],
      ]);
      expect(story.cancel(1, 1)).toEqual([
        "#1 cancelled, 5 left",
        "sell 110: 0 of 0",
        "#2 list_ended, 5 left",
      ]);
    });

    test("of a hidden order tells of no level", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 5 @ 110", { hidden: true });
      expect(story.cancel(1, 1)).toEqual(["#1 cancelled, 5 left"]);
    });
  });
});

test("an order that has rested for long is filled, and found no more", () => {
  const engine = new Engine({ handler: { event: () => undefined }, capacity: { orders: 1 } });
  engine.addMarket(1, 1_000, 1_000, 1, 1, 1, 0);
  const place = (side: number, price: number): number =>
    engine.place(1, 1, side, OrderType.limit, TimeInForce.gtc, price, 1, 0);
  const old = [place(Side.sell, 500), place(Side.sell, 500)];
  let young = 0;
  for (let id = 0; id < 200; id += 1) {
    if (young !== 0) engine.cancel(1, 1, young);
    young = place(Side.buy, 1 + (id % 100));
    engine.checkInvariants();
  }
  for (const orderId of old) {
    place(Side.buy, 500);
    expect(engine.order(orderId)).toBeUndefined();
    engine.checkInvariants();
  }
  expect(engine.order(young)).toMatchObject({ orderId: young });
});

/** Plain trading by itself, and how often the rules step by step are asked to go on, and for what follows. */
const shortWay = () => {
  const books = new OrderBooks();
  const handler = { event: () => undefined };
  const matching = new Matching(books, handler, undefined);
  const goOn = vi.spyOn(matching, "goOn");
  const afterwards = vi.spyOn(matching, "afterwards");
  const plain = new PlainTrading(books, matching, handler, undefined);
  for (const market of [1, 2]) {
    matching.incoming.market = market;
    matching.addMarket({
      maxPrice: 1_000,
      maxQuantity: 1_000,
      priceIncrement: 1,
      quantityIncrement: 1,
      minQuantity: 0,
      minNotional: 0,
    });
  }
  /** What the short way makes of a note; what it does not do is done step by step. */
  const place = (note: string, conditions: Conditions = {}): number => {
    const { i32, f64 } = recordViews(encodeCommand(placement(note, conditions)));
    const isPlain = Object.keys(conditions).length === 0;
    const placed = isPlain ? plain.place(i32, f64, 0) : NOT_PLAIN;
    if (placed !== NOT_PLAIN) return placed;
    const { incoming } = matching;
    const { market, account, side, type, timeInForce, price, quantity, quoteQuantity } = placement(
      note,
      conditions,
    );
    Object.assign(incoming, { market, account, price, limit: price, quantity, quoteQuantity });
    incoming.side = Side[side];
    incoming.type = OrderType[type];
    incoming.timeInForce = TimeInForce[timeInForce];
    incoming.leaveList();
    if (isPlain) incoming.clearConditions();
    else readConditions(incoming, i32, f64, CONDITIONS);
    matching.place();
    goOn.mockClear();
    afterwards.mockClear();
    return placed;
  };
  const cancel = (account: number, orderId: number): boolean => {
    const { i32, f64 } = recordViews(
      encodeCommand({ kind: "cancel", market: 1, account, orderId }),
    );
    return plain.cancel(i32, f64, 0);
  };
  const followUps = () => {
    const counts = { goOn: goOn.mock.calls.length, afterwards: afterwards.mock.calls.length };
    goOn.mockClear();
    afterwards.mockClear();
    return counts;
  };
  return { books, place, cancel, followUps };
};

// The long way does the same, only more slowly: no event and no book tells which one an order went.
describe("the short way", () => {
  const nothing = { goOn: 0, afterwards: 0 };

  test("is that of plain orders in a plain market, and asks for nothing that follows", () => {
    const { place, cancel, followUps } = shortWay();
    expect(place("1 sells 5 @ 100")).toBe(PLACED);
    expect(place("1 sells 5 @ 101")).toBe(PLACED);
    expect(place("2 buys 5 @ 101 ioc")).toBe(PLACED);
    expect(place("2 buys 1")).toBe(PLACED);
    expect(cancel(1, 2)).toBe(true);
    expect(followUps()).toEqual(nothing);
  });

  test("is not that of orders that ask for more, or break a rule", () => {
    const { place, cancel } = shortWay();
    expect(place("1 sells 5 @ 100 day")).toBe(NOT_PLAIN);
    expect(place("1 sells 5 @ 100 fok")).toBe(NOT_PLAIN);
    expect(place("1 sells for 100")).toBe(NOT_PLAIN);
    expect(place("0 sells 5 @ 100")).toBe(NOT_PLAIN);
    expect(place("1 sells 5 @ 1001")).toBe(NOT_PLAIN);
    expect(cancel(1, 9)).toBe(false);
    expect(cancel(2, 1)).toBe(false);
  });

  test("is that of plain orders where others are, as long as they meet plain ones or such as ask for nothing any more", () => {
    const { place, cancel, followUps } = shortWay();
    place("1 sells 5 @ 100", { postOnly: "reject" });
    place("1 sells 5 @ 100");
    place("1 buys 5 @ 90");
    followUps();
    expect(place("2 buys 5 @ 101")).toBe(PLACED);
    expect(followUps()).toEqual({ goOn: 0, afterwards: 1 });
    // The market is plain again.
    expect(place("2 buys 5 @ 101")).toBe(PLACED);
    expect(followUps()).toEqual(nothing);
    place("1 sells 5 @ 100", { clientOrderId: 3 });
    expect(place("2 buys 5 @ 89")).toBe(PLACED);
    expect(cancel(1, 6)).toBe(true);
    expect(followUps()).toEqual(nothing);
  });

  test("ends at an iceberg, and before a hidden order", () => {
    const { place, followUps } = shortWay();
    place("1 sells 5 @ 100");
    place("1 sells 5 @ 101", { displayQuantity: 1 });
    place("1 sells 5 @ 102", { hidden: true });
    expect(place("2 buys 5 @ 105")).toBe(PLACED);
    expect(followUps()).toEqual({ goOn: 0, afterwards: 1 });
    expect(place("2 buys 5 @ 101")).toBe(PLACED);
    expect(followUps()).toEqual({ goOn: 1, afterwards: 1 });
    expect(place("2 buys 5")).toBe(PLACED);
    expect(followUps()).toEqual({ goOn: 1, afterwards: 1 });
  });

  test("asks for what follows only where it has moved the best price, or an all-or-none order reaches", () => {
    const { place, cancel, followUps } = shortWay();
    place("1 buys 5 @ 500", { peg: "primary" });
    place("1 buys 9 @ 95", { allOrNone: true });
    expect(place("2 buys 1 @ 90")).toBe(PLACED);
    expect(place("2 buys 1 @ 90")).toBe(PLACED);
    expect(followUps()).toEqual({ goOn: 0, afterwards: 1 });
    expect(place("2 sells 1 @ 99")).toBe(PLACED);
    expect(place("2 sells 1 @ 99")).toBe(PLACED);
    expect(place("2 sells 1 @ 100")).toBe(PLACED);
    expect(followUps()).toEqual({ goOn: 0, afterwards: 1 });
    expect(cancel(2, 7)).toBe(true);
    expect(cancel(2, 6)).toBe(true);
    expect(followUps()).toEqual(nothing);
    expect(cancel(2, 5)).toBe(true);
    expect(followUps()).toEqual({ goOn: 0, afterwards: 1 });
    expect(place("2 sells 1 @ 96")).toBe(PLACED);
    expect(followUps()).toEqual({ goOn: 0, afterwards: 1 });
    expect(place("2 sells 1 @ 96")).toBe(PLACED);
    expect(followUps()).toEqual(nothing);
    expect(place("2 sells 1 @ 95")).toBe(PLACED);
    expect(place("2 sells 1 @ 95")).toBe(PLACED);
    expect(followUps()).toEqual({ goOn: 0, afterwards: 2 });
  });

  test("is that of orders that meet nobody where lots are shared, and no other's", () => {
    const { books, place } = shortWay();
    books.markets.setAllocation(1, {
      allocation: Allocation.pro_rata,
      minimumShare: 0,
      fifoPercent: 0,
      topOrderMaximum: 0,
      leadAccount: 0,
      leadPercent: 0,
    });
    expect(place("1 sells 5 @ 100")).toBe(PLACED);
    expect(place("2 buys 5 @ 99")).toBe(PLACED);
    expect(place("2 buys 5 @ 100")).toBe(NOT_PLAIN);
    expect(place("1 sells 5 @ 100", { hidden: true })).toBe(NOT_PLAIN);
    expect(place("2 buys 5 @ 100")).toBe(NOT_PLAIN);
    books.markets.setPhase(1, Phase.halted);
    expect(place("2 buys 5 @ 98")).toBe(NOT_PLAIN);
  });
});

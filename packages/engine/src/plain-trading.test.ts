import { describe, expect, test } from "vitest";
import { Story } from "./testing/story.ts";
import { BOTH_ENGINES } from "./testing/told-engine.ts";

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

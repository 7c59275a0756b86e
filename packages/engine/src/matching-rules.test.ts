import { describe, expect, test } from "vitest";
import { Story } from "./testing/story.ts";
import { BOTH_ENGINES } from "./testing/told-engine.ts";

// The guide to the matching rules, as stories: told to both engines, so that neither has the last word.
describe.each(BOTH_ENGINES)("%s", (_, makesEngine) => {
  describe("an iceberg", () => {
    test("shows anew at the end of the queue, where the same taker meets it again", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 10 @ 100", { displayQuantity: 3 });
      story.place("2 sells 4 @ 100");
      expect(story.book).toBe("| 100×7");
      expect(story.place("3 buys 8 @ 100")).toEqual([
        "#3 accepted @ 100",
        "#3 takes 3 @ 100 from #1",
        "#3 takes 4 @ 100 from #2",
        "#2 filled",
        "#3 takes 1 @ 100 from #1",
        "sell 100: 2 of 1",
        "#3 filled",
      ]);
      expect(story.engine.openOrders(1)).toMatchObject([{ orderId: 1, remaining: 6, shown: 2 }]);
    });

    test("that has shown anew stands behind who came meanwhile", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 6 @ 100", { displayQuantity: 2 });
      story.place("2 sells 1 @ 100");
      expect(story.queue("sell")).toEqual([1, 2]);
      story.place("3 buys 2 @ 100");
      expect(story.queue("sell")).toEqual([2, 1]);
      story.place("3 buys 2 @ 100");
      expect(story.book).toBe("| 100×1");
    });

    test("loses its hidden lots first, and keeps its place meanwhile", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 10 @ 100", { displayQuantity: 3 });
      story.place("2 sells 1 @ 100");
      expect(story.reduce(1, 1, 6)).toEqual(["#1 reduced by 6, 4 left", "sell 100: 4 of 2"]);
      expect(story.reduce(1, 1, 2)).toEqual(["#1 reduced by 2, 2 left", "sell 100: 3 of 2"]);
      expect(story.queue("sell")).toEqual([1, 2]);
    });
  });

  test("hidden orders trade after all that is shown at their price, and no level tells of them", () => {
    const story = new Story(makesEngine);
    expect(story.place("1 sells 2 @ 100", { hidden: true })).toEqual(["#1 accepted @ 100"]);
    story.place("2 sells 2 @ 100");
    story.place("2 sells 2 @ 101");
    expect(story.place("3 buys 5 @ 101")).toEqual([
      "#4 accepted @ 101",
      "#4 takes 2 @ 100 from #2",
      "#2 filled",
      "sell 100: 0 of 0",
      "#4 takes 2 @ 100 from #1",
      "#1 filled",
      "#4 takes 1 @ 101 from #3",
      "sell 101: 1 of 1",
      "#4 filled",
    ]);
  });

  describe("a post-only order", () => {
    test("slides to one increment before the other side, hidden orders among it", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 1 @ 100", { hidden: true });
      story.place("1 sells 1 @ 103");
      expect(story.place("2 buys 1 @ 105", { postOnly: "slide" })).toEqual([
        "#3 accepted @ 99",
        "buy 99: 1 of 1",
      ]);
      expect(story.place("2 buys 1 @ 100", { postOnly: "reject" })).toEqual([
        "rejected: would_take",
      ]);
    });

    test("is rejected where it would slide out of the market's prices", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 1 @ 1000");
      expect(story.place("2 sells 1 @ 5", { postOnly: "slide" })).toEqual(["rejected: would_take"]);
      story.place("2 sells 1 @ 1000");
      story.place("2 sells 1 @ 1");
      expect(story.place("1 buys 1 @ 5", { postOnly: "slide" })).toEqual(["rejected: would_take"]);
    });
  });

  describe("self-trade prevention", () => {
    test("by decrementing both lets an iceberg show anew, and the taker go on with what it has left", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 5 @ 100", { displayQuantity: 2 });
      story.place("2 sells 9 @ 100");
      expect(story.place("1 buys 14 @ 100", { selfTrade: "decrement" })).toEqual([
        "#3 accepted @ 100",
        "#3 meets its own #1: decrement 2",
        "#3 takes 9 @ 100 from #2",
        "#2 filled",
        "#3 meets its own #1: decrement 2",
        "#3 meets its own #1: decrement 1",
        "#1 self_trade",
        "sell 100: 0 of 0",
        "#3 self_trade",
      ]);
    });

    test("that leaves nothing of the taker ends it; a trade that does fills it", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 2 @ 100");
      story.place("2 sells 2 @ 101");
      expect(story.place("1 buys 4 @ 101", { selfTrade: "transfer" }).at(-1)).toBe("#3 filled");
    });

    test.each([
      ["expire_taker", ["sell 100: 2 of 1", "#2 self_trade, 5 left"]],
      ["expire_maker", ["#1 self_trade, 2 left", "sell 100: 0 of 0", "buy 100: 5 of 1"]],
      ["expire_both", ["#1 self_trade, 2 left", "sell 100: 0 of 0", "#2 self_trade, 5 left"]],
    ] as const)("%s", (selfTrade, ends) => {
      const story = new Story(makesEngine);
      story.place("1 sells 2 @ 100");
      expect(story.place("1 buys 5 @ 100", { selfTrade })).toEqual([
        "#2 accepted @ 100",
        `#2 meets its own #1: ${selfTrade} 0`,
        ...ends,
      ]);
    });

    test("knows its own by account or by trade group, and transfers between accounts only", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 2 @ 100", { tradeGroup: 7 });
      story.place("2 sells 2 @ 100");
      const own = { selfTrade: "transfer", tradeGroup: 7 } as const;
      expect(story.place("2 buys 4 @ 100", own)).toEqual([
        "#3 accepted @ 100",
        "#3 meets its own #1: transfer 2, transfers",
        "#1 self_trade",
        "#3 meets its own #2: transfer 2",
        "#2 self_trade",
        "sell 100: 0 of 0",
        "#3 self_trade",
      ]);
    });

    test("lets fill-or-kill count past makers that would expire, and no further than any other meeting", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 2 @ 100");
      story.place("2 sells 2 @ 100");
      expect(story.place("1 buys 2 @ 100 fok", { selfTrade: "expire_both" })).toEqual([
        "#3 accepted @ 100",
        "#3 fill_or_kill_unfilled, 2 left",
      ]);
      expect(story.place("1 buys 3 @ 100 fok", { selfTrade: "expire_maker" })).toEqual([
        "#4 accepted @ 100",
        "#4 fill_or_kill_unfilled, 3 left",
      ]);
      expect(story.book).toBe("| 100×4");
      expect(story.place("1 buys 2 @ 100 fok", { selfTrade: "expire_maker" })).toEqual([
        "#5 accepted @ 100",
        "#5 meets its own #1: expire_maker 0",
        "#1 self_trade, 2 left",
        "#5 takes 2 @ 100 from #2",
        "#2 filled",
        "sell 100: 0 of 0",
        "#5 filled",
      ]);
    });

    test("stops a fill-or-kill count where an iceberg's shown lots end, if the taker's own comes next", () => {
      const story = new Story(makesEngine);
      story.place("2 sells 9 @ 100", { displayQuantity: 3 });
      story.place("1 sells 1 @ 100");
      const own = { selfTrade: "expire_taker" } as const;
      expect(story.place("1 buys 4 @ 100 fok", own).at(-1)).toBe(
        "#3 fill_or_kill_unfilled, 4 left",
      );
      expect(story.place("1 buys 3 @ 100 fok", own).at(-1)).toBe("#4 filled");
    });
  });

  describe("prices that an order takes from the book", () => {
    test("a market-to-limit order rests at the best price that it found", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 2 @ 100");
      story.place("1 sells 2 @ 101");
      expect(story.place("2 buys 5 to limit")).toEqual([
        "#3 accepted @ 100",
        "#3 takes 2 @ 100 from #1",
        "#1 filled",
        "sell 100: 0 of 0",
        "buy 100: 3 of 1",
      ]);
    });

    test("and it ends where there is nobody, as a market order with slippage does, even if it must fill", () => {
      const story = new Story(makesEngine);
      expect(story.place("1 buys 5 to limit")).toEqual([
        "#1 accepted @ 0",
        "#1 no_liquidity, 5 left",
      ]);
      expect(story.place("1 buys 5 fok", { slippage: 2 })).toEqual([
        "#2 accepted @ 0",
        "#2 no_liquidity, 5 left",
      ]);
    });

    test("slippage counts from the best price", () => {
      const story = new Story(makesEngine);
      for (const price of [100, 101, 103]) story.place(`1 sells 1 @ ${price}`);
      expect(story.place("2 buys 3", { slippage: 2 })).toEqual([
        "#4 accepted @ 102",
        "#4 takes 1 @ 100 from #1",
        "#1 filled",
        "sell 100: 0 of 0",
        "#4 takes 1 @ 101 from #2",
        "#2 filled",
        "sell 101: 0 of 0",
        "#4 no_liquidity, 1 left",
      ]);
    });
  });

  test("a minimum is met at once, or nothing trades; then it is forgotten", () => {
    const story = new Story(makesEngine);
    story.place("1 sells 2 @ 100");
    expect(story.place("2 buys 5 @ 100", { minQuantity: 3 })).toEqual([
      "#2 accepted @ 100",
      "#2 minimum_unfilled, 5 left",
    ]);
    expect(story.place("2 buys 5 @ 100", { minQuantity: 2 }).at(-1)).toBe("buy 100: 3 of 1");
    expect(story.amend(2, 3, 6, 100).at(-1)).toBe("buy 100: 4 of 1");
  });

  describe("a trailing stop", () => {
    test("begins at its activation price, follows the price at its distance, and never moves back", () => {
      const story = new Story(makesEngine);
      story.tradeAt(100);
      story.place("1 sells 1", {
        trigger: "trailing_stop",
        trailingOffset: 5,
        activationPrice: 110,
      });
      expect(story.open).toEqual(["#3 waits for 0"]);
      story.tradeAt(109);
      expect(story.open).toEqual(["#3 waits for 0"]);
      story.tradeAt(112);
      expect(story.open).toEqual(["#3 waits for 107"]);
      story.tradeAt(120);
      story.tradeAt(116);
      expect(story.open).toEqual(["#3 waits for 115"]);
      expect(story.tradeAt(115).slice(-2)).toEqual(["#3 triggered @ 0", "#3 no_liquidity, 1 left"]);
    });

    test("without an activation price begins with the first price there is", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 1", {
        trigger: "trailing_stop",
        trailingBasisPoints: 150,
        triggerOn: "mark",
      });
      expect(story.open).toEqual(["#1 waits for 0"]);
      story.mark(200);
      expect(story.open).toEqual(["#1 waits for 203"]);
      story.mark(100);
      expect(story.open).toEqual(["#1 waits for 101"]);
      story.mark(50); // 1.5 % of it is less than a tick
      expect(story.open).toEqual(["#1 waits for 51"]);
    });
  });

  describe("triggers", () => {
    test("go one by one: last before mark, rises before falls, the nearest first, then the oldest", () => {
      const story = new Story(makesEngine);
      story.mark(100);
      story.phase("auction"); // waiting orders gather, whatever the prices are
      story.place("1 buys 1 @ 1", { trigger: "stop", triggerPrice: 90, triggerOn: "mark" });
      story.place("1 sells 1 @ 999", { trigger: "stop", triggerPrice: 200 });
      story.place("1 sells 1 @ 999", { trigger: "stop", triggerPrice: 201 });
      story.place("1 buys 1 @ 1", { trigger: "stop", triggerPrice: 95 });
      story.place("1 sells 1 @ 999", { trigger: "take_profit", triggerPrice: 94 });
      story.place("1 buys 1 @ 1", { trigger: "stop", triggerPrice: 94 });
      story.place("8 sells 1 @ 100");
      story.place("9 buys 1 @ 100");
      const triggered = story.phase("open").filter((event) => event.includes("triggered"));
      expect(triggered).toEqual([5, 6, 4, 3, 2, 1].map((id) => expect.stringMatching(`^#${id} `)));
    });

    test("cascade: what one trades triggers the next, after the whole of it", () => {
      const story = new Story(makesEngine);
      story.tradeAt(100);
      story.place("1 buys 1 @ 98");
      story.place("1 buys 1 @ 95");
      story.place("1 buys 1 @ 99");
      story.place("2 sells 1", { trigger: "stop", triggerPrice: 99 });
      story.place("2 sells 1", { trigger: "stop", triggerPrice: 98 });
      expect(story.place("3 sells 1")).toEqual([
        "#8 accepted @ 0",
        "#8 takes 1 @ 99 from #5",
        "#5 filled",
        "buy 99: 0 of 0",
        "#8 filled",
        "#6 triggered @ 0",
        "#6 takes 1 @ 98 from #3",
        "#3 filled",
        "buy 98: 0 of 0",
        "#6 filled",
        "#7 triggered @ 0",
        "#7 takes 1 @ 95 from #4",
        "#4 filled",
        "buy 95: 0 of 0",
        "#7 filled",
      ]);
    });

    test("end an order that may not take, or that is refused now", () => {
      let refusal = 0;
      const story = new Story(makesEngine, () => refusal);
      story.tradeAt(100);
      story.place("1 sells 1 @ 103");
      const stop = { trigger: "stop", triggerPrice: 105, triggerOn: "mark" } as const;
      story.place("2 buys 1 @ 110", { ...stop, postOnly: "reject" });
      story.place("2 buys 1 @ 110", { ...stop, postOnly: "slide" });
      expect(story.mark(105)).toEqual([
        "marked 105",
        "#4 triggered @ 110",
        "#4 would_take, 1 left",
        "#5 triggered @ 102",
        "buy 102: 1 of 1",
      ]);
      story.place("2 sells 1", { ...stop, trigger: "take_profit", triggerPrice: 106 });
      refusal = 1_000;
      expect(story.mark(106)).toEqual([
        "marked 106",
        "#6 triggered @ 0",
        "#6 refused_when_triggered, 1 left",
      ]);
    });

    test("come right after the placement where the price is reached already", () => {
      const story = new Story(makesEngine);
      story.tradeAt(100);
      expect(story.place("1 buys 1 @ 90", { trigger: "stop", triggerPrice: 100 })).toEqual([
        "#3 accepted @ 90",
        "#3 triggered @ 90",
        "buy 90: 1 of 1",
      ]);
    });
  });

  describe("an amendment", () => {
    test("to fewer lots at the same price keeps the place", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 5 @ 100");
      story.place("2 buys 5 @ 100");
      expect(story.amend(1, 1, 3, 100)).toEqual([
        "#1 amended to 3 @ 100, 3 left",
        "buy 100: 8 of 2",
      ]);
      expect(story.queue("buy")).toEqual([1, 2]);
    });

    test("to more lots leaves the level and comes last at it again", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 5 @ 100");
      story.place("2 buys 5 @ 100");
      expect(story.amend(1, 1, 6, 100)).toEqual([
        "#1 amended to 6 @ 100, 6 left",
        "buy 100: 5 of 1",
        "buy 100: 11 of 2",
      ]);
      expect(story.queue("buy")).toEqual([2, 1]);
    });

    test("counts from the order's beginning, and takes with what is left", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 5 @ 100");
      story.place("2 sells 2 @ 100");
      story.place("2 sells 9 @ 102");
      expect(story.amend(1, 1, 2, 100)).toEqual(["rejected: quantity_already_filled of #1"]);
      expect(story.amend(1, 1, 8, 102)).toEqual([
        "#1 amended to 8 @ 102, 6 left",
        "buy 100: 0 of 0",
        "#1 takes 6 @ 102 from #3",
        "sell 102: 3 of 1",
        "#1 filled",
      ]);
    });

    test("may not make a post-only order take, even if it slides; nor a waiting one anything", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 1 @ 102");
      story.place("2 buys 1 @ 100", { postOnly: "slide" });
      expect(story.amend(2, 2, 1, 102)).toEqual(["rejected: would_take of #2"]);
      story.place("2 buys 1 @ 100", { trigger: "stop", triggerPrice: 500 });
      expect(story.amend(2, 3, 2, 100)).toEqual(["rejected: order_is_waiting of #3"]);
      expect(story.reduce(2, 3, 2)).toEqual(["rejected: order_is_waiting of #3"]);
    });

    test("is put to the Admission port if the price changes or the quantity grows, and only then", () => {
      const asked: number[] = [];
      const story = new Story(makesEngine, ({ quantity }) => {
        asked.push(quantity);
        return quantity === 13 ? 1_313 : 0;
      });
      story.place("1 buys 20 @ 100");
      expect(story.amend(1, 1, 13, 100)).toEqual([
        "#1 amended to 13 @ 100, 13 left",
        "buy 100: 13 of 1",
      ]);
      expect(story.amend(1, 1, 13, 99)).toEqual(["rejected: refused_by_admission of #1"]);
      expect(asked).toEqual([20, 13]);
    });
  });

  describe("a replacement", () => {
    test("that must do both does neither where one can't be done", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 5 @ 100");
      expect(story.replace(1, "stop", "1 buys 0 @ 101")).toEqual([
        "rejected: quantity_must_be_positive",
      ]);
      expect(story.replace(9, "stop", "1 buys 5 @ 101")).toEqual(["rejected: order_unknown of #9"]);
      expect(story.replace(1, "stop", "1 buys 5 @ 101")).toEqual([
        "#1 cancelled, 5 left",
        "buy 100: 0 of 0",
        "#2 accepted @ 101",
        "buy 101: 5 of 1",
      ]);
    });

    test("is judged as if the old order were gone", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 5 @ 100");
      story.place("2 buys 5 @ 98");
      expect(story.replace(1, "stop", "1 sells 5 @ 99", { postOnly: "reject" })).toEqual([
        "#1 cancelled, 5 left",
        "buy 100: 0 of 0",
        "#3 accepted @ 99",
        "sell 99: 5 of 1",
      ]);
    });

    test("that may fail does what can be done", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 5 @ 100");
      expect(story.replace(9, "allow", "1 buys 5 @ 101")).toEqual([
        "rejected: order_unknown of #9",
        "#2 accepted @ 101",
        "buy 101: 5 of 1",
      ]);
      expect(story.replace(1, "allow", "1 buys 0 @ 101")).toEqual([
        "#1 cancelled, 5 left",
        "buy 100: 0 of 0",
        "rejected: quantity_must_be_positive",
      ]);
    });
  });

  describe("uncrossing", () => {
    test.each([
      [
        "the most lots",
        ["1 buys 5 @ 103", "2 sells 2 @ 100", "2 sells 3 @ 102"],
        "5 @ 102, surplus 0",
      ],
      [
        "then the fewest left over",
        ["1 buys 3 @ 104", "1 buys 4 @ 101", "2 sells 3 @ 100"],
        "3 @ 104, surplus 0",
      ],
      [
        "then the highest if buys are left over",
        ["1 buys 5 @ 104", "2 sells 2 @ 100", "2 sells 1 @ 101"],
        "3 @ 104, surplus 2",
      ],
      [
        "or the lowest if sells are",
        ["1 buys 3 @ 104", "1 buys 1 @ 102", "2 sells 5 @ 100"],
        "4 @ 100, surplus -1",
      ],
      [
        "else the nearest to the last price",
        ["1 buys 3 @ 104", "2 sells 3 @ 101"],
        "3 @ 101, surplus 0",
      ],
      ["the lower of two equally near", ["1 buys 3 @ 102", "2 sells 3 @ 98"], "3 @ 98, surplus 0"],
    ])("is at the price of %s", (_, notes, expected) => {
      const story = new Story(makesEngine);
      story.tradeAt(100);
      story.phase("auction");
      const told = notes.flatMap((note) => story.place(note));
      expect(told.at(-1)).toBe(`indicative ${expected}`);
    });

    test("trades icebergs whole in their place, the lower id as the maker, then tells the levels", () => {
      const story = new Story(makesEngine);
      story.phase("pre_open");
      story.place("1 buys 9 @ 101", { displayQuantity: 2 });
      story.place("2 buys 3 @ 101");
      story.place("2 buys 1 @ 102", { hidden: true });
      story.place("3 sells 4 @ 100");
      story.place("3 sells 1 @ 105");
      expect(story.book).toBe("101×5 | 100×4 105×1");
      // Buys are left over at 100 and at 101, more at 100.
      expect(story.phase("open")).toEqual([
        "#4 takes 1 @ 101 from #3",
        "#3 filled",
        "#4 takes 3 @ 101 from #1",
        "#4 filled",
        "sell 100: 0 of 0",
        "now open",
      ]);
      expect(story.queue("buy")).toEqual([1, 2]);
      expect(story.engine.openOrders(1)[0]).toMatchObject({ remaining: 6, shown: 2 });
      expect(story.engine.lastPrice(1)).toBe(101);
    });

    test("is announced while orders collect, when it would be another", () => {
      const story = new Story(makesEngine);
      expect(story.phase("auction")).toEqual(["now auction"]);
      expect(story.place("1 buys 3 @ 101")).toEqual(["#1 accepted @ 101", "buy 101: 3 of 1"]);
      expect(story.place("1 sells 5 @ 101")).toEqual([
        "#2 accepted @ 101",
        "sell 101: 5 of 1",
        "indicative 3 @ 101, surplus -2",
      ]);
      expect(story.place("1 sells 5 @ 109")).toHaveLength(2);
      expect(story.cancel(1, 1).at(-1)).toBe("indicative 0 @ 0, surplus 0");
      story.place("1 buys 1 @ 101");
      expect(story.phase("halted")).toEqual(["now halted"]);
      expect(story.phase("pre_open")).toEqual(["now pre_open", "indicative 1 @ 101, surplus -4"]);
    });

    test("comes before what the phase does else, and before triggers", () => {
      const story = new Story(makesEngine);
      story.phase("auction");
      story.place("1 buys 1 @ 101 day");
      story.place("1 buys 1 @ 100 day", { trigger: "stop", triggerPrice: 101 });
      story.place("2 sells 1 @ 101");
      story.place("2 sells 1 @ 102 day");
      expect(story.phase("closed")).toEqual([
        "#3 takes 1 @ 101 from #1",
        "#1 filled",
        "#3 filled",
        "buy 101: 0 of 0",
        "sell 101: 0 of 0",
        "#2 expired, 1 left",
        "#4 expired, 1 left",
        "sell 102: 0 of 0",
        "now closed",
      ]);
    });
  });

  describe("time", () => {
    test("ends what is due by due time, switches by account before orders by id", () => {
      const story = new Story(makesEngine);
      const at = (time: number) => ({ expiresAt: time });
      story.place("1 buys 1 @ 100 gtd", at(7));
      story.place("2 buys 1 @ 99 gtd", at(5));
      story.place("3 buys 1 @ 98 gtd", at(7));
      story.place("2 buys 1 @ 97", { trigger: "stop", triggerPrice: 500 });
      for (const account of [3, 2]) story.do({ kind: "cancel_all_after", account, at: 7 });
      expect(story.time(7)).toEqual([
        "#2 expired, 1 left",
        "buy 99: 0 of 0",
        "#4 cancelled, 1 left",
        "1 cancelled",
        "#3 cancelled, 1 left",
        "buy 98: 0 of 0",
        "1 cancelled",
        "#1 expired, 1 left",
        "buy 100: 0 of 0",
        "it is 7",
      ]);
      expect(story.time(6)).toEqual(["rejected: time_went_back"]);
      expect(story.time(8)).toEqual(["it is 8"]);
    });

    test("expires orders of a halted market, where nothing can be cancelled", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 1 @ 100");
      story.place("1 buys 1 @ 99 gtd", { expiresAt: 3 });
      story.phase("halted");
      story.do({ kind: "cancel_all_after", account: 1, at: 3 });
      expect(story.time(3)).toEqual([
        "0 cancelled",
        "#2 expired, 1 left",
        "buy 99: 0 of 0",
        "it is 3",
      ]);
      expect(story.cancel(1, 1)).toEqual(["rejected: phase_forbids of #1"]);
    });
  });

  test.each([
    [
      "pre_open",
      { gtc: true, ioc: false, market: false, postOnly: false, stop: true, amend: true },
    ],
    ["auction", { gtc: true, ioc: false, market: false, postOnly: false, stop: true, amend: true }],
    [
      "post_only",
      { gtc: true, ioc: false, market: false, postOnly: true, stop: false, amend: true },
    ],
    [
      "cancel_only",
      { gtc: false, ioc: false, market: false, postOnly: false, stop: false, amend: false },
    ],
    [
      "closed",
      { gtc: false, ioc: false, market: false, postOnly: false, stop: false, amend: false },
    ],
    [
      "halted",
      { gtc: false, ioc: false, market: false, postOnly: false, stop: false, amend: false },
    ],
  ] as const)("in %s a trader may %o", (phase, may) => {
    const story = new Story(makesEngine);
    story.place("1 buys 5 @ 100");
    story.phase(phase);
    const isAllowed = (told: string[]): boolean => told[0] !== "rejected: phase_forbids";
    const stop = { trigger: "stop", triggerPrice: 500 } as const;
    expect({
      gtc: isAllowed(story.place("1 buys 1 @ 90")),
      ioc: isAllowed(story.place("1 buys 1 @ 90 ioc")),
      market: isAllowed(story.place("1 buys 1")),
      postOnly: isAllowed(story.place("1 buys 1 @ 90", { postOnly: "slide" })),
      stop: isAllowed(story.place("1 buys 1", stop)),
      amend: story.amend(1, 1, 4, 100)[0] !== "rejected: phase_forbids of #1",
    }).toEqual(may);
    const left = may.amend ? 4 : 5;
    expect(story.cancel(1, 1)[0]).toBe(
      phase === "halted" ? "rejected: phase_forbids of #1" : `#1 cancelled, ${left} left`,
    );
  });

  test("in post_only what would take is rejected, and a sliding order slides", () => {
    const story = new Story(makesEngine);
    story.place("1 sells 1 @ 100");
    story.phase("post_only");
    expect(story.place("2 buys 1 @ 100")).toEqual(["rejected: would_take"]);
    expect(story.place("2 buys 1 @ 100", { postOnly: "slide" })[0]).toBe("#2 accepted @ 99");
    expect(story.amend(2, 2, 1, 100)).toEqual(["rejected: would_take of #2"]);
  });

  test("a delisted market ends all orders, and is no more", () => {
    const story = new Story(makesEngine);
    story.place("1 buys 1 @ 100");
    story.place("1 buys 1", { trigger: "stop", triggerPrice: 500 });
    expect(story.phase("delisted")).toEqual([
      "#1 delisted, 1 left",
      "buy 100: 0 of 0",
      "#2 delisted, 1 left",
      "now delisted",
    ]);
    expect(story.phase("open")).toEqual(["rejected: phase_forbids"]);
    expect(story.mark(5)).toEqual(["rejected: phase_forbids"]);
  });

  test("cancelling all goes by id, and counts", () => {
    const story = new Story(makesEngine);
    story.place("1 buys 1 @ 100");
    story.place("2 sells 1 @ 103");
    story.place("1 buys 1 @ 99", { hidden: true });
    story.place("1 sells 1 @ 99", { trigger: "stop", triggerPrice: 1 });
    expect(story.do({ kind: "cancel_all", market: 0, account: 1, side: "both" })).toEqual([
      "#1 cancelled, 1 left",
      "buy 100: 0 of 0",
      "#3 cancelled, 1 left",
      "#4 cancelled, 1 left",
      "3 cancelled",
    ]);
    expect(story.do({ kind: "cancel_all", market: 1, account: 0, side: "buy" })).toEqual([
      "0 cancelled",
    ]);
  });

  describe("protection", () => {
    test("by a collar judges a waiting order when it comes in, not when it is triggered", () => {
      const story = new Story(makesEngine);
      story.change({ collarBasisPoints: 1_000 });
      story.reference(100);
      const stop = { trigger: "stop", triggerOn: "mark", triggerPrice: 105 } as const;
      expect(story.place("1 buys 1 @ 111", stop)).toEqual(["rejected: price_outside_collar"]);
      story.place("1 buys 1 @ 110", stop);
      story.reference(200);
      expect(story.mark(105)).toEqual(["marked 105", "#1 triggered @ 110", "buy 110: 1 of 1"]);
    });

    test("by a band stops an order before makers of its own, too", () => {
      const story = new Story(makesEngine);
      story.change({ bandBasisPoints: 100, onBreach: "halt" });
      story.reference(100);
      story.place("1 sells 2 @ 101");
      story.place("1 sells 2 @ 102");
      expect(story.place("1 buys 5 @ 103", { selfTrade: "expire_maker" })).toEqual([
        "#3 accepted @ 103",
        "#3 meets its own #1: expire_maker 0",
        "#1 self_trade, 2 left",
        "sell 101: 0 of 0",
        "buy 103: 5 of 1",
        "now halted",
      ]);
      expect(story.book).toBe("103×5 | 102×2");
    });

    test("counts waiting orders among the open ones", () => {
      const story = new Story(makesEngine);
      story.change({ maxOpenOrders: 1 });
      story.place("1 buys 1", { trigger: "stop", triggerPrice: 105 });
      expect(story.place("1 buys 1 @ 100")).toEqual(["rejected: too_many_open_orders"]);
      expect(story.place("1 buys 1 @ 100 ioc")[0]).toBe("#2 accepted @ 100");
    });
  });

  describe("a market that allocates pro rata", () => {
    test("shares lots by what each shows, hidden orders last", () => {
      const story = new Story(makesEngine);
      expect(story.allocate("pro_rata", { minimumShare: 2, fifoPercent: 10 })).toEqual([
        "now pro_rata, 2 at least, 10 % by time",
      ]);
      story.place("1 sells 9 @ 100", { displayQuantity: 3 });
      story.place("2 sells 4 @ 100", { hidden: true });
      story.place("3 sells 13 @ 100");
      // 1 by time, then 9 by 2 and 13 of 15: 1, which is too few, and 7; the last 2 by time.
      expect(story.place("9 buys 10 @ 100")).toEqual([
        "#4 accepted @ 100",
        "#4 takes 3 @ 100 from #1",
        "#4 takes 7 @ 100 from #3",
        "sell 100: 9 of 2",
        "#4 filled",
      ]);
      expect(story.queue("sell")).toEqual([3, 1]);
    });

    test("meets its own first", () => {
      const story = new Story(makesEngine);
      story.allocate("pro_rata");
      story.place("1 sells 4 @ 100");
      story.place("9 sells 4 @ 100");
      story.place("3 sells 4 @ 100");
      expect(story.place("9 buys 6 @ 100", { selfTrade: "decrement" })).toEqual([
        "#4 accepted @ 100",
        "#4 meets its own #2: decrement 4",
        "#2 self_trade",
        "#4 takes 1 @ 100 from #1",
        "#4 takes 1 @ 100 from #3",
        "sell 100: 6 of 2",
        "#4 filled",
      ]);
    });
  });

  describe("a pair, one of which cancels the other", () => {
    const stop = { trigger: "stop", triggerPrice: 95 } as const;

    test("leaves the stop when the limit has not traded, and ends it as soon as it has", () => {
      const story = new Story(makesEngine);
      expect(
        story.list("oco", [
          ["1 sells 5 @ 110", { postOnly: "reject" }],
          ["1 sells 5", stop],
        ]),
      ).toEqual([
        "list #1: oco of 2, fixed",
        "#1 accepted @ 110",
        "#2 accepted @ 0",
        "sell 110: 5 of 1",
      ]);
      expect(story.open).toEqual(["#1 in #1", "#2 waits for 95 in #1"]);
      expect(story.place("2 buys 2 @ 110")).toEqual([
        "#3 accepted @ 110",
        "#3 takes 2 @ 110 from #1",
        "#2 list_ended, 5 left",
        "sell 110: 3 of 1",
        "#3 filled",
      ]);
      expect(story.open).toEqual(["#1"]);
      expect(story.cancel(1, 1)).toEqual(["#1 cancelled, 3 left", "sell 110: 0 of 0"]);
    });

    test("ends the limit when the stop is triggered, before it trades", () => {
      const story = new Story(makesEngine);
      story.place("9 buys 5 @ 90");
      story.list("oco", [
        ["1 sells 5", stop],
        ["1 sells 5 @ 110", { postOnly: "reject" }],
      ]);
      expect(story.tradeAt(95)).toEqual([
        "#5 accepted @ 95",
        "#5 takes 1 @ 95 from #4",
        "#4 filled",
        "sell 95: 0 of 0",
        "#5 filled",
        "#2 triggered @ 0",
        "#3 list_ended, 5 left",
        "sell 110: 0 of 0",
        "#2 takes 5 @ 90 from #1",
        "#1 filled",
        "buy 90: 0 of 0",
        "#2 filled",
      ]);
    });

    test("ends both when one is cancelled, and counts the one", () => {
      const story = new Story(makesEngine);
      story.list("oco", [
        ["1 sells 5 @ 110", { postOnly: "reject" }],
        ["1 sells 5", stop],
      ]);
      expect(story.do({ kind: "cancel_all", market: 1, account: 1, side: "both" })).toEqual([
        "#1 cancelled, 5 left",
        "sell 110: 0 of 0",
        "#2 list_ended, 5 left",
        "1 cancelled",
      ]);
    });

    test("trades in an auction, too: each order's end is followed by what its list does, the maker's first", () => {
      const story = new Story(makesEngine);
      story.list("oco", [
        ["1 sells 5 @ 110", { postOnly: "reject" }],
        ["1 sells 5", stop],
      ]);
      story.phase("auction");
      story.place("2 buys 3 @ 110");
      expect(story.phase("open")).toEqual([
        "#3 takes 3 @ 110 from #1",
        "#2 list_ended, 5 left",
        "#3 filled",
        "buy 110: 0 of 0",
        "sell 110: 2 of 1",
        "now open",
      ]);
    });

    test("is never two that are in the book", () => {
      const story = new Story(makesEngine);
      const quote = ["1 sells 5 @ 110", { postOnly: "reject" }] as const;
      expect(story.list("oco", [quote, quote])).toEqual(["rejected: list_pair_must_wait in leg 2"]);
      expect(story.list("oco", [["1 sells 5 @ 110"], ["1 sells 5", stop]])).toEqual([
        "rejected: list_pair_must_wait in leg 1",
      ]);
      expect(story.list("otoco", [["1 buys 5 @ 100"], quote, quote])).toEqual([
        "rejected: list_pair_must_wait in leg 3",
      ]);
      expect(story.open).toEqual([]);
    });
  });

  describe("a pending order", () => {
    test("is activated when the working order is filled, at the end of the command that fills it", () => {
      const story = new Story(makesEngine);
      expect(story.list("oto", [["1 buys 5 @ 100"], ["1 sells 5 @ 105"]])).toEqual([
        "list #1: oto of 2, fixed",
        "#1 accepted @ 100",
        "#2 pending @ 105",
        "buy 100: 5 of 1",
      ]);
      expect(story.open).toEqual(["#1 in #1", "#2 pending in #1"]);
      story.place("2 sells 2 @ 100");
      expect(story.open).toEqual(["#1 in #1", "#2 pending in #1"]);
      expect(story.place("2 sells 9 @ 100")).toEqual([
        "#4 accepted @ 100",
        "#4 takes 3 @ 100 from #1",
        "#1 filled",
        "buy 100: 0 of 0",
        "sell 100: 6 of 1",
        "#2 activated: 5 @ 105",
        "sell 105: 5 of 1",
      ]);
      expect(story.open).toEqual(["#2", "#4"]);
    });

    test("ends with a working order that is not filled, and the working order ends with it", () => {
      const story = new Story(makesEngine);
      expect(story.list("oto", [["1 buys 5"], ["1 sells 5 @ 105"]])).toEqual([
        "list #1: oto of 2, fixed",
        "#1 accepted @ 0",
        "#2 pending @ 105",
        "#1 no_liquidity, 5 left",
        "#2 list_ended, 5 left",
      ]);
      story.list("otoco", [
        ["1 buys 5 @ 100"],
        ["1 sells 5 @ 105", { postOnly: "reject" }],
        ["1 sells 5", { trigger: "stop", triggerPrice: 95 }],
      ]);
      expect(story.amend(1, 4, 3, 105)).toEqual(["rejected: order_is_waiting of #4"]);
      expect(story.cancel(1, 4)).toEqual([
        "#4 cancelled, 5 left",
        "#3 list_ended, 5 left",
        "buy 100: 0 of 0",
        "#5 list_ended, 5 left",
      ]);
    });

    test("becomes one of a pair with the other; both are called up before anything else", () => {
      const story = new Story(makesEngine);
      story.list("otoco", [
        ["1 buys 5 @ 100"],
        ["1 sells 5 @ 105", { postOnly: "reject" }],
        ["1 sells 5", { trigger: "stop", triggerPrice: 100 }],
      ]);
      expect(story.place("2 sells 5 @ 100")).toEqual([
        "#4 accepted @ 100",
        "#4 takes 5 @ 100 from #1",
        "#1 filled",
        "buy 100: 0 of 0",
        "#4 filled",
        "#2 activated: 5 @ 105",
        "sell 105: 5 of 1",
        "#3 activated: 5 @ 0",
        "#3 triggered @ 0",
        "#2 list_ended, 5 left",
        "sell 105: 0 of 0",
        "#3 no_liquidity, 5 left",
      ]);
    });

    test("that would take, or is refused, ends the other of its pair, too", () => {
      const story = new Story(makesEngine, ({ quantity }) => (quantity === 4 ? 1_004 : 0));
      const pair = (note: string) =>
        [
          ["1 buys 5 @ 100"],
          [note, { postOnly: "reject" }],
          ["1 sells 5", { trigger: "stop", triggerPrice: 50 }],
        ] as const;
      story.place("9 buys 1 @ 99");
      story.list("otoco", pair("1 sells 5 @ 99"));
      expect(story.place("2 sells 5 @ 100").slice(-3)).toEqual([
        "#3 activated: 5 @ 99",
        "#3 would_take, 5 left",
        "#4 list_ended, 5 left",
      ]);
      story.list("otoco", pair("1 sells 4 @ 105"));
      expect(story.place("2 sells 5 @ 100").slice(-3)).toEqual([
        "#7 activated: 4 @ 105",
        "#7 refused_when_activated, 4 left",
        "#8 list_ended, 5 left",
      ]);
    });

    test("may be any order where orders collect, but for one at the open", () => {
      const story = new Story(makesEngine);
      story.phase("pre_open");
      const list = (note: string, conditions = {}) =>
        story.list("oto", [["1 buys 5 @ 100 at_open"], [note, conditions]]);
      expect(list("1 sells 5 @ 105 at_open")).toEqual(["rejected: phase_forbids in leg 2"]);
      expect(list("1 sells 5 @ 100", { peg: "market" })[0]).toBe("list #1: oto of 2, fixed");
      expect(list("1 sells 5 fok")[0]).toBe("list #3: oto of 2, fixed");
      expect(story.phase("open")).toEqual([
        "#1 expired, 5 left",
        "buy 100: 5 of 1",
        "#2 list_ended, 5 left",
        "#3 expired, 5 left",
        "buy 100: 0 of 0",
        "#4 list_ended, 5 left",
        "now open",
      ]);
    });

    test("whose time has come ends the working order, whatever that has traded", () => {
      const story = new Story(makesEngine);
      const pending = ["1 sells received @ 105 gtd", { expiresAt: 7 }] as const;
      story.list("oto", [["1 buys 5 @ 100"], pending], "received");
      story.place("2 sells 3 @ 100");
      expect(story.time(7)).toEqual([
        "#2 expired",
        "#1 list_ended, 2 left",
        "buy 100: 0 of 0",
        "it is 7",
      ]);
    });

    test("that is due waits until the market is open", () => {
      const story = new Story(makesEngine);
      story.phase("auction");
      story.list("oto", [["1 buys 5 @ 100"], ["1 sells 5 @ 90 ioc"]]);
      story.place("2 sells 5 @ 100");
      expect(story.phase("closed").slice(-1)).toEqual(["now closed"]);
      expect(story.open).toEqual(["#2 pending in #1"]);
      expect(story.phase("open")).toEqual([
        "now open",
        "#2 activated: 5 @ 90",
        "#2 no_liquidity, 5 left",
      ]);
    });
  });

  describe("a pending order that is sized by what was received", () => {
    test("sells the lots that the working order has bought, even if it was cancelled then", () => {
      const story = new Story(makesEngine);
      expect(
        story.list("oto", [["1 buys 5 @ 100"], ["1 sells received @ 105"]], "received"),
      ).toEqual([
        "list #1: oto of 2, received",
        "#1 accepted @ 100",
        "#2 pending @ 105",
        "buy 100: 5 of 1",
      ]);
      story.place("2 sells 3 @ 100");
      expect(story.engine.openOrders(1)[1]).toMatchObject({ quantity: 0, remaining: 0, shown: 0 });
      expect(story.cancel(1, 1)).toEqual([
        "#1 cancelled, 2 left",
        "buy 100: 0 of 0",
        "#2 activated: 3 @ 105",
        "sell 105: 3 of 1",
      ]);
    });

    test("ends with a working order that has not traded", () => {
      const story = new Story(makesEngine);
      story.list("oto", [["1 buys 5 @ 100"], ["1 sells received"]], "received");
      expect(story.cancel(1, 1)).toEqual([
        "#1 cancelled, 5 left",
        "buy 100: 0 of 0",
        "#2 list_ended",
      ]);
    });

    test("buys for what the working order has raised: at its price whole increments, or by quote quantity", () => {
      const story = new Story(makesEngine);
      story.place("9 buys 3 @ 100");
      story.place("9 buys 2 @ 99");
      story.change({ quantityIncrement: 5 });
      // 3 × 100 and 2 × 99: 498, which pays for 22 at 22, so for 20.
      expect(
        story.list("oto", [["1 sells 5 @ 99"], ["1 buys received @ 22"]], "received").slice(-2),
      ).toEqual(["#4 activated: 20 @ 22", "buy 22: 20 of 1"]);
      story.change({});
      story.place("9 buys 5 @ 99");
      story.place("9 sells 9 @ 200");
      expect(story.list("oto", [["1 sells 5"], ["1 buys received"]], "received").slice(-4)).toEqual(
        [
          "#8 activated: for 495 @ 0",
          "#8 takes 2 @ 200 from #6",
          "sell 200: 7 of 1",
          "#8 budget_spent",
        ],
      );
    });

    test("is judged as what it will be: a market order that buys is by quote quantity", () => {
      const story = new Story(makesEngine);
      const list = (side: string, other: string) =>
        story.list(
          "oto",
          [[`1 ${side} 5 @ 100`], [`1 ${other} received`, { selfTrade: "decrement" }]],
          "received",
        )[0];
      expect(list("sells", "buys")).toBe("rejected: self_trade_unknown in leg 2");
      expect(list("buys", "sells")).toBe("list #1: oto of 2, received");
    });

    test("ends when that is below the market's minimum", () => {
      const story = new Story(makesEngine);
      story.place("9 sells 2 @ 100");
      story.change({ minQuantity: 3 });
      expect(
        story
          .list("oto", [["1 buys 5 @ 100 ioc"], ["1 sells received @ 105"]], "received")
          .slice(-2),
      ).toEqual(["#2 no_liquidity, 3 left", "#3 below_minimum"]);
    });

    test.each([
      ["a quantity", ["1 buys 5 @ 100"], ["1 sells 5 @ 105"]],
      ["the working order's side", ["1 buys 5 @ 100"], ["1 buys received @ 105"]],
      [
        "no price until it comes in, after a sell",
        ["1 sells 5 @ 100"],
        ["1 buys received to limit"],
      ],
    ] as const)("cannot have %s", (_, working, pending) => {
      const story = new Story(makesEngine);
      expect(story.list("oto", [working, pending], "received")).toEqual([
        "rejected: list_sizing_out_of_place in leg 2",
      ]);
    });
  });

  describe("a list is placed in full, or not at all", () => {
    test("and its rejection says which order it is about", () => {
      const story = new Story(makesEngine);
      expect(story.list("otoco", [["1 buys 5 @ 100"], ["1 sells 5 @ 105"]])).toEqual([
        "rejected: list_legs_wrong_in_number",
      ]);
      expect(story.list("oto", [["1 buys 5 @ 100"], ["1 sells 0 @ 105"]])).toEqual([
        "rejected: quantity_must_be_positive in leg 2",
      ]);
      expect(story.place("1 buys 1 @ 100")).toEqual(["#1 accepted @ 100", "buy 100: 1 of 1"]);
    });

    test("but one of a pair that ends as it comes in ends the other", () => {
      const story = new Story(makesEngine);
      expect(
        story.list("oco", [
          ["1 sells 5 @ 110", { postOnly: "reject", minQuantity: 5 }],
          ["1 sells 5", { trigger: "stop", triggerPrice: 95 }],
        ]),
      ).toEqual([
        "list #1: oco of 2, fixed",
        "#1 accepted @ 110",
        "#2 accepted @ 0",
        "#1 minimum_unfilled, 5 left",
        "#2 list_ended, 5 left",
      ]);
      expect(story.open).toEqual([]);
    });

    test("where orders are counted, and client order ids compared, each is there for those after it", () => {
      const story = new Story(makesEngine);
      story.change({ maxOpenOrders: 1 });
      expect(story.list("oto", [["1 buys 5 @ 100"], ["1 sells 5 @ 105 ioc"]])).toEqual([
        "rejected: too_many_open_orders in leg 2",
      ]);
      // A working order that may not rest is gone by then.
      expect(story.list("oto", [["1 buys 5 @ 100 ioc"], ["1 sells 5 @ 105 ioc"]])[0]).toBe(
        "list #1: oto of 2, fixed",
      );
      story.change({});
      const named = { clientOrderId: 7 };
      expect(
        story.list("oto", [
          ["1 buys 5 @ 100", named],
          ["1 sells 5 @ 105", named],
        ]),
      ).toEqual(["rejected: client_order_id_taken in leg 2"]);
    });

    test("whatever the Admission port says, which hears of those that it has admitted in vain", () => {
      const withdrawn: number[] = [];
      const story = new Story(
        makesEngine,
        ({ quantity }) => (quantity === 4 ? 1_004 : 0),
        (orderId) => withdrawn.push(orderId),
      );
      const stop = { trigger: "stop", triggerPrice: 95 } as const;
      const quote = { postOnly: "reject" } as const;
      expect(
        story.list("oco", [
          ["1 sells 5", stop],
          ["1 sells 4 @ 110", quote],
        ]),
      ).toEqual(["rejected: refused_by_admission in leg 2"]);
      expect(withdrawn).toEqual([1]);
      // A pending order is not asked for before it is called up.
      expect(story.list("oto", [["1 sells 5 @ 110"], ["1 sells 4 @ 110"]])).toHaveLength(4);
    });
  });

  describe("an all-or-none order", () => {
    const allOrNone = { allOrNone: true } as const;

    test("waits, unseen, until all of it can trade at once", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 3 @ 100");
      expect(story.place("2 buys 5 @ 101", allOrNone)).toEqual(["#2 accepted @ 101"]);
      expect(story.book).toBe("| 100×3");
      expect(story.open).toEqual(["#1", "#2 waits for 0"]);
      expect(story.place("1 sells 1 @ 102")).toHaveLength(2);
      expect(story.place("1 sells 4 @ 101")).toEqual([
        "#4 accepted @ 101",
        "sell 101: 4 of 1",
        "#2 takes 3 @ 100 from #1",
        "#1 filled",
        "sell 100: 0 of 0",
        "#2 takes 2 @ 101 from #4",
        "sell 101: 2 of 1",
        "#2 filled",
      ]);
    });

    test("goes by id, not by price, and can be cancelled only", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 2 @ 100", allOrNone);
      story.place("2 buys 2 @ 101", allOrNone);
      expect(story.amend(1, 1, 1, 100)).toEqual(["rejected: order_is_waiting of #1"]);
      expect(story.place("3 sells 3 @ 100").slice(-3)).toEqual([
        "#1 takes 2 @ 100 from #3",
        "sell 100: 1 of 1",
        "#1 filled",
      ]);
      expect(story.cancel(2, 2)).toEqual(["#2 cancelled, 2 left"]);
    });

    test("has no part in an uncrossing, and no lots of makers that end its count", () => {
      const story = new Story(makesEngine);
      story.phase("auction");
      story.place("1 buys 2 @ 100", { ...allOrNone, selfTrade: "expire_taker" });
      expect(story.place("1 sells 2 @ 100")).toEqual(["#2 accepted @ 100", "sell 100: 2 of 1"]);
      expect(story.phase("open")).toEqual(["now open"]);
      expect(story.place("2 sells 2 @ 99").slice(-4)).toEqual([
        "#1 takes 2 @ 99 from #3",
        "#3 filled",
        "sell 99: 0 of 0",
        "#1 filled",
      ]);
    });

    test("is rejected in post_only where the price of the other side suits it, even if not all could trade", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 3 @ 100");
      story.phase("post_only");
      expect(story.place("2 buys 5 @ 100", allOrNone)).toEqual(["rejected: would_take"]);
      expect(story.place("2 buys 5 @ 99", allOrNone)).toEqual(["#2 accepted @ 99"]);
    });

    test("with a trigger waits for that first, then for lots", () => {
      const story = new Story(makesEngine);
      story.place("2 buys 5 @ 101", { ...allOrNone, trigger: "stop", triggerPrice: 100 });
      expect(story.tradeAt(100).slice(-1)).toEqual(["#1 triggered @ 101"]);
      expect(story.open).toEqual(["#1 waits for 0"]);
      expect(story.place("1 sells 5 @ 101").slice(-1)).toEqual(["#1 filled"]);
    });
  });

  describe("a pegged order", () => {
    test.each([
      ["primary", 0, "buy", 98],
      ["primary", 2, "buy", 96],
      ["primary", 2, "sell", 105],
      ["market", 0, "buy", 102],
      ["market", 3, "sell", 101],
      ["mid", 0, "buy", 100],
      ["mid", 0, "sell", 101],
      ["mid", 2, "sell", 103],
    ] as const)(
      "to %s, %d ticks away: a %s stands at %d between 98 and 103",
      (peg, pegOffset, side, price) => {
        const story = new Story(makesEngine);
        story.place("1 buys 1 @ 98");
        story.place("1 sells 1 @ 103");
        const limit = side === "buy" ? 1_000 : 1;
        expect(story.place(`2 ${side}s 1 @ ${limit}`, { peg, pegOffset })).toEqual([
          `#3 accepted @ ${limit}`,
          `#3 repegged @ ${price}`,
        ]);
        expect(story.book).toBe("98×1 | 103×1");
      },
    );

    test("follows the best shown price as far as its limit, and stands nowhere without one", () => {
      const story = new Story(makesEngine);
      expect(story.place("2 buys 1 @ 100", { peg: "primary" })).toEqual(["#1 accepted @ 100"]);
      expect(story.engine.openOrders(1)).toMatchObject([{ state: "waiting", price: 100 }]);
      expect(story.place("1 buys 1 @ 98")).toEqual([
        "#2 accepted @ 98",
        "buy 98: 1 of 1",
        "#1 repegged @ 98",
      ]);
      expect(story.place("1 buys 1 @ 101").slice(2)).toEqual(["#1 repegged @ 100"]);
      expect(story.place("1 buys 1 @ 102")).toHaveLength(2);
      expect(story.amend(2, 1, 1, 99)).toEqual(["rejected: order_is_pegged of #1"]);
      story.cancel(1, 4);
      expect(story.cancel(1, 3)).toEqual([
        "#3 cancelled, 1 left",
        "buy 101: 0 of 0",
        "#1 repegged @ 98",
      ]);
      expect(story.engine.openOrders(1)[0]).toMatchObject({
        state: "resting",
        price: 98,
        shown: 0,
      });
      expect(story.cancel(1, 2).slice(2)).toEqual(["#1 repegged to nowhere"]);
      expect(story.engine.openOrders(1)).toMatchObject([{ state: "waiting", price: 100 }]);
    });

    test("takes where it comes to others that nobody sees, and is last there", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 1 @ 98");
      story.place("1 sells 1 @ 102");
      story.place("2 buys 3 @ 999", { peg: "mid" });
      expect(story.place("3 sells 5 @ 1", { peg: "mid" })).toEqual([
        "#4 accepted @ 1",
        "#4 repegged @ 100",
        "#4 takes 3 @ 100 from #3",
        "#3 filled",
      ]);
      story.place("5 sells 2 @ 101", { hidden: true });
      story.place("1 sells 1 @ 104");
      // From 100 to 101, behind who is there.
      expect(story.cancel(1, 2).slice(2)).toEqual(["#4 repegged @ 101"]);
      expect(story.place("6 buys 4 @ 101").slice(1)).toEqual([
        "#7 takes 2 @ 101 from #5",
        "#5 filled",
        "#7 takes 2 @ 101 from #4",
        "#4 filled",
        "#7 filled",
      ]);
    });

    test("ends where the Admission port refuses its new price, and is asked for no place", () => {
      let refusal = 0;
      const story = new Story(makesEngine, ({ quantity }) => (quantity === 0 ? refusal : 0));
      story.place("2 buys 4 @ 100", { peg: "primary" });
      story.place("1 buys 1 @ 98");
      refusal = 1_000;
      expect(story.cancel(1, 2).slice(2)).toEqual(["#1 repegged to nowhere"]);
      expect(story.place("1 buys 1 @ 97").slice(2)).toEqual([
        "#1 repegged @ 97",
        "#1 refused_when_repegged, 4 left",
      ]);
    });

    test("stays where it is while the market is not open, and comes into an open one only", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 1 @ 98");
      story.place("2 buys 4 @ 100", { peg: "primary" });
      story.phase("auction");
      expect(story.place("1 buys 1 @ 99")).toHaveLength(2);
      expect(story.place("2 buys 4 @ 100", { peg: "primary" })).toEqual([
        "rejected: phase_forbids",
      ]);
      // All of the pegged order takes part, at 98.
      expect(story.place("3 sells 6 @ 98").slice(-1)).toEqual(["indicative 6 @ 98, surplus 0"]);
      story.reduce(3, 4, 5);
      expect(story.phase("open")).toEqual([
        "#4 takes 1 @ 99 from #3",
        "#3 filled",
        "#4 filled",
        "buy 99: 0 of 0",
        "sell 98: 0 of 0",
        "now open",
      ]);
    });

    test("is looked at again when the increments change, and follows on when one that waited for its list ends", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 1 @ 98");
      story.place("2 buys 1 @ 500", { peg: "primary", pegOffset: 1 });
      expect(story.increments({ from: 1, increment: 2 })).toEqual([
        "increments 2 from 1",
        "#2 repegged @ 96",
      ]);
      story.list("oto", [["1 buys 1 @ 90"], ["1 sells 1 @ 2", { peg: "primary" }]]);
      expect(story.cancel(1, 3).slice(2)).toEqual(["#4 list_ended, 1 left"]);
      expect(story.place("1 buys 1 @ 100").slice(2)).toEqual(["#2 repegged @ 98"]);
    });

    test("of a buy below 1 tick stands nowhere", () => {
      const story = new Story(makesEngine);
      story.place("1 buys 1 @ 3");
      expect(story.place("2 buys 1 @ 9", { peg: "primary", pegOffset: 3 })).toHaveLength(1);
      expect(story.place("1 buys 1 @ 4").slice(2)).toEqual(["#2 repegged @ 1"]);
    });
  });

  describe("an order for one auction", () => {
    test("at the open rests in pre_open only, and what is left ends as that does", () => {
      const story = new Story(makesEngine);
      expect(story.place("1 buys 5 @ 100 at_open")).toEqual(["rejected: phase_forbids"]);
      story.phase("pre_open");
      expect(story.place("1 buys 5 @ 100 at_open")).toEqual([
        "#1 accepted @ 100",
        "buy 100: 5 of 1",
      ]);
      story.place("2 sells 2 @ 100");
      expect(story.phase("open")).toEqual([
        "#2 takes 2 @ 100 from #1",
        "#2 filled",
        "buy 100: 3 of 1",
        "sell 100: 0 of 0",
        "#1 expired, 3 left",
        "buy 100: 0 of 0",
        "now open",
      ]);
    });

    test("at the close waits, unseen, for the closing auction", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 2 @ 99");
      expect(story.place("2 buys 5 @ 100 at_close")).toEqual(["#2 accepted @ 100"]);
      expect(story.open).toEqual(["#1", "#2 waits for 0"]);
      expect(story.phase("closing_auction")).toEqual([
        "#2 activated: 5 @ 100",
        "buy 100: 5 of 1",
        "now closing_auction",
        "indicative 2 @ 100, surplus 3",
      ]);
      expect(story.phase("closed")).toEqual([
        "#2 takes 2 @ 100 from #1",
        "#1 filled",
        "buy 100: 3 of 1",
        "sell 99: 0 of 0",
        "#2 expired, 3 left",
        "buy 100: 0 of 0",
        "now closed",
      ]);
    });

    test("at the close ends as the market closes without one, and where the Admission port then refuses it", () => {
      const story = new Story(makesEngine, ({ quantity }) => (quantity === 4 ? refusal : 0));
      let refusal = 0;
      story.place("1 buys 5 @ 100 at_close");
      expect(story.phase("closed")).toEqual(["#1 expired, 5 left", "now closed"]);
      story.phase("post_only");
      story.place("1 sells 1 @ 100");
      // It would not trade now, but wait.
      expect(story.place("2 buys 4 @ 100 at_close")).toEqual(["#3 accepted @ 100"]);
      refusal = 1_000;
      expect(story.phase("closing_auction")).toEqual([
        "#3 activated: 4 @ 100",
        "#3 refused_when_activated, 4 left",
        "now closing_auction",
      ]);
      refusal = 0;
      expect(story.place("2 buys 4 @ 100 at_close").slice(0, 2)).toEqual([
        "#4 accepted @ 100",
        "buy 100: 4 of 1",
      ]);
    });

    test.each([
      ["at_open", { trigger: "stop", triggerPrice: 9 }, "auction_order_must_be_plain"],
      ["at_close", { peg: "mid" }, "auction_order_must_be_plain"],
      ["at_close", { minQuantity: 1 }, "auction_order_must_be_plain"],
      ["at_close", { postOnly: "reject" }, "post_only_must_rest"],
    ] as const)("%s is plain: %o is %s", (timeInForce, conditions, code) => {
      const story = new Story(makesEngine);
      story.phase("pre_open");
      expect(story.place(`1 buys 5 @ 100 ${timeInForce}`, conditions)).toEqual([
        `rejected: ${code}`,
      ]);
    });
  });

  test("an order is cancelled by its owner's name for it, which no other open one of the owner has", () => {
    const story = new Story(makesEngine);
    story.place("1 buys 1 @ 100", { clientOrderId: 7 });
    expect(story.place("1 buys 1 @ 99", { clientOrderId: 7 })).toEqual([
      "rejected: client_order_id_taken",
    ]);
    expect(story.place("2 buys 1 @ 99", { clientOrderId: 7 })[0]).toBe("#2 accepted @ 99");
    expect(story.replace(1, "stop", "1 buys 1 @ 98", { clientOrderId: 7 })[2]).toBe(
      "#3 accepted @ 98",
    );
    expect(story.cancelByClientId(1, 8)).toEqual(["rejected: order_unknown"]);
    expect(story.cancelByClientId(1, 7)).toEqual(["#3 cancelled, 1 left", "buy 98: 0 of 0"]);
    expect(story.cancelByClientId(1, 7)).toEqual(["rejected: order_unknown"]);
    story.phase("halted");
    expect(story.cancelByClientId(2, 7)).toEqual(["rejected: phase_forbids"]);
  });

  describe("increments by band", () => {
    test("judge each price by the band that it is in", () => {
      const story = new Story(makesEngine);
      expect(story.increments({ from: 100, increment: 5 }, { from: 200, increment: 50 })).toEqual([
        "increments 5 from 100, 50 from 200",
      ]);
      const isOn = (price: number): boolean =>
        story.place(`1 buys 1 @ ${price}`)[0] !== "rejected: price_off_increment";
      expect([99, 100, 103, 105, 200, 205, 250].map(isOn)).toEqual([
        true,
        true,
        false,
        true,
        true,
        false,
        true,
      ]);
      story.change({});
      expect(isOn(103)).toBe(false);
      expect(story.increments()).toEqual(["increments as before"]);
      expect(isOn(103)).toBe(true);
    });

    test("slide an order by that of the best price, and round a peg by that of its own", () => {
      const story = new Story(makesEngine);
      story.increments({ from: 100, increment: 10 });
      story.place("1 sells 1 @ 100");
      expect(story.place("2 buys 1 @ 120", { postOnly: "slide" })[0]).toBe("#2 accepted @ 90");
      story.cancel(1, 1);
      story.place("1 sells 1 @ 130");
      // Of market at least one increment of 130's band away; the middle, 110, less 11, is 99, in the band below.
      expect(story.place("3 buys 1 @ 990", { peg: "market", pegOffset: 1 })[1]).toBe(
        "#4 repegged @ 120",
      );
      expect(story.place("3 buys 1 @ 990", { peg: "mid", pegOffset: 11 })[1]).toBe(
        "#5 repegged @ 99",
      );
      expect(story.place("3 sells 1 @ 10", { peg: "mid", pegOffset: 1 })[1]).toBe(
        "#6 repegged @ 120",
      );
    });

    test.each([
      [
        "fall",
        [
          { from: 100, increment: 5 },
          { from: 100, increment: 1 },
        ],
      ],
      ["begin at 0", [{ from: 0, increment: 5 }]],
      ["ask for multiples of more than the maximum", [{ from: 100, increment: 1_001 }]],
    ])("may not %s", (_, bands) => {
      expect(new Story(makesEngine).increments(...bands)).toEqual([
        "rejected: price_bands_out_of_range",
      ]);
    });
  });

  describe("the first steps of an allocation", () => {
    test("give the front so many lots, then the lead market maker its part, then share the rest", () => {
      const story = new Story(makesEngine);
      expect(
        story.allocate("pro_rata", { topOrderMaximum: 4, leadAccount: 3, leadPercent: 50 }),
      ).toEqual(["now pro_rata, 0 at least, 0 % by time, first 4 to the front, 50 % to 3"]);
      story.place("1 sells 10 @ 100");
      story.place("2 sells 10 @ 100");
      story.place("3 sells 4 @ 100");
      story.place("3 sells 10 @ 100");
      // 4 to the front; of 16 half to the lead, by time 4 and 4; of 8 left by what is left, 6, 10, 0 and 6: 2, 3, 0 and 2; 1 by time.
      expect(story.place("9 buys 20 @ 100")).toEqual([
        "#5 accepted @ 100",
        "#5 takes 7 @ 100 from #1",
        "#5 takes 3 @ 100 from #2",
        "#5 takes 4 @ 100 from #3",
        "#3 filled",
        "#5 takes 6 @ 100 from #4",
        "sell 100: 14 of 3",
        "#5 filled",
      ]);
    });

    test("give the lead at most what it has left, even at the front", () => {
      const story = new Story(makesEngine);
      story.allocate("pro_rata", { topOrderMaximum: 4, leadAccount: 3, leadPercent: 100 });
      story.place("3 sells 6 @ 100");
      story.place("2 sells 10 @ 100");
      expect(story.place("9 buys 10 @ 100").slice(1, 4)).toEqual([
        "#3 takes 6 @ 100 from #1",
        "#1 filled",
        "#3 takes 4 @ 100 from #2",
      ]);
    });

    test.each([
      ["price_time", { topOrderMaximum: 1 }, "top_order_maximum_out_of_range"],
      ["price_time", { leadAccount: 1 }, "lead_account_out_of_range"],
      ["pro_rata", { topOrderMaximum: 1_001 }, "top_order_maximum_out_of_range"],
      ["pro_rata", { leadAccount: -1 }, "lead_account_out_of_range"],
      ["pro_rata", { leadPercent: 1 }, "lead_percent_out_of_range"],
      ["pro_rata", { leadAccount: 1, leadPercent: 101 }, "lead_percent_out_of_range"],
    ] as const)("of %s may not be %o", (allocation, steps, code) => {
      expect(new Story(makesEngine).allocate(allocation, steps)).toEqual([`rejected: ${code}`]);
    });
  });

  test("what follows a command comes in steps: pending orders, pegs, all-or-none, then triggers", () => {
    const story = new Story(makesEngine);
    story.place("1 buys 9 @ 90");
    story.place("2 buys 1 @ 95", { trigger: "stop", triggerPrice: 100 });
    story.place("3 sells 2 @ 105", { allOrNone: true });
    story.place("4 buys 1 @ 999", { peg: "primary" });
    story.list("oto", [["5 buys 1 @ 100"], ["5 buys 2 @ 105"]]);
    expect(story.place("6 sells 1 @ 100")).toEqual([
      "#7 accepted @ 100",
      "#7 takes 1 @ 100 from #5",
      "#5 filled",
      "buy 100: 0 of 0",
      "#7 filled",
      "#6 activated: 2 @ 105",
      "buy 105: 2 of 1",
      "#4 repegged @ 105",
      "#3 takes 2 @ 105 from #6",
      "#6 filled",
      "buy 105: 0 of 0",
      "#3 filled",
      "#4 repegged @ 90",
      "#2 triggered @ 95",
      "buy 95: 1 of 1",
      "#4 repegged @ 95",
    ]);
  });

  test("what follows in all markets that cancelling touches comes before it is told how many were", () => {
    const story = new Story(makesEngine);
    story.place("1 buys 1 @ 98");
    story.place("2 buys 1 @ 98", { peg: "primary" });
    expect(story.do({ kind: "cancel_all", market: 0, account: 1, side: "both" })).toEqual([
      "#1 cancelled, 1 left",
      "buy 98: 0 of 0",
      "#2 repegged to nowhere",
      "1 cancelled",
    ]);
  });
});

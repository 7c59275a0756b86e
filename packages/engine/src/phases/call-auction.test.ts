import { describe, expect, test } from "vitest";
import type { EngineCommand } from "../commands/command.ts";
import { Engine } from "../engine.ts";
import { EventLog } from "../testing/event-log.ts";
import { Story } from "../testing/story.ts";
import { BOTH_ENGINES } from "../testing/told-engine.ts";

const indications = (told: readonly string[]): string[] =>
  told.filter((event) => event.startsWith("indicative"));

describe.each(BOTH_ENGINES)("%s", (_, makesEngine) => {
  describe("what uncrossing would do is told anew", () => {
    test("when only the price is another", () => {
      const story = new Story(makesEngine);
      story.tradeAt(100);
      story.phase("auction");
      story.place("1 buys 3 @ 104");
      expect(indications(story.place("2 sells 3 @ 102"))).toEqual([
        "indicative 3 @ 102, surplus 0",
      ]);
      expect(indications(story.amend(2, 4, 3, 101))).toEqual(["indicative 3 @ 101, surplus 0"]);
    });

    test("when only the lots are others", () => {
      const story = new Story(makesEngine);
      story.phase("auction");
      story.place("1 buys 5 @ 100");
      story.place("2 sells 3 @ 100");
      story.place("1 buys 1 @ 99");
      expect(indications(story.replace(1, "stop", "1 buys 4 @ 100"))).toEqual([
        "indicative 3 @ 100, surplus 1",
      ]);
      expect(indications(story.replace(2, "stop", "2 sells 2 @ 100"))).toEqual([
        "indicative 2 @ 100, surplus 2",
      ]);
    });

    test("when as many lots fewer are bought as sold", () => {
      const story = new Story(makesEngine);
      story.phase("auction");
      for (const account of [1, 2]) {
        story.place(`${account} buys 3 @ 100`);
        story.place(`${account} sells 3 @ 100`);
      }
      expect(
        indications(story.do({ kind: "cancel_all", market: 1, account: 1, side: "both" })),
      ).toEqual(["indicative 3 @ 100, surplus 0"]);
    });

    test("when only the surplus is", () => {
      const story = new Story(makesEngine);
      story.phase("auction");
      story.place("2 sells 3 @ 100");
      story.place("1 buys 3 @ 100");
      expect(indications(story.place("1 buys 2 @ 100"))).toEqual(["indicative 3 @ 100, surplus 2"]);
    });

    test("after a halt, from nothing", () => {
      const story = new Story(makesEngine);
      story.phase("auction");
      story.place("2 sells 3 @ 100");
      story.place("1 buys 3 @ 100");
      story.phase("halted");
      expect(indications(story.phase("auction"))).toEqual(["indicative 3 @ 100, surplus 0"]);
      expect(indications(story.phase("closing_auction"))).toEqual([]);
    });
  });

  describe("uncrossing", () => {
    test("where nothing crosses leaves the last price as it was", () => {
      const story = new Story(makesEngine);
      story.tradeAt(100);
      story.phase("auction");
      story.place("1 buys 3 @ 104");
      story.place("2 sells 3 @ 105");
      expect(story.phase("open")).toEqual(["now open"]);
      expect(story.engine.lastPrice(1)).toBe(100);
    });

    test("has the lower id as the maker on either side, trade after trade", () => {
      const story = new Story(makesEngine);
      story.phase("auction");
      story.place("2 sells 2 @ 100");
      story.place("1 buys 3 @ 100");
      story.place("2 sells 4 @ 100");
      story.place("1 buys 2 @ 100");
      expect(story.phase("open")).toEqual([
        "#2 takes 2 @ 100 from #1",
        "#1 filled",
        "#3 takes 1 @ 100 from #2",
        "#2 filled",
        "#4 takes 2 @ 100 from #3",
        "#4 filled",
        "buy 100: 0 of 0",
        "sell 100: 1 of 1",
        "now open",
      ]);
    });

    test("tells a level that has the lots it had, of fewer orders", () => {
      const story = new Story(makesEngine);
      story.allocate("pro_rata");
      story.place("1 sells 4 @ 100");
      story.place("2 sells 10 @ 100", { displayQuantity: 4 });
      // Half of each: the iceberg shows 2 of the 8 that it has left, behind 2 of the other.
      story.place("3 buys 4 @ 100");
      expect(story.book).toBe("| 100×4");
      story.phase("auction");
      story.place("3 buys 4 @ 100");
      expect(story.phase("open")).toEqual([
        "#4 takes 2 @ 100 from #1",
        "#1 filled",
        "#4 takes 2 @ 100 from #2",
        "#4 filled",
        "buy 100: 0 of 0",
        "sell 100: 4 of 1",
        "now open",
      ]);
    });

    test("tells no level of which no one has noticed anything", () => {
      const story = new Story(makesEngine);
      story.phase("auction");
      story.place("1 sells 9 @ 100", { displayQuantity: 3 });
      story.place("2 buys 3 @ 100", { hidden: true });
      expect(story.phase("open")).toEqual(["#2 takes 3 @ 100 from #1", "#2 filled", "now open"]);
      expect(story.book).toBe("| 100×3");
      expect(story.place("3 buys 9 @ 100").slice(1, 3)).toEqual([
        "#3 takes 3 @ 100 from #1",
        "#3 takes 3 @ 100 from #1",
      ]);
    });

    test("tells buys from the best down, then sells from the best up", () => {
      const story = new Story(makesEngine);
      story.phase("auction");
      for (const price of [101, 102]) story.place(`1 buys 1 @ ${price}`);
      for (const price of [100, 99]) story.place(`2 sells 1 @ ${price}`);
      expect(story.phase("open").filter((event) => event.includes(":"))).toEqual([
        "buy 102: 0 of 0",
        "buy 101: 0 of 0",
        "sell 99: 0 of 0",
        "sell 100: 0 of 0",
      ]);
    });
  });
});

describe("an engine restored from a snapshot", () => {
  const order = {
    market: 1,
    type: "limit",
    timeInForce: "gtc",
    price: 100,
    quoteQuantity: 0,
  } as const;
  const crossed: readonly EngineCommand[] = [
    { kind: "set_phase", market: 1, phase: "auction" },
    { kind: "place", ...order, account: 1, side: "buy", quantity: 3 },
    { kind: "place", ...order, account: 2, side: "sell", quantity: 3 },
  ];

  /** What is told of a command after others, and a snapshot. */
  const toldAfter = (commands: readonly EngineCommand[], command: EngineCommand): string[] => {
    const log = new EventLog();
    const engine = new Engine({ handler: log });
    engine.addMarket(1, 1_000, 1_000, 1, 1, 0, 0);
    for (const each of commands) engine.perform(each);
    const restored = Engine.restore(engine.snapshot(), { handler: log });
    log.take();
    restored.perform(command);
    return log.take().map(({ kind }) => kind);
  };

  test("knows what has been told of a market that collects", () => {
    const aside: EngineCommand = {
      kind: "place",
      ...order,
      account: 1,
      side: "buy",
      quantity: 1,
      price: 99,
    };
    expect(toldAfter(crossed, aside)).toEqual(["accepted", "level_changed"]);
  });

  test("knows that nothing has been told of one that is halted", () => {
    const halted: EngineCommand[] = [...crossed, { kind: "set_phase", market: 1, phase: "halted" }];
    const again: EngineCommand = { kind: "set_phase", market: 1, phase: "auction" };
    expect(toldAfter(halted, again)).toEqual(["phase_changed", "indicative"]);
  });
});

import { describe, expect, test } from "vitest";
import { Story } from "./testing/story.ts";
import { BOTH_ENGINES } from "./testing/told-engine.ts";

// What an order counts and takes, where the guide's own stories do not look: told to both engines.
describe.each(BOTH_ENGINES)("%s", (_, makesEngine) => {
  describe("a fill-or-kill order by quote quantity", () => {
    test("counts what is left of its budget from level to level", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 2 @ 10");
      story.place("1 sells 2 @ 11");
      expect(story.place("2 buys for 42 fok")).toEqual([
        "#3 accepted @ 0",
        "#3 takes 2 @ 10 from #1",
        "#1 filled",
        "sell 10: 0 of 0",
        "#3 takes 2 @ 11 from #2",
        "#2 filled",
        "sell 11: 0 of 0",
        "#3 budget_spent",
      ]);
    });

    test("ends where the book holds too little for it", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 2 @ 10");
      story.place("1 sells 2 @ 11");
      expect(story.place("2 buys for 53 fok").at(-1)).toMatch(/^#3 fill_or_kill_unfilled/);
      expect(story.book).toBe("| 10×2 11×2");
    });

    test.each([
      [45, "#3 budget_spent"],
      [55, "#3 fill_or_kill_unfilled"],
    ])("that may not meet its own: for %d it has 4 at 10 before that", (budget, end) => {
      const story = new Story(makesEngine);
      story.place("2 sells 4 @ 10");
      story.place("1 sells 4 @ 10");
      const told = story.place(`1 buys for ${budget} fok`, { selfTrade: "expire_taker" });
      expect(told.at(-1)).toMatch(new RegExp(`^${end}`));
    });

    describe("that would remove its own has spent a budget that pays for no more at the price", () => {
      const own = { selfTrade: "expire_maker" } as const;

      // It used to end unfilled: its own was passed over, and nothing of the level seemed to be left.
      test("where one of its own is left standing", () => {
        const story = new Story(makesEngine);
        story.place("2 sells 4 @ 10");
        story.place("1 sells 4 @ 10");
        expect(story.place("1 buys for 45 fok", own)).toEqual([
          "#3 accepted @ 0",
          "#3 takes 4 @ 10 from #1",
          "#1 filled",
          "sell 10: 4 of 1",
          "#3 budget_spent",
        ]);
      });

      test.each<[string, (story: Story) => void]>([
        [
          "stands before the others",
          (story) => {
            story.place("1 sells 4 @ 10");
            story.place("2 sells 4 @ 10");
          },
        ],
        [
          "stands before the lots that an iceberg shows last",
          (story) => {
            story.place("2 sells 4 @ 10", { displayQuantity: 2 });
            story.place("1 sells 4 @ 10");
          },
        ],
        [
          "is met before lots are shared",
          (story) => {
            story.allocate("pro_rata");
            story.place("2 sells 4 @ 10");
            story.place("1 sells 4 @ 10");
          },
        ],
      ])("but not where it %s", (__, prepare) => {
        const story = new Story(makesEngine);
        prepare(story);
        expect(story.place("1 buys for 45 fok", own).at(-1)).toMatch(/^#3 fill_or_kill_unfilled/);
        expect(story.place("1 buys for 40 fok", own).at(-1)).toBe("#4 budget_spent");
      });
    });

    test("needs no more of a level than whole increments, though lots off them are left there", () => {
      const story = new Story(makesEngine);
      story.place("1 sells 13 @ 10");
      story.change({ quantityIncrement: 5 });
      expect(story.place("2 buys for 135 fok")).toEqual([
        "#2 accepted @ 0",
        "#2 takes 10 @ 10 from #1",
        "sell 10: 3 of 1",
        "#2 budget_spent",
      ]);
    });
  });

  test("a fill-or-kill order counts nothing beyond a price outside the band, even if the next is inside", () => {
    const story = new Story(makesEngine);
    story.place("1 sells 1 @ 90");
    story.place("1 sells 5 @ 100");
    story.change({ bandBasisPoints: 200 });
    story.reference(100);
    expect(story.place("2 buys 1 @ 100 fok").at(-1)).toBe("#3 fill_or_kill_unfilled, 1 left");
    expect(story.place("2 buys 1 @ 100").slice(-1)).toEqual(["#4 outside_band, 1 left"]);
  });

  test("where lots are shared, an order meets all of its own on the level, whoever stands last", () => {
    const story = new Story(makesEngine);
    story.allocate("pro_rata");
    story.place("1 sells 2 @ 100");
    story.place("1 sells 2 @ 100");
    story.place("2 sells 2 @ 100");
    expect(story.place("1 buys 2 @ 100", { selfTrade: "expire_maker" })).toEqual([
      "#4 accepted @ 100",
      "#4 meets its own #1: expire_maker 0",
      "#1 self_trade, 2 left",
      "#4 meets its own #2: expire_maker 0",
      "#2 self_trade, 2 left",
      "#4 takes 2 @ 100 from #3",
      "#3 filled",
      "sell 100: 0 of 0",
      "#4 filled",
    ]);
  });
});

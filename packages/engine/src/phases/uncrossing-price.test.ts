import { describe, expect, test } from "vitest";
import { Story } from "../testing/story.ts";
import { BOTH_ENGINES } from "../testing/told-engine.ts";

const BALANCED = ["1 buys 3 @ 105", "2 sells 3 @ 101"];
/** One lot to buy is left over at 100, one to sell at 102. */
const EITHER_SIDE_LEFT = ["1 buys 3 @ 102", "1 buys 1 @ 100", "2 sells 3 @ 100", "2 sells 1 @ 102"];
const BUYS_LEFT = ["1 buys 5 @ 104", "2 sells 4 @ 100"];
const SELLS_LEFT = ["1 buys 4 @ 104", "2 sells 5 @ 100"];

describe.each(BOTH_ENGINES)("%s", (_, makesEngine) => {
  test.each([
    ["the lowest, if there was no trade", BALANCED, 0, "3 @ 101, surplus 0"],
    ["the lowest, if the last price is below", BALANCED, 50, "3 @ 101, surplus 0"],
    ["the highest, if it is above", BALANCED, 200, "3 @ 105, surplus 0"],
    ["the nearest, if it is between", BALANCED, 104, "3 @ 105, surplus 0"],
    ["the lower of two equally near", BALANCED, 103, "3 @ 101, surplus 0"],
    ["the nearest, whichever side is left over", EITHER_SIDE_LEFT, 50, "3 @ 100, surplus 1"],
    ["the nearest, whichever side is left over", EITHER_SIDE_LEFT, 200, "3 @ 102, surplus -1"],
    ["the highest where buys are left, whatever was last", BUYS_LEFT, 50, "4 @ 104, surplus 1"],
    ["the lowest where sells are left, whatever was last", SELLS_LEFT, 200, "4 @ 100, surplus -1"],
  ] as const)(
    "of the best prices, uncrossing takes %s (%j after %d)",
    (__, notes, last, expected) => {
      const story = new Story(makesEngine);
      if (last > 0) story.tradeAt(last);
      story.phase("auction");
      const told = notes.flatMap((note) => story.place(note));
      expect(told.at(-1)).toBe(`indicative ${expected}`);
    },
  );
});

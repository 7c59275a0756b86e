import { describe, expect, test } from "vitest";
import { replayNews } from "./replay-news.ts";

const news = (isTTY: boolean, steps: readonly (readonly [sequence: number, ms: number])[]) => {
  const written: string[] = [];
  const tell = replayNews({ isTTY, write: (text) => void written.push(text) });
  for (const [sequence, elapsedMs] of steps)
    tell({ from: 1_000, sequence, head: 5_000, elapsedMs });
  return written;
};

describe("news of a replay", () => {
  test("a log has a line every two seconds, with the rate", () => {
    const steps = [1_000, 2_000, 3_000, 4_000, 5_000].map(
      (at, index) => [at, index * 1_100] as const,
    );
    expect(news(false, steps)).toEqual([
      "Replaying the journal: 50 % of 4,000 commands, 909 a second\n",
      "Replaying the journal: 100 % of 4,000 commands, 909 a second\n",
    ]);
  });

  test("a terminal sees a bar, of which nothing stays", () => {
    expect(
      news(true, [
        [1_000, 0],
        [2_000, 500],
        [5_000, 900],
      ]),
    ).toEqual([
      `\r\u001b[K${"█".repeat(7)}${"░".repeat(23)} Replaying the journal: 25 % of 4,000 commands, 2,000 a second`,
      "\r\u001b[K",
    ]);
  });

  test.each([true, false])("of a short one nothing is said (on a terminal: %s)", (isTTY) => {
    expect(
      news(isTTY, [
        [1_000, 0],
        [3_000, 100],
        [5_000, 200],
      ]),
    ).toEqual([]);
  });
});

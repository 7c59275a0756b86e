import { expect, test } from "vitest";
import { replayLobster } from "./replay-lobster.ts";
import { recording, titled } from "./testing/recordings.ts";

const file = recording("lobster/AAPL_2012-06-21_34200000_37800000_message_50.csv.gz");

test.skipIf(file === undefined)(
  titled("an hour of AAPL, 50 levels deep, replays to the same book each time", file),
  { timeout: 120_000 },
  async () => {
    const [first, second] = [
      await replayLobster({ file: file as string }),
      await replayLobster({ file: file as string }),
    ];
    expect(first).toEqual(second);
    expect(first).toMatchObject({
      ok: true,
      summary: {
        messages: 91_997,
        byKind: {
          submission: 44_256,
          partial_cancellation: 469,
          deletion: 41_004,
          execution: 4_067,
          hidden_execution: 2_201,
          cross_trade: 0,
          halt: 0,
        },
        restingBefore: 80,
        trades: 4_067 - 26,
        outOfTurn: 26,
        provenGone: 0,
        contradictions: 0,
        bestBid: { price: 5_856_900 },
        bestAsk: { price: 5_859_500 },
      },
    });
  },
);

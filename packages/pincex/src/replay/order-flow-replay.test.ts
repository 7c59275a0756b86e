import { describe, expect, test } from "vitest";
import { type LobsterMessage, parseLobsterRow } from "./lobster-message.ts";
import { OrderFlowReplay } from "./order-flow-replay.ts";

/** Rows as: type, order id, size, price, direction. */
const replayed = (...rows: string[]): OrderFlowReplay => {
  const replay = new OrderFlowReplay();
  for (const row of rows) {
    const parsed = parseLobsterRow(`34200,${row}`);
    if (!parsed.ok) throw new Error(parsed.rule);
    replay.replay(parsed.message as LobsterMessage);
  }
  return replay;
};

const NOTHING = { price: 0, quantity: 0 };

describe("recorded order flow", () => {
  test("an execution trades with the order that it names, by our matching", () => {
    const replay = replayed(
      "1,11,30,1000,-1",
      "1,12,50,1000,-1",
      "4,11,30,1000,-1",
      "4,12,20,1000,-1",
    );
    expect(replay.best("sell")).toEqual({ price: 1000, quantity: 30 });
    expect(replay.summary()).toMatchObject({
      trades: 2,
      volume: 50,
      notional: 50_000n,
      outOfTurn: 0,
    });
  });

  test("an execution of an order that is not first is taken off it, without a trade", () => {
    const replay = replayed("1,11,30,1000,-1", "1,12,50,1000,-1", "4,12,50,1000,-1");
    expect(replay.best("sell")).toEqual({ price: 1000, quantity: 30 });
    expect(replay.summary()).toMatchObject({ trades: 0, outOfTurn: 1 });
  });

  test("a partial cancellation leaves an order in its place, a deletion takes it out", () => {
    const replay = replayed(
      "1,11,30,1000,1",
      "1,12,50,1000,1",
      "2,11,10,1000,1",
      "4,11,20,1000,1",
      "3,12,50,1000,1",
    );
    expect(replay.best("buy")).toEqual(NOTHING);
    expect(replay.summary()).toMatchObject({ trades: 1, outOfTurn: 0, contradictions: 0 });
  });

  test("hidden executions, cross trades and halts change no book", () => {
    const replay = replayed(
      "1,11,30,1000,1",
      "5,0,7,1010,1",
      "6,0,900,1005,1",
      "7,0,0,-1,-1",
      "7,0,0,1,-1",
    );
    expect(replay.best("buy")).toEqual({ price: 1000, quantity: 30 });
    expect(replay.summary()).toMatchObject({
      trades: 0,
      hiddenVolume: 7,
      byKind: { hidden_execution: 1, cross_trade: 1, halt: 2 },
    });
  });

  test("an order first seen when it changes was resting before, as large as the message says", () => {
    const replay = replayed("4,7,40,1000,-1", "3,8,10,990,1", "2,9,5,1010,-1");
    expect([replay.best("buy"), replay.best("sell")]).toEqual([NOTHING, NOTHING]);
    expect(replay.summary()).toMatchObject({ restingBefore: 3, trades: 1, volume: 40 });
  });

  test("an order that was resting before may turn out to be larger than the first message about it", () => {
    const replay = replayed("4,7,40,1000,-1", "4,7,10,1000,-1", "3,7,50,1000,-1");
    expect(replay.best("sell")).toEqual(NOTHING);
    expect(replay.summary()).toMatchObject({ restingBefore: 1, contradictions: 0, volume: 50 });
  });

  test("what a submission would cross is proven gone", () => {
    const replay = replayed(
      "1,11,30,1000,-1",
      "1,12,30,1001,-1",
      "1,13,30,1002,-1",
      "1,14,5,1001,1",
    );
    expect([replay.best("buy"), replay.best("sell")]).toEqual([
      { price: 1001, quantity: 5 },
      { price: 1002, quantity: 30 },
    ]);
    expect(replay.summary()).toMatchObject({ provenGone: 2, trades: 0 });
  });

  test("an execution proves gone what stood at better prices", () => {
    const replay = replayed("1,11,30,1000,1", "1,12,30,999,1", "4,12,30,999,1");
    expect(replay.best("buy")).toEqual(NOTHING);
    expect(replay.summary()).toMatchObject({ provenGone: 1, trades: 1, volume: 30 });
  });

  test("where messages disagree about an order, the later one is believed", () => {
    const replay = replayed("1,11,30,1000,1", "1,11,20,1001,1", "4,11,25,1001,1", "3,11,5,1001,1");
    expect(replay.best("buy")).toEqual(NOTHING);
    expect(replay.summary()).toMatchObject({ contradictions: 3, trades: 1, volume: 25 });
  });
});

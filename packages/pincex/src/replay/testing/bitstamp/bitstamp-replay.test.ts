import { describe, expect, test } from "vitest";
import type { BitstampEvent } from "./bitstamp-event.ts";
import { BitstampReplay } from "./bitstamp-replay.ts";
import { changed, created, deleted, snapshot, trade } from "./event-notation.ts";

const replayed = (...events: BitstampEvent[]): BitstampReplay => {
  const replay = new BitstampReplay();
  for (const event of events) replay.replay(event);
  return replay;
};

describe("orders as they were sent", () => {
  test("trade by our matching: best price first, then first come, at the maker's price", () => {
    const { trades } = replayed(
      created(1, "sell", 30, 101),
      created(2, "sell", 30, 100),
      created(3, "sell", 30, 100),
      created(4, "buy", 70, 101),
    );
    expect(trades).toEqual([
      { price: 100, amount: 30, buyOrder: 4, sellOrder: 2 },
      { price: 100, amount: 30, buyOrder: 4, sellOrder: 3 },
      { price: 101, amount: 10, buyOrder: 4, sellOrder: 1 },
    ]);
  });

  test("don't trade because the recording says so", () => {
    const replay = replayed(
      created(1, "sell", 30, 101),
      changed(1, "sell", 20, 101),
      deleted(1, "sell", 0, 101),
      trade(9, 10, 101),
    );
    expect(replay.trades).toEqual([]);
    expect(replay.levels("sell", 1)).toEqual([{ price: 101, amount: 30 }]);
  });

  test("meet those that rested before, which came first", () => {
    const replay = new BitstampReplay();
    replay.restBefore([{ id: 1, side: "sell", price: 101, amount: 5 }]);
    replay.replay(created(2, "sell", 5, 101));
    replay.replay(created(3, "buy", 5, 101));
    expect(replay.trades).toEqual([{ price: 101, amount: 5, buyOrder: 3, sellOrder: 1 }]);
    expect(replay.summary()).toMatchObject({ restingBefore: 1 });
  });

  test("are cancelled, and it is counted whether what the exchange says was left", () => {
    const replay = replayed(
      created(1, "buy", 30, 100),
      created(2, "buy", 30, 100),
      deleted(1, "buy", 30, 100),
      deleted(2, "buy", 29, 100),
      deleted(2, "buy", 29, 100),
    );
    expect(replay.levels("buy", 1)).toEqual([]);
    expect(replay.summary()).toMatchObject({ cancels: 3, exactCancels: 1, deletedTwice: 1 });
  });

  test("never rest if their deletion came first", () => {
    const replay = replayed(deleted(1, "buy", 30, 100), created(1, "buy", 30, 100));
    expect(replay.levels("buy", 1)).toEqual([]);
    expect(replay.summary()).toMatchObject({ deletedFirst: 1, cancels: 1, exactCancels: 0 });
  });

  test("go to the end of the queue at another price, with what they have then", () => {
    const replay = replayed(
      created(1, "sell", 30, 102),
      created(2, "sell", 30, 101),
      changed(1, "sell", 25, 101),
      created(3, "buy", 40, 101),
    );
    expect(replay.trades).toEqual([
      { price: 101, amount: 30, buyOrder: 3, sellOrder: 2 },
      { price: 101, amount: 10, buyOrder: 3, sellOrder: 1 },
    ]);
    expect(replay.levels("sell", 2)).toEqual([{ price: 101, amount: 15 }]);
    expect(replay.summary()).toMatchObject({ repriced: 1 });
  });
});

describe("a snapshot", () => {
  const six: [number, number][] = [10, 9, 8, 7, 6, 5].map((price) => [price, 50]);
  const orders = six.map(([price, amount], index) => created(index + 1, "buy", amount, price));

  test("is compared side by side, from the best level on", () => {
    const compared = (...levels: [number, number][]) =>
      replayed(...orders, snapshot(levels, [])).summary();
    expect(compared(...six)).toMatchObject({ sides: 2, sameBest: 2, sameFive: 2, sameTwenty: 2 });
    expect(compared(...six.slice(0, 5), [5, 51])).toMatchObject({ sameFive: 2, sameTwenty: 1 });
    expect(compared([10, 50], [9, 49])).toMatchObject({ sameBest: 2, sameFive: 1, sameTwenty: 1 });
    expect(compared([11, 50])).toMatchObject({ sameBest: 1, sameFive: 1, sameTwenty: 1 });
  });

  test("is believed once, at prices that none before it reached, after it was compared", () => {
    const replay = replayed(
      created(1, "buy", 50, 10),
      snapshot([[10, 50]], []),
      snapshot(
        [
          [10, 51],
          [8, 70],
        ],
        [],
      ),
    );
    expect(replay.levels("buy", 9)).toEqual([
      { price: 10, amount: 50 },
      { price: 8, amount: 70 },
    ]);
    replay.replay(snapshot([[8, 71]], []));
    replay.replay(snapshot([[9, 5]], []));
    expect(replay.levels("buy", 9)).toEqual([
      { price: 10, amount: 50 },
      { price: 8, amount: 70 },
    ]);
    // Four sides of sells, where nothing is, and one of buys.
    expect(replay.summary()).toMatchObject({ untouched: 1, sides: 8, sameBest: 5 });
  });

  test("shows what rests beyond the orders that we know", () => {
    const replay = replayed(created(1, "sell", 50, 10), snapshot([], [[10, 80]]));
    expect(replay.levels("sell", 1)).toEqual([{ price: 10, amount: 80 }]);
    replay.replay(created(2, "buy", 80, 10));
    expect(replay.trades[0]).toMatchObject({ sellOrder: 1, amount: 50 });
  });
});

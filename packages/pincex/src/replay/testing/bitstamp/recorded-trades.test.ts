import { describe, expect, test } from "vitest";
import type { BitstampEvent } from "./bitstamp-event.ts";
import { changed, created, deleted, snapshot, trade } from "./event-notation.ts";
import { ordersBefore } from "./orders-before.ts";
import { recordedTrades } from "./recorded-trades.ts";

/** Trades as: id, buy order, sell order. */
const parties = (...events: BitstampEvent[]): number[][] =>
  recordedTrades(events).trades.map(({ id, buyOrder, sellOrder }) => [id, buyOrder, sellOrder]);

describe("who traded", () => {
  test("are the two orders that lost the trade's amount", () => {
    const events = [
      created(1, "buy", 50, 100),
      created(2, "buy", 50, 101),
      created(3, "sell", 80, 100),
      deleted(2, "buy", 0, 101),
      changed(3, "sell", 30, 100),
      trade(9, 50, 101),
      changed(1, "buy", 20, 100),
      deleted(3, "sell", 0, 100),
      trade(10, 30, 100),
    ];
    expect(parties(...events)).toEqual([
      [9, 2, 3],
      [10, 1, 3],
    ]);
  });

  test("are found where one of them is shown only after the trade", () => {
    const events = [
      created(1, "buy", 50, 100),
      created(2, "sell", 50, 100),
      deleted(1, "buy", 0, 100),
      trade(9, 50, 100),
      deleted(2, "sell", 0, 100),
    ];
    expect(parties(...events)).toEqual([[9, 1, 2]]);
  });

  test("of two trades alike, each has the order that was shown before it", () => {
    const events = [
      created(1, "buy", 5, 100),
      created(2, "buy", 5, 100),
      created(3, "sell", 10, 100),
      deleted(1, "buy", 0, 100),
      changed(3, "sell", 5, 100),
      trade(9, 5, 100),
      deleted(2, "buy", 0, 100),
      deleted(3, "sell", 0, 100),
      trade(10, 5, 100),
    ];
    expect(parties(...events)).toEqual([
      [9, 1, 3],
      [10, 2, 3],
    ]);
  });

  test("are found where an order's states come in the wrong order", () => {
    const events = [
      created(1, "sell", 10, 100),
      created(2, "sell", 20, 101),
      created(3, "buy", 30, 101),
      deleted(1, "sell", 0, 100),
      deleted(3, "buy", 0, 101),
      deleted(2, "sell", 0, 101),
      changed(3, "buy", 20, 101),
      trade(9, 10, 100),
      trade(10, 20, 101),
    ];
    expect(parties(...events)).toEqual([
      [9, 3, 1],
      [10, 3, 2],
    ]);
  });

  test("is unknown of an order that lost another amount, was cancelled, or is far away", () => {
    const far = Array.from({ length: 9 }, () => snapshot([], []));
    expect(
      parties(
        created(1, "buy", 50, 100),
        created(2, "sell", 50, 100),
        deleted(1, "buy", 49, 100),
        changed(2, "sell", 1, 100),
        trade(9, 50, 100),
      ),
    ).toEqual([[9, 0, 0]]);
    expect(
      parties(
        created(1, "buy", 50, 100),
        created(2, "sell", 50, 100),
        deleted(1, "buy", 0, 100),
        ...far,
        deleted(2, "sell", 0, 100),
        trade(9, 50, 100),
      ),
    ).toEqual([[9, 0, 2]]);
  });

  test("is told in the order of the exchange's count, not of the announcements", () => {
    expect(parties(trade(10, 5, 100), trade(9, 5, 101))).toEqual([
      [9, 0, 0],
      [10, 0, 0],
    ]);
  });
});

describe("orders that rested before", () => {
  const before = (...events: BitstampEvent[]) =>
    ordersBefore(events, recordedTrades(events).lostUnseen);

  test("are those that are never created, first come, first, as they are first seen", () => {
    const events = [
      deleted(4, "buy", 70, 99),
      created(5, "buy", 10, 98),
      deleted(3, "sell", 20, 101),
      deleted(3, "sell", 20, 101),
      deleted(5, "buy", 10, 98),
    ];
    expect(before(...events)).toEqual([
      { id: 3, side: "sell", price: 101, amount: 20 },
      { id: 4, side: "buy", price: 99, amount: 70 },
    ]);
  });

  test("had what they are first seen to have lost in a trade at their price", () => {
    const events = [
      created(5, "buy", 10, 101),
      changed(3, "sell", 20, 101),
      deleted(5, "buy", 0, 101),
      trade(9, 10, 101),
    ];
    expect(before(...events)).toEqual([{ id: 3, side: "sell", price: 101, amount: 30 }]);
    expect(parties(...events)).toEqual([[9, 5, 3]]);
  });

  test("aren't there if nothing is known of them but that nothing is left", () => {
    expect(before(deleted(3, "sell", 0, 101), trade(9, 10, 100))).toEqual([]);
  });

  test("aren't those whose deletion comes before their creation", () => {
    expect(before(deleted(3, "sell", 20, 101), created(3, "sell", 20, 101))).toEqual([]);
  });
});

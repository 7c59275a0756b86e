import { describe, expect, test } from "vitest";
import { Engine } from "./engine.ts";
import { EventLog } from "./testing/event-log.ts";

const terms = {
  market: 1,
  account: 7,
  type: "limit",
  timeInForce: "gtc",
  quoteQuantity: 0,
} as const;

const opened = (maxPrice = 1_000_000): { engine: Engine; log: EventLog } => {
  const log = new EventLog();
  const engine = new Engine({ handler: log });
  engine.addMarket(1, maxPrice, 1_000_000, 1, 1, 1, 0);
  log.take();
  return { engine, log };
};

describe("what is large has a defined outcome:", () => {
  test("one order sweeps ten thousand levels, each at its own price", () => {
    const { engine, log } = opened();
    for (let price = 1; price <= 10_000; price += 1) {
      engine.perform({ ...terms, kind: "place", side: "sell", price, quantity: 1 });
    }
    log.take();
    engine.perform({ ...terms, kind: "place", side: "buy", price: 10_000, quantity: 10_001 });
    const trades = log.take().filter(({ kind }) => kind === "trade");
    expect(trades).toHaveLength(10_000);
    expect(trades.at(-1)).toMatchObject({ price: 10_000, takerRemaining: 1 });
    expect(engine.depth(1, 0)).toEqual([{ price: 10_000, quantity: 1, orders: 1 }]);
    engine.checkInvariants();
  });

  test("a trade that triggers a stop that triggers the next, a thousand times, is a loop and no recursion", () => {
    const { engine, log } = opened();
    const stops = 1_000;
    // Each stop sells into the next lower bid, whose price triggers the next stop.
    for (let index = 0; index <= stops; index += 1) {
      const price = 10_000 - index;
      engine.perform({ ...terms, kind: "place", side: "buy", price, quantity: 1 });
      if (index === stops) continue;
      engine.perform({
        ...terms,
        kind: "place",
        type: "market",
        timeInForce: "ioc",
        side: "sell",
        price: 0,
        quantity: 1,
        conditions: { trigger: "stop", triggerPrice: price },
      });
    }
    expect(engine.openOrders(1).filter(({ state }) => state === "waiting")).toHaveLength(stops);
    log.take();
    engine.perform({ ...terms, kind: "place", side: "sell", price: 10_000, quantity: 1 });
    const events = log.take();
    expect(events.filter(({ kind }) => kind === "triggered")).toHaveLength(stops);
    expect(events.filter(({ kind }) => kind === "trade")).toHaveLength(stops + 1);
    expect(engine.lastPrice(1)).toBe(10_000 - stops);
    expect(engine.openOrders(1)).toEqual([]);
    engine.checkInvariants();
  });

  test("a thousand icebergs of one price are taken turn by turn", () => {
    const { engine, log } = opened();
    const conditions = { displayQuantity: 1 };
    for (let index = 0; index < 1_000; index += 1) {
      engine.perform({
        ...terms,
        kind: "place",
        side: "sell",
        price: 100,
        quantity: 3,
        conditions,
      });
    }
    log.take();
    engine.perform({ ...terms, kind: "place", side: "buy", price: 100, quantity: 3_000 });
    const makers = log
      .take()
      .flatMap((event) => (event.kind === "trade" ? event.makerOrderId : []));
    const turn = Array.from({ length: 1_000 }, (_, index) => index + 1);
    expect(makers).toEqual([...turn, ...turn, ...turn]);
    expect(engine.openOrders(1)).toEqual([]);
  });

  test("five thousand markets keep to themselves", () => {
    const { engine, log } = opened();
    for (let market = 2; market <= 5_000; market += 1) {
      engine.addMarket(market, 1_000, 1_000, 1, 1, 1, 0);
    }
    for (let market = 1; market <= 5_000; market += 1) {
      engine.place(market, 7, 0, 0, 0, 1 + (market % 900), 5, 0);
    }
    log.take();
    engine.place(4_321, 8, 1, 0, 1, 1, 5, 0);
    expect(log.take().map(({ kind }) => kind)).toEqual([
      "accepted",
      "trade",
      "done",
      "level_changed",
      "done",
    ]);
    expect(engine.restingCount).toBe(4_999);
    engine.perform({ kind: "cancel_all", market: 0, account: 7, side: "both" });
    expect(engine.restingCount).toBe(0);
    engine.checkInvariants();
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import type { EngineCommand } from "../commands/command.ts";
import type { EngineEvent } from "../events/event.ts";
import type { OpenOrder } from "../open-order.ts";
import type { SideName } from "../side.ts";
import { conditionedFlow, countingRefusal } from "./conditioned-flow.ts";
import { MARKETS } from "./order-flow.ts";
import { ReferenceEngine } from "./reference-engine.ts";

const SIDES: readonly SideName[] = ["buy", "sell"];

const opened = (): ReferenceEngine => {
  const engine = new ReferenceEngine(countingRefusal());
  for (const market of MARKETS) engine.process(market);
  return engine;
};

const openOrders = (engine: ReferenceEngine): OpenOrder[] =>
  MARKETS.flatMap(({ market }) => engine.openOrders(market));

const stateOf = (engine: ReferenceEngine): unknown => [
  openOrders(engine),
  engine.time,
  engine.nextOrderId,
  engine.nextTradeId,
  MARKETS.map(({ market }) => [
    engine.phase(market),
    engine.lastPrice(market),
    engine.markPrice(market),
  ]),
];

/** Runs flows, and has a look at the engine after each command. */
const always = (
  look: () => (engine: ReferenceEngine, events: EngineEvent[], command: EngineCommand) => void,
): void => {
  fc.assert(
    fc.property(conditionedFlow, (flow) => {
      const engine = opened();
      const see = look();
      for (const command of flow) see(engine, engine.process(command), command);
    }),
    { numRuns: 60 },
  );
};

test("for any conditioned flow / the book is crossed only where orders collect, or have collected before a halt", () => {
  always(() => (engine) => {
    for (const { market } of MARKETS) {
      const prices = (side: SideName): number[] =>
        engine
          .openOrders(market)
          .filter((order) => order.side === side && order.state === "resting")
          .map(({ price }) => price);
      const isCrossed = Math.max(0, ...prices("buy")) >= Math.min(2 ** 31, ...prices("sell"));
      if (isCrossed)
        expect(["pre_open", "auction", "closing_auction", "halted"]).toContain(
          engine.phase(market),
        );
    }
  });
});

test("for any conditioned flow / level changes, applied one by one, are what is shown", () => {
  always(() => {
    const levels = new Map<string, { price: number; quantity: number; orders: number }>();
    return (engine, events) => {
      for (const event of events) {
        if (event.kind !== "level_changed") continue;
        const { market, side, price, quantity, orders } = event;
        if (quantity === 0) levels.delete(`${market} ${side} ${price}`);
        else levels.set(`${market} ${side} ${price}`, { price, quantity, orders });
      }
      const depth = MARKETS.flatMap(({ market }) =>
        SIDES.flatMap((side) =>
          engine
            .depth(market, side)
            .map((level) => [`${market} ${side} ${level.price}`, level] as const),
        ),
      );
      expect(levels).toEqual(new Map(depth));
    };
  });
});

test("for any conditioned flow / every lot has traded, was prevented or taken off, ended, or is open", () => {
  always(() => {
    // By order: the lots it has left, as its events tell. Orders by quote quantity have none.
    const left = new Map<number, number>();
    const of = (orderId: number): number => left.get(orderId) ?? 0;
    const meet = (orderId: number, quantity: number, remaining: number): void => {
      if (left.has(orderId)) left.set(orderId, of(orderId) - quantity);
      expect(of(orderId)).toBe(remaining);
    };
    const hear = (event: EngineEvent): void => {
      switch (event.kind) {
        case "accepted":
        case "pending":
        case "activated":
          if (event.quantity > 0) left.set(event.orderId, event.quantity);
          break;
        case "trade":
        case "prevented":
          meet(event.makerOrderId, event.quantity, event.makerRemaining);
          meet(event.takerOrderId, event.quantity, event.takerRemaining);
          break;
        case "reduced":
          meet(event.orderId, event.quantity, event.remaining);
          break;
        case "amended":
          left.set(event.orderId, event.remaining);
          break;
        case "done":
          expect(of(event.orderId)).toBe(event.remaining);
          left.delete(event.orderId);
      }
    };
    return (engine, events) => {
      events.forEach(hear);
      const open = openOrders(engine)
        .filter(({ remaining }) => remaining > 0)
        .map(({ orderId, remaining }) => [orderId, remaining] as const);
      expect(left).toEqual(new Map(open));
    };
  });
});

test("for any conditioned flow / every accepted order is open until its one end", () => {
  always(() => {
    const open = new Set<number>();
    return (engine, events) => {
      for (const event of events) {
        if (event.kind === "accepted" || event.kind === "pending") open.add(event.orderId);
        if (event.kind === "done") expect(open.delete(event.orderId)).toBe(true);
      }
      expect(
        openOrders(engine)
          .map(({ orderId }) => orderId)
          .sort(byNumber),
      ).toEqual([...open].sort(byNumber));
    };
  });
});

const byNumber = (one: number, other: number): number => one - other;

test("for any conditioned flow / a rejected command changes nothing, but a replacement that may fail", () => {
  always(() => {
    let before = stateOf(opened());
    return (engine, events, command) => {
      const after = stateOf(engine);
      const mayFail = command.kind === "replace" && command.onFailure === "allow";
      if (events[0]?.kind === "rejected" && !mayFail) {
        expect(events).toHaveLength(1);
        expect(after).toEqual(before);
      }
      before = after;
    };
  });
});

test("for any conditioned flow / whatever follows a command has happened before the next one", () => {
  always(() => (engine) => {
    for (const { market } of MARKETS)
      expect(engine.process({ kind: "cancel", market, account: 1, orderId: 0 })).toMatchObject([
        { kind: "rejected" },
      ]);
  });
});

test("for any conditioned flow / no more is shown than remains, nor remains than was asked for", () => {
  always(() => (engine) => {
    for (const order of openOrders(engine)) {
      expect(order.shown).toBeLessThanOrEqual(order.remaining);
      expect(order.remaining).toBeLessThanOrEqual(order.quantity);
      if (order.state !== "resting") expect(order.shown).toBe(0);
      else expect(order.remaining).toBeGreaterThan(0);
    }
  });
});

test("for any conditioned flow / no trade is beyond the limit of either side", () => {
  always(() => {
    const limits = new Map<number, { side: SideName; price: number }>();
    const suits = (orderId: number, price: number): boolean => {
      const limit = limits.get(orderId);
      if (limit === undefined || limit.price === 0) return true;
      return limit.side === "buy" ? price <= limit.price : price >= limit.price;
    };
    return (_, events) => {
      for (const event of events) {
        if (event.kind === "trade") {
          expect(suits(event.makerOrderId, event.price)).toBe(true);
          expect(suits(event.takerOrderId, event.price)).toBe(true);
        } else if ("orderId" in event && "side" in event) {
          limits.set(event.orderId, { side: event.side, price: event.price });
        }
      }
    };
  });
});

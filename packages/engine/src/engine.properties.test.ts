import { env } from "node:process";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { EngineCommand, Place } from "./commands/command.ts";
import { encodeCommand, writeCommand } from "./commands/command-codec.ts";
import { COMMAND_LENGTHS } from "./commands/command-layout.ts";
import { Engine } from "./engine.ts";
import type { EngineEvent } from "./events/event.ts";
import type { EventRegister } from "./events/event-register.ts";
import { RecordWriter, recordViews } from "./record.ts";
import { Side, type SideName } from "./side.ts";
import { EventLog } from "./testing/event-log.ts";
import { MARKETS, orderFlow } from "./testing/order-flow.ts";
import { ReferenceEngine, type Refusal } from "./testing/reference-engine.ts";

const SIDES: readonly SideName[] = ["buy", "sell"];
const numRuns = Number(env["PINCEX_ENGINE_FLOWS"] ?? 100);

/** An Admission port with a rule that both engines can follow: account 4 places nothing of 13 lots. */
const refusalOf = (account: number, quantity: number): number =>
  account === 4 && quantity === 13 ? 1_013 : 0;
const admission = {
  admit: ({ account, quantity }: EventRegister): number => refusalOf(account, quantity),
};
const refuse: Refusal = ({ account, quantity }) => refusalOf(account, quantity);

/** Tiny at first, so that everything has to grow. */
const capacity = { orders: 1, levels: 1, markets: 1 };

const opened = (): { engine: Engine; log: EventLog } => {
  const log = new EventLog();
  const engine = new Engine({ handler: log, admission, capacity });
  for (const market of MARKETS) process(engine, market);
  log.take();
  return { engine, log };
};

const process = (engine: Engine, command: EngineCommand): void =>
  engine.process(recordViews(encodeCommand(command)), 0);

const bookOf = (engine: Engine) =>
  MARKETS.flatMap(({ market }) =>
    SIDES.map((side) => ({
      orders: [...engine.restingOrders(market, Side[side])],
      levels: engine.depth(market, Side[side]),
      best: engine.best(market, Side[side]),
    })),
  );

/** What each command of a flow was answered. */
const answersTo = (
  flow: readonly EngineCommand[],
): { command: EngineCommand; events: EngineEvent[] }[] => {
  const { engine, log } = opened();
  return flow.map((command) => {
    process(engine, command);
    return { command, events: log.take() };
  });
};

const is =
  <Kind extends EngineEvent["kind"]>(kind: Kind) =>
  (event: EngineEvent): event is Extract<EngineEvent, { kind: Kind }> =>
    event.kind === kind;

const sum = (numbers: readonly number[]): bigint =>
  numbers.reduce((total, number) => total + BigInt(number), 0n);

test("for any order flow / events and books are those of the slow, obvious engine", () => {
  fc.assert(
    fc.property(orderFlow, (flow) => {
      const { engine, log } = opened();
      const reference = new ReferenceEngine(refuse);
      for (const market of MARKETS) reference.process(market);
      for (const command of flow) {
        process(engine, command);
        expect(log.take()).toEqual(reference.process(command));
        expect(bookOf(engine)).toEqual(
          MARKETS.flatMap(({ market }) =>
            SIDES.map((side) => ({
              orders: reference.restingOrders(market, side),
              levels: reference.depth(market, side),
              best: reference.depth(market, side)[0]?.price ?? 0,
            })),
          ),
        );
        expect([engine.nextOrderId, engine.nextTradeId]).toEqual([
          reference.nextOrderId,
          reference.nextTradeId,
        ]);
        engine.checkInvariants();
      }
    }),
    { numRuns },
  );
});

test("for any order flow / the book is never crossed", () => {
  fc.assert(
    fc.property(orderFlow, (flow) => {
      const { engine } = opened();
      for (const command of flow) {
        process(engine, command);
        for (const { market } of MARKETS) {
          const bid = engine.best(market, Side.buy);
          const ask = engine.best(market, Side.sell);
          expect(bid === 0 || ask === 0 || bid < ask).toBe(true);
        }
      }
    }),
  );
});

test("for any order flow / at one price the oldest order trades first", () => {
  fc.assert(
    fc.property(orderFlow, (flow) => {
      const { engine, log } = opened();
      for (const command of flow) {
        const before = MARKETS.flatMap(({ market }) =>
          SIDES.flatMap((side) => [...engine.restingOrders(market, Side[side])]),
        );
        process(engine, command);
        const traded = log
          .take()
          .filter(is("trade"))
          .map(({ makerOrderId }) => makerOrderId);
        const first = before.findIndex(({ orderId }) => orderId === traded[0]);
        const inLine = before.slice(first, first + traded.length).map(({ orderId }) => orderId);
        expect(traded).toEqual(traded.length === 0 ? [] : inLine);
      }
    }),
  );
});

test("for any order flow / every lot placed has traded, was taken off or cancelled, or rests", () => {
  fc.assert(
    fc.property(orderFlow, (flow) => {
      const { engine, log } = opened();
      for (const command of flow) process(engine, command);
      const events = log.take();
      const byQuantity = new Set(
        events
          .filter(is("accepted"))
          .filter(({ quantity }) => quantity > 0)
          .map(({ orderId }) => orderId),
      );
      const placed = events.filter(is("accepted")).map(({ quantity }) => quantity);
      const traded = events
        .filter(is("trade"))
        .flatMap(({ quantity, makerOrderId, takerOrderId }) =>
          [makerOrderId, takerOrderId].filter((id) => byQuantity.has(id)).map(() => quantity),
        );
      const dropped = events.filter(is("done")).map(({ remaining }) => remaining);
      const takenOff = events.filter(is("reduced")).map(({ quantity }) => quantity);
      const resting = bookOf(engine).flatMap(({ orders }) =>
        orders.map(({ remaining }) => remaining),
      );
      expect(sum(placed)).toBe(sum([...traded, ...dropped, ...takenOff, ...resting]));
    }),
  );
});

test("for any order flow / a trade's price is the maker's, and no worse than the taker's limit", () => {
  fc.assert(
    fc.property(orderFlow, (flow) => {
      const prices = new Map<number, number>();
      for (const { command, events } of answersTo(flow)) {
        for (const event of events) {
          if (event.kind === "accepted") prices.set(event.orderId, event.price);
          if (event.kind !== "trade") continue;
          expect(event.price).toBe(prices.get(event.makerOrderId));
          const limit = (command as Place).price;
          if (limit === 0) continue;
          expect(event.takerSide === "buy" ? event.price <= limit : event.price >= limit).toBe(
            true,
          );
        }
      }
    }),
  );
});

test("for any order flow / a fill-or-kill order trades in full or not at all", () => {
  fc.assert(
    fc.property(orderFlow, (flow) => {
      for (const { command, events } of answersTo(flow)) {
        if (command.kind !== "place" || command.timeInForce !== "fok") continue;
        const trades = events.filter(is("trade"));
        const [done] = events.filter(is("done")).slice(-1);
        if (done === undefined) continue;
        if (done.reason === "fill_or_kill_unfilled") expect(trades).toEqual([]);
        else if (command.quantity > 0)
          expect(sum(trades.map(({ quantity }) => quantity))).toBe(BigInt(command.quantity));
        else expect(done.reason).toBe("budget_spent");
      }
    }),
  );
});

test("for any order flow / an order by quote quantity never spends more than its budget", () => {
  fc.assert(
    fc.property(orderFlow, (flow) => {
      for (const { command, events } of answersTo(flow)) {
        if (command.kind !== "place" || !(command.quoteQuantity > 0)) continue;
        const spent = events
          .filter(is("trade"))
          .reduce((total, { price, quantity }) => total + BigInt(price) * BigInt(quantity), 0n);
        if (spent > 0n) expect(spent <= BigInt(command.quoteQuantity)).toBe(true);
      }
    }),
  );
});

test("for any order flow / level changes, applied one by one, are the book", () => {
  fc.assert(
    fc.property(orderFlow, (flow) => {
      const { engine, log } = opened();
      const levels = new Map<string, { price: number; quantity: number; orders: number }>();
      for (const command of flow) {
        process(engine, command);
        for (const { market, side, price, quantity, orders } of log
          .take()
          .filter(is("level_changed"))) {
          if (quantity === 0) levels.delete(`${market} ${side} ${price}`);
          else levels.set(`${market} ${side} ${price}`, { price, quantity, orders });
        }
        const depth = MARKETS.flatMap(({ market }) =>
          SIDES.flatMap((side) =>
            engine
              .depth(market, Side[side])
              .map((level) => [`${market} ${side} ${level.price}`, level] as const),
          ),
        );
        expect(levels).toEqual(new Map(depth));
      }
    }),
  );
});

test("for any order flow / a rejected command leaves the state as it was", () => {
  fc.assert(
    fc.property(orderFlow, (flow) => {
      const { engine, log } = opened();
      let before = engine.stateHash();
      for (const command of flow) {
        process(engine, command);
        const after = engine.stateHash();
        if (log.take().some(is("rejected"))) expect(after).toBe(before);
        before = after;
      }
    }),
  );
});

test("for any order flow / an engine restored from a snapshot has that state, and goes on alike", () => {
  fc.assert(
    fc.property(orderFlow, orderFlow, (before, after) => {
      const { engine, log } = opened();
      for (const command of before) process(engine, command);
      const snapshot = engine.snapshot();
      const restoredLog = new EventLog();
      const restored = Engine.restore(snapshot, { handler: restoredLog, admission });
      expect(restored.snapshot()).toEqual(snapshot);
      expect(restored.stateHash()).toBe(engine.stateHash());
      log.take();
      for (const command of after) {
        process(engine, command);
        process(restored, command);
      }
      expect(restoredLog.bytes).toEqual(log.bytes);
      expect(restored.stateHash()).toBe(engine.stateHash());
      restored.checkInvariants();
    }),
  );
});

test("for any order flow / a replay gives the same bytes, one by one or in bulk", () => {
  fc.assert(
    fc.property(orderFlow, (flow) => {
      const first = opened();
      for (const command of flow) process(first.engine, command);
      const commands = new RecordWriter();
      for (const command of flow) writeCommand(commands, command);
      const second = opened();
      expect(second.engine.processAll(commands.views, 0, commands.length)).toBe(flow.length);
      expect(second.log.bytes).toEqual(first.log.bytes);
      expect(second.engine.stateHash()).toBe(first.engine.stateHash());
    }),
  );
});

test("for any bytes / processing throws a RangeError and changes nothing, or does what a command says", () => {
  const { engine, log } = opened();
  process(engine, {
    kind: "place",
    market: 1,
    account: 1,
    side: "buy",
    type: "limit",
    timeInForce: "gtc",
    price: 100,
    quantity: 10,
    quoteQuantity: 0,
  });
  const kindVersionAndWords = fc.tuple(
    fc.integer({ min: 0, max: COMMAND_LENGTHS.length }),
    fc.constantFrom(0, 1, 1, 1, 1, 2),
    fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 8, 12, 13),
  );
  fc.assert(
    fc.property(
      kindVersionAndWords,
      fc.uint8Array({ minLength: 4, maxLength: 120 }),
      fc.integer({ min: -8, max: 72 }),
      ([kind, version, words], rest, offset) => {
        log.take();
        const before = engine.stateHash();
        const views = recordViews(Uint8Array.from([kind, version, words, 0, ...rest]));
        try {
          engine.process(views, offset % 3 === 0 ? offset : 0);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          expect(log.take()).toEqual([]);
          expect(engine.stateHash()).toBe(before);
          return;
        }
        const events = log.take();
        expect(events.length).toBeGreaterThan(0);
        if (events.some(is("rejected"))) expect(engine.stateHash()).toBe(before);
        engine.checkInvariants();
      },
    ),
    { numRuns: 2_000 },
  );
});

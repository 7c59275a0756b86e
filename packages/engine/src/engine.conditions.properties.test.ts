import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { Admission } from "./admission.ts";
import type { EngineCommand } from "./commands/command.ts";
import { encodeCommand, writeCommand } from "./commands/command-codec.ts";
import { Engine } from "./engine.ts";
import type { EngineEvent } from "./events/event.ts";
import { RecordWriter, recordViews } from "./record.ts";
import { Side, type SideName } from "./side.ts";
import {
  bandedFlow,
  conditionedFlow,
  countingPort,
  dependentFlow,
} from "./testing/conditioned-flow.ts";
import { EventLog } from "./testing/event-log.ts";
import { MARKETS } from "./testing/order-flow.ts";
import { ReferenceEngine } from "./testing/reference-engine.ts";

const SIDES: readonly SideName[] = ["buy", "sell"];

/** The long suite asks for a million commands; what runs always, for a few thousand. */
const numRuns = Number(process.env["PINCEX_ENGINE_FLOWS"] ?? 120);
// Whoever asks for more flows has the patience.
vi.setConfig({ testTimeout: Math.max(180_000, numRuns * 800) });
const lawRuns = Math.ceil(numRuns / 3);

/** Tiny at first, so that everything has to grow. */
const capacity = { orders: 1, levels: 1, markets: 1 };

const admission = (): Admission => {
  const { refuse, withdraw } = countingPort();
  return { admit: (order, list) => refuse(order, list), withdraw };
};

const opened = (): { engine: Engine; log: EventLog } => {
  const log = new EventLog();
  const engine = new Engine({ handler: log, admission: admission(), capacity });
  for (const market of MARKETS) perform(engine, market);
  log.take();
  return { engine, log };
};

const perform = (engine: Engine, command: EngineCommand): void =>
  engine.process(recordViews(encodeCommand(command)), 0);

const stateOf = (engine: Engine | ReferenceEngine) =>
  MARKETS.map(({ market }) => ({
    open: engine.openOrders(market),
    queues: SIDES.map((side) =>
      engine instanceof Engine
        ? [...engine.restingOrders(market, Side[side])]
        : engine.restingOrders(market, side),
    ),
    depth: SIDES.map((side) =>
      engine instanceof Engine ? engine.depth(market, Side[side]) : engine.depth(market, side),
    ),
    lastPrice: engine.lastPrice(market),
    markPrice: engine.markPrice(market),
    referencePrice: engine.referencePrice(market),
    phase: engine.phase(market),
    allocation: engine.allocation(market),
  }));

const countersOf = ({ nextOrderId, nextTradeId, time }: Engine | ReferenceEngine) => ({
  nextOrderId,
  nextTradeId,
  time,
});

test.each([
  ["flow of all commands", conditionedFlow],
  ["flow under a band", bandedFlow],
  ["flow of orders that depend on others", dependentFlow],
])("for any %s / events and books are those of the slow, obvious engine", (_, flows) => {
  fc.assert(
    fc.property(flows, (flow) => {
      const { engine, log } = opened();
      const { refuse, withdraw } = countingPort();
      const reference = new ReferenceEngine(refuse, withdraw);
      for (const market of MARKETS) reference.process(market);
      for (const command of flow) {
        perform(engine, command);
        expect(log.take()).toEqual(reference.process(command));
        expect(stateOf(engine)).toEqual(stateOf(reference));
        expect(countersOf(engine)).toEqual(countersOf(reference));
        engine.checkInvariants();
      }
    }),
    { numRuns },
  );
});

test("for any flow of all commands / a replay in bulk gives the same bytes", () => {
  fc.assert(
    fc.property(conditionedFlow, (flow) => {
      const first = opened();
      for (const command of flow) perform(first.engine, command);
      const commands = new RecordWriter();
      for (const command of flow) writeCommand(commands, command);
      const second = opened();
      second.engine.processAll(commands.views, 0, commands.length);
      expect(second.log.bytes).toEqual(first.log.bytes);
      expect(second.engine.stateHash()).toBe(first.engine.stateHash());
    }),
    { numRuns: lawRuns },
  );
});

test("for any flow of all commands / an engine restored from a snapshot has that state, and goes on alike", () => {
  fc.assert(
    fc.property(conditionedFlow, fc.double({ min: 0, max: 1, noNaN: true }), (flow, part) => {
      const { engine, log } = opened();
      const half = Math.floor(flow.length * part);
      for (const command of flow.slice(0, half)) perform(engine, command);
      const snapshot = engine.snapshot();
      const restoredLog = new EventLog();
      // Both ask a port that has not been asked before.
      const goingOn = new Engine({ handler: log, admission: admission() });
      const original = Engine.restore(snapshot, { handler: log, admission: admission() });
      const restored = Engine.restore(original.snapshot(), {
        handler: restoredLog,
        admission: admission(),
        capacity,
      });
      expect(goingOn.nextOrderId).toBe(1);
      expect(restored.snapshot()).toEqual(snapshot);
      expect(stateOf(restored)).toEqual(stateOf(engine));
      log.take();
      for (const command of flow.slice(half)) {
        perform(original, command);
        perform(restored, command);
      }
      expect(restoredLog.bytes).toEqual(log.bytes);
      expect(restored.stateHash()).toBe(original.stateHash());
      restored.checkInvariants();
    }),
    { numRuns: lawRuns },
  );
});

test("for any flow of all commands / a rejected command leaves the state as it was", () => {
  fc.assert(
    fc.property(conditionedFlow, (flow) => {
      const { engine, log } = opened();
      let before = engine.stateHash();
      for (const command of flow) {
        perform(engine, command);
        const after = engine.stateHash();
        const [first, ...others] = log.take();
        if (first?.kind === "rejected" && others.length === 0) expect(after).toBe(before);
        before = after;
      }
    }),
    { numRuns: lawRuns },
  );
});

const is =
  <Kind extends EngineEvent["kind"]>(kind: Kind) =>
  (event: EngineEvent): event is Extract<EngineEvent, { kind: Kind }> =>
    event.kind === kind;

test("for any flow of all commands / a post-only order never takes", () => {
  fc.assert(
    fc.property(conditionedFlow, (flow) => {
      const { engine, log } = opened();
      const postOnly = new Set<number>();
      for (const command of flow) {
        perform(engine, command);
        for (const event of log.take()) {
          const isPostOnly =
            (event.kind === "accepted" || event.kind === "triggered") &&
            event.conditions?.postOnly !== undefined;
          if (isPostOnly) postOnly.add(event.orderId);
          // In an auction nobody takes.
          if (event.kind === "trade" && command.kind !== "set_phase")
            expect(postOnly.has(event.takerOrderId)).toBe(false);
        }
      }
    }),
    { numRuns: lawRuns },
  );
});

test("for any flow of all commands / an iceberg never shows more than its display", () => {
  fc.assert(
    fc.property(conditionedFlow, (flow) => {
      const { engine, log } = opened();
      const displays = new Map<number, number>();
      for (const command of flow) {
        perform(engine, command);
        for (const { orderId, conditions } of log.take().filter(is("accepted"))) {
          const display = conditions?.hidden ? 0 : conditions?.displayQuantity;
          if (display !== undefined) displays.set(orderId, display);
        }
        for (const { orderId, shown } of MARKETS.flatMap(({ market }) => engine.openOrders(market)))
          expect(shown).toBeLessThanOrEqual(displays.get(orderId) ?? Number.POSITIVE_INFINITY);
      }
    }),
    { numRuns: lawRuns },
  );
});

test("for any flow of all commands / orders of one owner trade only where nobody asked for prevention", () => {
  fc.assert(
    fc.property(conditionedFlow, (flow) => {
      const { engine, log } = opened();
      const asked = new Set<number>();
      for (const command of flow) {
        perform(engine, command);
        for (const event of log.take()) {
          const asks =
            (event.kind === "accepted" || event.kind === "triggered") &&
            event.conditions?.selfTrade !== undefined;
          if (asks) asked.add(event.orderId);
          if (event.kind !== "trade" || command.kind === "set_phase") continue;
          if (event.makerAccount === event.takerAccount)
            expect(asked.has(event.takerOrderId)).toBe(false);
        }
      }
    }),
    { numRuns: lawRuns },
  );
});

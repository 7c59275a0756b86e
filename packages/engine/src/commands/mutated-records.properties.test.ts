import fc from "fast-check";
import { expect, test } from "vitest";
import { Engine } from "../engine.ts";
import { RecordWriter, recordLength, recordViews } from "../record.ts";
import { conditionedFlow, dependentFlow } from "../testing/conditioned-flow.ts";
import { EventLog } from "../testing/event-log.ts";
import { MARKETS } from "../testing/order-flow.ts";
import type { EngineCommand } from "./command.ts";
import { decodeCommand, encodeCommand, writeCommand } from "./command-codec.ts";
import { expectCommandRecord } from "./command-record.ts";

/** A byte of a record, as a part of its length, and what it is changed to; now and then none is. */
const change = fc.option(
  fc.record({
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    to: fc.oneof(fc.constantFrom(0, 1, 2, 3, 0x7f, 0x80, 0xff), fc.nat(255)),
  }),
);

/** Records as commands have them, of which a byte is another: most are still records, and some of them commands. */
const mutatedFlow: fc.Arbitrary<Uint8Array[]> = fc
  .tuple(
    fc.oneof(conditionedFlow, dependentFlow),
    fc.array(change, { minLength: 1, maxLength: 200, size: "max" }),
  )
  .map(([flow, changes]) => flow.map((command, index) => mutated(command, changes, index)));

const mutated = (
  command: EngineCommand,
  changes: readonly ({ at: number; to: number } | null)[],
  index: number,
): Uint8Array => {
  const bytes = encodeCommand(command);
  const changed = changes[index % changes.length];
  return changed ? bytes.with(Math.floor(changed.at * bytes.length), changed.to) : bytes;
};

const isRecord = (bytes: Uint8Array): boolean => {
  try {
    expectCommandRecord(recordViews(bytes), 0);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return false;
  }
};

const decoded = (bytes: Uint8Array): EngineCommand | undefined => {
  try {
    return decodeCommand(recordViews(bytes), 0);
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return undefined;
  }
};

test("for any record of which a byte is another / it is refused, or says a command that has a record which says the same", () => {
  fc.assert(
    fc.property(mutatedFlow, (records) => {
      for (const record of records) {
        const command = decoded(record);
        if (command === undefined) continue;
        expect(isRecord(record)).toBe(true);
        const writer = new RecordWriter();
        writeCommand(writer, command);
        expect(writer.length).toBe(recordLength(writer.views, 0));
        expect(decodeCommand(writer.views, 0)).toEqual(command);
      }
    }),
    { numRuns: 60 },
  );
});

test("for any records of which bytes are others / an engine does them or refuses them, and keeps its invariants", () => {
  fc.assert(
    fc.property(mutatedFlow, (records) => {
      const log = new EventLog();
      const engine = new Engine({ handler: log });
      for (const market of MARKETS) engine.perform(market);
      log.take();
      for (const record of records) {
        const before = engine.stateHash();
        if (!isRecord(record)) {
          expect(() => engine.process(recordViews(record), 0)).toThrow(RangeError);
          expect(log.take()).toEqual([]);
          expect(engine.stateHash()).toBe(before);
          continue;
        }
        engine.process(recordViews(record), 0);
        const events = log.take();
        expect(events.length).toBeGreaterThan(0);
        if (events.length === 1 && events[0]?.kind === "rejected") {
          expect(engine.stateHash()).toBe(before);
        }
        engine.checkInvariants();
      }
    }),
    { numRuns: 60 },
  );
});

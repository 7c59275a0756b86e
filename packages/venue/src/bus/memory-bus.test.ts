import { expect, test } from "vitest";
import { describeBus } from "../testing/bus-conformance.ts";
import { memoryBus } from "./memory-bus.ts";

describeBus("the bus within a process", async () => {
  const bus = memoryBus({ keepCommands: 100 });
  return { bus, publisher: bus };
});

test.each([0, -1, 1.5])("a bus can't keep %d commands", (keepCommands) => {
  expect(() => memoryBus({ keepCommands })).toThrow(RangeError);
});

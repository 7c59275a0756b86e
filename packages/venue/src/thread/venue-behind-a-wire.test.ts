import { vi } from "vitest";

// What holds of a venue holds of one in a thread of its own: the same tests, with a wire in between.
vi.mock("../sequencer/open-sequencer.ts", async () => {
  const { openBehindAWire } = await import("../testing/behind-a-wire.ts");
  return { openSequencer: openBehindAWire };
});

await import("../sequencer/sequencer.test.ts");
await import("../sequencer/sequencer.properties.test.ts");
await import("../sequencer/recovery.test.ts");
await import("../sequencer/clock-jumps.test.ts");
await import("../sequencer/judge-skip.test.ts");

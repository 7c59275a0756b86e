import { join } from "node:path";
import { openFileJournal } from "../node/file-journal.ts";
import { openFileSnapshots } from "../node/file-snapshots.ts";
import { runMachineWorker } from "../node/venue-worker.ts";
import { toyMachine } from "./toy-machine.ts";

/** What a test hands to the thread of a toy venue. */
export interface ToyVenueData {
  readonly root: string;
  readonly snapshotEvery?: number;
  /** Ends the thread after so many milliseconds, in the middle of whatever it does. */
  readonly diesAfterMs?: number;
}

await runMachineWorker(async (data) => {
  const { root, snapshotEvery = 1_000, diesAfterMs } = data as ToyVenueData;
  if (diesAfterMs !== undefined) setTimeout(() => process.exit(7), diesAfterMs);
  return {
    journal: await openFileJournal({ directory: join(root, "journal"), segmentBytes: 65_536 }),
    snapshots: await openFileSnapshots({ directory: join(root, "snapshots") }),
    snapshotEvery,
    clock: Date.now,
  };
}, toyMachine);

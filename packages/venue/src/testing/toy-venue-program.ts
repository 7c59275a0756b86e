import { join } from "node:path";
import { openFileJournal } from "../node/file-journal.ts";
import { openFileSnapshots } from "../node/file-snapshots.ts";
import { runMachineWorker } from "../node/venue-worker.ts";
import { toyMachine } from "./toy-machine.ts";

/** What a test hands to the thread of a toy venue. */
export interface ToyVenueData {
  readonly root: string;
  readonly snapshotEvery?: number;
  /** Ends the thread while it appends that frame, counted from 1, or some milliseconds later. */
  readonly diesAtFrame?: number;
}

await runMachineWorker(async (data) => {
  const { root, snapshotEvery = 1_000, diesAtFrame } = data as ToyVenueData;
  const journal = await openFileJournal({
    directory: join(root, "journal"),
    segmentBytes: 65_536,
  });
  let frames = 0;
  return {
    journal: {
      head: () => journal.head(),
      skipped: () => journal.skipped(),
      skip: (command) => journal.skip(command),
      read: (fromSequence) => journal.read(fromSequence),
      close: () => journal.close(),
      append: (frame) => {
        frames += 1;
        if (frames === diesAtFrame) setTimeout(() => process.exit(7), Math.random() * 5);
        return journal.append(frame);
      },
    },
    snapshots: await openFileSnapshots({ directory: join(root, "snapshots") }),
    snapshotEvery,
    clock: Date.now,
  };
}, toyMachine);

// The thread of the venue that `own-thread.ts` measures. Notes when the journal has kept what.
import { openFileJournal, runVenueWorker } from "@pincex/venue/node";

await runVenueWorker(async ({ directory, kept, queueLimit }) => {
  const journal = await openFileJournal({ directory });
  const notes = new Float64Array(kept);
  return {
    clock: Date.now,
    queueLimit,
    journal: {
      head: () => journal.head(),
      skipped: () => journal.skipped(),
      skip: (command) => journal.skip(command),
      read: (fromSequence) => journal.read(fromSequence),
      close: () => journal.close(),
      append: async (frame) => {
        await journal.append(frame);
        notes[0] = frame.firstSequence + frame.count - 1;
        notes[1] = performance.timeOrigin + performance.now();
      },
    },
  };
});

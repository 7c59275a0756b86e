import { openFileSnapshots, runVenueWorker } from "@pincex/venue/node";
import { openExchangeJournal } from "./exchange-journal.ts";
import type { VenuePlace } from "./exchange-venue.ts";

// The thread of an exchange's venue.
await runVenueWorker(async (data) => {
  const { journal, snapshots } = data as VenuePlace;
  return {
    journal: await openExchangeJournal(journal),
    snapshots: await openFileSnapshots({ directory: snapshots }),
    clock: Date.now,
  };
});

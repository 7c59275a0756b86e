// The thread of the venue behind the gateway that is measured with one.
import { openFileJournal, runVenueWorker } from "@pincex/venue/node";

await runVenueWorker(async ({ directory }) => ({
  clock: Date.now,
  journal: await openFileJournal({ directory }),
}));

// What a venue keeps on the disks of its machine.

export type { VenueHostOptions } from "../thread/threaded-venue.ts";
export type { VenueThreadOptions } from "../thread/venue-thread.ts";
export { type FileJournal, type FileJournalOptions, openFileJournal } from "./file-journal.ts";
export { readFileJournal } from "./file-journal-reader.ts";
export {
  type DamagedSnapshot,
  type FileSnapshots,
  type FileSnapshotsOptions,
  openFileSnapshots,
  readFileSnapshots,
} from "./file-snapshots.ts";
export { openVenueInWorker, type VenueInWorkerOptions } from "./open-venue-in-worker.ts";
export type { TornFrame } from "./segment-reader.ts";
export { runVenueWorker } from "./venue-worker.ts";

// What a venue keeps on the disks of its machine.

export { type FileJournal, type FileJournalOptions, openFileJournal } from "./file-journal.ts";
export {
  type DamagedSnapshot,
  type FileSnapshots,
  type FileSnapshotsOptions,
  openFileSnapshots,
} from "./file-snapshots.ts";
export type { TornFrame } from "./segment-reader.ts";

import { join } from "node:path";
import type { Snapshot, SnapshotStore } from "../snapshots/snapshot.ts";
import { forgettable } from "../snapshots/snapshots-kept.ts";
import { type Disk, nodeDisk } from "./disk.ts";
import { readSnapshotFile, writeSnapshotFile } from "./snapshot-file.ts";

export interface FileSnapshotsOptions {
  /** Holds the snapshots; created if need be. */
  readonly directory: string;
  /** How many of the newest to keep, at least 1. 2 unless told: one may be damaged. */
  readonly keep?: number;
}

/** A snapshot that was passed over, and why. */
export interface DamagedSnapshot {
  readonly file: string;
  readonly finding: string;
}

/** Snapshots in files of one directory. */
export interface FileSnapshots extends SnapshotStore {
  /** Those that could not be read so far. */
  readonly damaged: readonly DamagedSnapshot[];
}

/**
 * Opens a directory of snapshots. A snapshot is written under another name, and gets its own once the disk has all of it:
 * a crash leaves the ones before. One that is damaged is passed over for the one before it.
 */
export const openFileSnapshots = (options: FileSnapshotsOptions): Promise<FileSnapshots> =>
  openSnapshotsOn(nodeDisk, options);

/**
 * Reads the snapshots in a directory and leaves their writer alone: nothing is removed, and they may come and go meanwhile. It
 * can't save.
 */
export const readFileSnapshots = ({
  directory,
}: Pick<FileSnapshotsOptions, "directory">): Pick<FileSnapshots, "newest" | "damaged"> =>
  new SnapshotFiles(nodeDisk, directory, 1);

/** The same on a disk of any kind. */
export const openSnapshotsOn = async (
  disk: Disk,
  options: FileSnapshotsOptions,
): Promise<FileSnapshots> => {
  const { directory, keep = 2 } = options;
  if (!Number.isSafeInteger(keep) || keep < 1) {
    throw new RangeError(`expected to keep at least 1 snapshot, was ${keep}`);
  }
  await disk.makeDirectory(directory);
  for (const name of await disk.names(directory)) {
    if (name.endsWith(".snapshot.tmp")) await disk.remove(join(directory, name));
  }
  return new SnapshotFiles(disk, directory, keep);
};

class SnapshotFiles implements FileSnapshots {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #keep: number;
  readonly #damaged = new Map<string, DamagedSnapshot>();

  constructor(disk: Disk, directory: string, keep: number) {
    this.#disk = disk;
    this.#directory = directory;
    this.#keep = keep;
  }

  get damaged(): readonly DamagedSnapshot[] {
    return [...this.#damaged.values()];
  }

  async newest(atMost: number): Promise<Snapshot | undefined> {
    const newestFirst = (await this.#sequences()).sort((a, b) => b - a);
    for (const sequence of newestFirst) {
      if (sequence > atMost) continue;
      const snapshot = await this.#read(sequence);
      if (snapshot !== undefined) return snapshot;
    }
    return undefined;
  }

  async save(snapshot: Snapshot, needed: number): Promise<number> {
    const disk = this.#disk;
    const path = this.#path(snapshot.sequence);
    const draft = `${path}.tmp`;
    try {
      await writeSnapshotFile(disk, draft, snapshot);
      await disk.rename(draft, path);
    } catch (error) {
      await disk.remove(draft);
      throw error;
    }
    await disk.syncDirectory(this.#directory);
    const sequences = await this.#sequences();
    const forgotten = forgettable(sequences, this.#keep, needed);
    for (const sequence of forgotten) await disk.remove(this.#path(sequence));
    return Math.min(...sequences.filter((sequence) => !forgotten.includes(sequence)));
  }

  async #read(sequence: number): Promise<Snapshot | undefined> {
    const file = this.#path(sequence);
    try {
      const snapshot = await readSnapshotFile(this.#disk, file);
      if (snapshot.sequence !== sequence) throw new RangeError(`it is of ${snapshot.sequence}`);
      return snapshot;
    } catch (error) {
      // Its writer has a newer one, and has removed it since it was listed.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      this.#damaged.set(file, { file, finding: String(error) });
      return undefined;
    }
  }

  async #sequences(): Promise<number[]> {
    return (await this.#disk.names(this.#directory))
      .flatMap((name) => /^(\d{16})\.snapshot$/.exec(name)?.[1] ?? [])
      .map(Number);
  }

  #path(sequence: number): string {
    return join(this.#directory, `${String(sequence).padStart(16, "0")}.snapshot`);
  }
}

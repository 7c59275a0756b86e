import { join } from "node:path";
import { type FramePlace, GENESIS_HASH } from "../journal/frame-codec.ts";
import type { JournalHead, JournalReader, StoredFrame } from "../journal/journal.ts";
import { JournalDamaged } from "../journal/journal-errors.ts";
import type { Disk } from "./disk.ts";
import type { FileJournalOptions } from "./file-journal.ts";
import { type Machine, nodeMachine } from "./machine.ts";
import { readSegmentHeader, readStart, type SegmentPath, segmentsOf } from "./segment.ts";
import { readSegments, type SegmentPlaces } from "./segment-archive.ts";
import { lastFrame } from "./segment-reader.ts";
import { readSkippedCommands } from "./skipped-commands.ts";
import { endOfData } from "./torn-frame.ts";

/** Of a write that is under way, a reader may see a part; it is whole within this time, or never will be. */
const WRITE_MS = 500;
const LOOK_AGAIN_MS = 5;

/**
 * Reads a journal in files and leaves its writer alone: nothing is changed and no lock is taken, and it may be written
 * meanwhile. For verification and tools on the same machine.
 *
 * Its head is the last whole frame, and survives a power cut: the reader waits for the disk as the writer does. A last frame
 * that was not written to its end is passed over; any other damage throws `JournalDamaged` as in `openFileJournal`.
 *
 * @example
 * for await (const frame of readFileJournal({ directory: ".pincex/journal" }).read(1)) console.log(frame.firstSequence);
 */
export const readFileJournal = (
  options: Pick<FileJournalOptions, "directory" | "archiveDirectory">,
): JournalReader => readJournalOn(nodeMachine, options);

/** The same on a machine of any kind. */
export const readJournalOn = (
  { disk }: Machine,
  {
    directory,
    archiveDirectory: archive = join(directory, "archive"),
  }: Pick<FileJournalOptions, "directory" | "archiveDirectory">,
): JournalReader => {
  const places = { directory, archive };
  return {
    head: () => durableHead(disk, places),
    skipped: () => readSkippedCommands(disk, directory),
    read: async function* (fromSequence): AsyncGenerator<StoredFrame> {
      const { sequence } = await durableHead(disk, places);
      yield* readSegments(disk, places, fromSequence, sequence);
    },
  };
};

const durableHead = async (disk: Disk, places: SegmentPlaces): Promise<JournalHead> => {
  const segment = (await segmentsOf(disk, places.directory)).at(-1);
  if (segment === undefined) return { epoch: 0, sequence: 0, hash: GENESIS_HASH };
  try {
    return await lastDurableFrame(disk, segment);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    // It has become an older one since, and was archived.
    return await durableHead(disk, places);
  }
};

const lastDurableFrame = async (disk: Disk, { path }: SegmentPath): Promise<FramePlace> => {
  const handle = await disk.open(path, "r");
  try {
    const head = await lastWholeFrame(disk, path);
    await handle.datasync();
    return head;
  } finally {
    await handle.close();
  }
};

/** Looks again for as long as what stands behind the last frame may be one that is being written. */
const lastWholeFrame = async (disk: Disk, path: string): Promise<FramePlace> => {
  let offset = -1;
  let until = 0;
  for (;;) {
    const seen = lookAt(path, await readStart(disk, path));
    if (!seen.hasMore) return seen.ended;
    if (seen.offset > offset) until = performance.now() + WRITE_MS;
    offset = seen.offset;
    if (performance.now() > until) {
      if (seen.damage !== undefined) throw seen.damage;
      return seen.ended;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
};

interface Look {
  readonly ended: FramePlace;
  /** Where the frames end. */
  readonly offset: number;
  /** Whether there is something behind them, and what is wrong with that if no crash leaves it. */
  readonly hasMore: boolean;
  readonly damage?: JournalDamaged;
}

const lookAt = (path: string, bytes: Uint8Array): Look => {
  const begins = readSegmentHeader(path, bytes);
  try {
    const { ended, offset } = lastFrame(path, bytes);
    return { ended, offset, hasMore: endOfData(bytes) > offset };
  } catch (error) {
    if (!(error instanceof JournalDamaged)) throw error;
    return { ended: begins, offset: error.offset, hasMore: true, damage: error };
  }
};

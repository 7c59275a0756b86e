import { basename, join } from "node:path";
import type { FramePlace } from "../journal/frame-codec.ts";
import type { StoredFrame } from "../journal/journal.ts";
import { JournalDamaged } from "../journal/journal-errors.ts";
import type { Disk } from "./disk.ts";
import { copyFile, type SegmentPath, segmentsOf } from "./segment.ts";
import { readSegment } from "./segment-reader.ts";

/** Where a journal's segments are: those that a start may need, and those that only a replay of everything does. */
export interface SegmentPlaces {
  readonly directory: string;
  readonly archive: string;
}

/** All segments in order, archived ones among them. */
export const allSegments = async (
  disk: Disk,
  { directory, archive }: SegmentPlaces,
): Promise<SegmentPath[]> => {
  // In this order: a segment moves only one way, and so can be seen twice, but not missed.
  const live = await segmentsOf(disk, directory);
  const archived = await segmentsOf(disk, archive);
  const bySequence = new Map(
    [...live, ...archived].map((segment) => [segment.firstSequence, segment] as const),
  );
  return [...bySequence.values()].sort((a, b) => a.firstSequence - b.firstSequence);
};

/** The frames from the one that holds `fromSequence` to the one that ends with `last`, wherever their segments are. */
export async function* readSegments(
  disk: Disk,
  places: SegmentPlaces,
  fromSequence: number,
  last: number,
): AsyncGenerator<StoredFrame> {
  if (fromSequence > last) return;
  const segments = await allSegments(disk, places);
  const start = Math.max(0, lastIndexUpTo(segments, fromSequence));
  let ended: FramePlace | undefined;
  for (const [index, segment] of segments.entries()) {
    if (index < start || segment.firstSequence > last) continue;
    const isLast = index === segments.length - 1;
    const surroundings = { archive: places.archive, ended, last, isLast };
    for await (const frame of readSegment(disk, segment, surroundings)) {
      const sequence = frame.firstSequence + frame.count - 1;
      ended = { sequence, epoch: frame.epoch, hash: frame.hash };
      if (sequence >= fromSequence) yield frame;
    }
  }
  if (ended?.sequence !== last) {
    throw new JournalDamaged(places.directory, 0, `it ends before its head, sequence ${last}`);
  }
}

const lastIndexUpTo = (segments: readonly SegmentPath[], sequence: number): number =>
  segments.findLastIndex(({ firstSequence }) => firstSequence <= sequence);

/**
 * Moves the segments that hold nothing after `upTo` into the archive, oldest first; the last one stays. A crash leaves each
 * in one of the two places, or whole in both.
 */
export const archiveSegments = async (
  disk: Disk,
  { directory, archive }: SegmentPlaces,
  upTo: number,
  mayGoOn: () => boolean,
): Promise<void> => {
  const segments = await segmentsOf(disk, directory);
  const finished = segments.filter((_, index) => {
    const next = segments[index + 1];
    return next !== undefined && next.firstSequence <= upTo + 1;
  });
  if (finished.length === 0) return;
  await disk.makeDirectory(archive);
  for (const { path } of finished) {
    if (!mayGoOn()) return;
    await move(disk, path, join(archive, basename(path)));
  }
  await disk.syncDirectory(archive);
  await disk.syncDirectory(directory);
};

const move = async (disk: Disk, from: string, to: string): Promise<void> => {
  try {
    await disk.rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    await moveToOtherDisk(disk, from, to);
  }
};

/** The name is the copy's only when the other disk has all of it, and the original goes only when it has the name. */
const moveToOtherDisk = async (disk: Disk, from: string, to: string): Promise<void> => {
  const draft = `${to}.tmp`;
  await copyFile(disk, from, draft);
  await disk.rename(draft, to);
  await disk.syncDirectory(join(to, ".."));
  await disk.remove(from);
};

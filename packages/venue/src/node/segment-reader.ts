import { basename, join } from "node:path";
import { type FramePlace, frameBytes, readFrame } from "../journal/frame-codec.ts";
import type { StoredFrame } from "../journal/journal.ts";
import { JournalDamaged } from "../journal/journal-errors.ts";
import type { Disk } from "./disk.ts";
import { nodeDigests } from "./node-digests.ts";
import {
  assertFollows,
  type OpenSegment,
  readHead,
  readSegmentHeader,
  readStart,
  SEGMENT_HEADER_BYTES,
  type SegmentPath,
  writeAll,
} from "./segment.ts";
import { endOfData, isTornFrame } from "./torn-frame.ts";

/** A frame that was not written to its end. */
export interface TornFrame {
  readonly file: string;
  /** Where it began, in bytes. */
  readonly offset: number;
  /** How many bytes of it there were. */
  readonly bytes: number;
}

/** What is known of the journal around a segment that is read. */
interface Surroundings {
  /** Where a segment may have been moved since it was found. */
  readonly archive: string;
  /** The last frame of the segment before, if that was read. */
  readonly ended: FramePlace | undefined;
  /** Where reading stops: there may be a frame behind it whose write is on its way. */
  readonly last: number;
  /** Whether no segment follows. */
  readonly isLast: boolean;
}

/** The frames of a segment, each checked. */
export async function* readSegment(
  disk: Disk,
  { path }: SegmentPath,
  { archive, ended, last, isLast }: Surroundings,
): AsyncGenerator<StoredFrame> {
  const bytes = await readWhereverItIs(disk, path, archive);
  let before = readSegmentHeader(path, bytes);
  if (ended !== undefined) assertFollows(path, before, ended);
  let offset = SEGMENT_HEADER_BYTES;
  const end = isLast ? Number.POSITIVE_INFINITY : endOfData(bytes);
  while (offset < end && before.sequence < last) {
    const frame = readFrame(bytes, offset, before, nodeDigests);
    if ("fault" in frame) throw new JournalDamaged(path, offset, frame.fault);
    offset += frameBytes(frame.payload.length);
    before = placeOf(frame);
    yield frame;
  }
}

const readWhereverItIs = async (disk: Disk, path: string, archive: string): Promise<Uint8Array> => {
  try {
    return await readStart(disk, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return readStart(disk, join(archive, basename(path)));
  }
};

/** Where a journal ends, after its last segment was read whole. */
export interface LastSegment {
  readonly ended: FramePlace;
  readonly segment: OpenSegment;
  readonly torn: TornFrame | undefined;
}

/**
 * Opens the last segment for writing behind its last whole frame, and clears away one that was not written to its end.
 *
 * That frame may be in memory alone: its writer was killed before the disk had it, or told that the disk failed. It is written
 * once more, and the disk waited for, before anything is built on it; after a failed `fdatasync` a second one alone would
 * find nothing to do.
 */
export const openLastSegment = async (
  disk: Disk,
  segments: readonly SegmentPath[],
): Promise<LastSegment | undefined> => {
  await assertChained(disk, segments);
  const path = segments.at(-1)?.path;
  if (path === undefined) return undefined;
  const bytes = await readStart(disk, path);
  const { begins, ended, offset } = lastFrame(path, bytes);
  const end = endOfData(bytes);
  const handle = await disk.open(path, "r+");
  const segment = { path, handle, bytes: bytes.length, position: offset };
  const torn = end > offset ? { file: path, offset, bytes: end - offset } : undefined;
  try {
    await writeAll(handle, bytes.fill(0, offset).subarray(begins, Math.max(end, offset)), begins);
    await handle.datasync();
  } catch (error) {
    await handle.close();
    throw error;
  }
  return { ended, segment, torn };
};

const assertChained = async (disk: Disk, segments: readonly SegmentPath[]): Promise<void> => {
  let sequence = -1;
  for (const { path } of segments) {
    const { start, size } = await readHead(disk, path, SEGMENT_HEADER_BYTES);
    const begins = readSegmentHeader(path, start, size);
    if (begins.sequence <= sequence) {
      throw new JournalDamaged(path, 0, `it follows sequence ${begins.sequence} a second time`);
    }
    sequence = begins.sequence;
  }
};

/** The last whole frame, where it begins and where it ends. What stands behind it is zeros or a torn frame. */
export const lastFrame = (
  path: string,
  bytes: Uint8Array,
): { readonly ended: FramePlace; readonly begins: number; readonly offset: number } => {
  let ended = readSegmentHeader(path, bytes);
  let begins = SEGMENT_HEADER_BYTES;
  let offset = begins;
  const end = endOfData(bytes);
  while (offset < end) {
    const frame = readFrame(bytes, offset, ended, nodeDigests);
    if (!("fault" in frame)) {
      begins = offset;
      offset += frameBytes(frame.payload.length);
      ended = placeOf(frame);
      continue;
    }
    if (isTornFrame(bytes, offset, ended)) break;
    throw new JournalDamaged(path, offset, frame.fault);
  }
  return { begins, ended, offset };
};

const placeOf = (frame: StoredFrame): FramePlace => ({
  sequence: frame.firstSequence + frame.count - 1,
  epoch: frame.epoch,
  hash: frame.hash,
});

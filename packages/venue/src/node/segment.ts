import { basename, dirname, join } from "node:path";
import { type FramePlace, sameBytes } from "../journal/frame-codec.ts";
import { JournalDamaged } from "../journal/journal-errors.ts";
import type { Disk, DiskFile } from "./disk.ts";
import { nodeDigests } from "./node-digests.ts";

/**
 * A segment is a file of fixed size, written full of zeros before its first frame: overwriting what is allocated changes
 * neither the file's size nor its blocks, so `fdatasync` has no metadata to wait for (1.5 times as fast on a quiet disk,
 * far more on a busy one). It begins with a header, little-endian:
 *
 * -  0: "PXSG"; 4: version (u32)
 * -  8: sequence of its first command; 16: epoch of the frame before (doubles)
 * - 24: SHA-256 of the frame before
 * - 56: size of the file (double)
 * - 64: shard (u32), zero; 68: CRC-32 of bytes 0 to 68
 */
export const SEGMENT_HEADER_BYTES = 72;

const MAGIC = 0x47535850; // "PXSG"
const VERSION = 1;
const PIECE_BYTES = 1 << 20;
const ZEROS = new Uint8Array(PIECE_BYTES);

/** A segment that is being written, and how far. */
export interface OpenSegment {
  readonly path: string;
  readonly handle: DiskFile;
  readonly bytes: number;
  /** Where the next frame goes. */
  position: number;
}

/** A file of zeros on disk that is no segment yet. */
export interface SegmentDraft {
  readonly path: string;
  readonly handle: DiskFile;
  readonly bytes: number;
}

/** Each writer has a name of its own for the segment to come, so that none can take another's for its own. */
export const draftName = (epoch: number): string => `next-segment-${epoch}.tmp`;

export const isDraftName = (name: string): boolean => /^next-segment.*\.tmp$/.test(name);

/** Writes a file of zeros, unless `signal` aborts it. What an error leaves behind is removed: the disk may be full. */
export const draftSegment = async (
  disk: Disk,
  path: string,
  bytes: number,
  signal: AbortSignal,
): Promise<SegmentDraft> => {
  const handle = await disk.open(path, "w+");
  const draft = { path, handle, bytes };
  try {
    for (let at = 0; at < bytes; at += ZEROS.length) {
      signal.throwIfAborted();
      await writeAll(handle, ZEROS.subarray(0, Math.min(ZEROS.length, bytes - at)), at);
      // In pieces, so that frames written meanwhile don't wait behind all of it.
      await handle.datasync();
    }
    await handle.sync();
    return draft;
  } catch (error) {
    await discardDraft(disk, draft);
    throw error;
  }
};

export const discardDraft = async (disk: Disk, { path, handle }: SegmentDraft): Promise<void> => {
  await handle.close();
  await disk.remove(path);
};

/**
 * Makes a draft the segment that follows `before`: its header is on disk before its name is. `assertHeld` is asked last thing
 * before, since a segment of this name may be another writer's by now.
 */
export const beginSegment = async (
  disk: Disk,
  draft: SegmentDraft,
  before: FramePlace,
  assertHeld: () => void,
): Promise<OpenSegment> => {
  const path = join(dirname(draft.path), segmentName(before.sequence + 1));
  const { handle, bytes } = draft;
  try {
    await writeAll(handle, segmentHeader(before, bytes), 0);
    await handle.datasync();
    assertHeld();
    await disk.rename(draft.path, path);
    await disk.syncDirectory(dirname(path));
  } catch (error) {
    await handle.close();
    throw error;
  }
  return { path, handle, bytes, position: SEGMENT_HEADER_BYTES };
};

/** What follows the frame before a segment, or the journal's beginning. Throws `JournalDamaged` unless it can be believed. */
export const readSegmentHeader = (
  path: string,
  bytes: Uint8Array,
  fileBytes: number = bytes.length,
): FramePlace => {
  const name = basename(path);
  if (bytes.length < SEGMENT_HEADER_BYTES) {
    throw new JournalDamaged(path, 0, "it is shorter than a segment's header");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, SEGMENT_HEADER_BYTES);
  const sequence = view.getFloat64(8, true) - 1;
  if (view.getUint32(68, true) !== nodeDigests.crc32(bytes.subarray(0, 68))) {
    throw new JournalDamaged(path, 0, "the segment's header has a wrong CRC");
  }
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== VERSION) {
    throw new JournalDamaged(path, 0, `it is not a segment of version ${VERSION}`);
  }
  if (name !== segmentName(sequence + 1)) {
    throw new JournalDamaged(path, 0, `it is the segment ${segmentName(sequence + 1)}`);
  }
  const size = view.getFloat64(56, true);
  if (size !== fileBytes) {
    throw new JournalDamaged(path, 0, `it has ${fileBytes} bytes and was made with ${size}`);
  }
  return { sequence, epoch: view.getFloat64(16, true), hash: bytes.slice(24, 56) };
};

const segmentHeader = (before: FramePlace, fileBytes: number): Uint8Array => {
  const header = new Uint8Array(SEGMENT_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setFloat64(8, before.sequence + 1, true);
  view.setFloat64(16, before.epoch, true);
  header.set(before.hash, 24);
  view.setFloat64(56, fileBytes, true);
  view.setUint32(68, nodeDigests.crc32(header.subarray(0, 68)), true);
  return header;
};

/** Throws `JournalDamaged` unless the segment at `path` takes up where the one before it ended. */
export const assertFollows = (path: string, begins: FramePlace, ended: FramePlace): void => {
  if (begins.sequence !== ended.sequence || !sameBytes(begins.hash, ended.hash)) {
    throw new JournalDamaged(
      path,
      0,
      `it follows sequence ${begins.sequence}, but the segment before ends with ${ended.sequence} or another hash`,
    );
  }
};

const segmentName = (firstSequence: number): string =>
  `${String(firstSequence).padStart(16, "0")}.journal`;

/** A segment's file and the sequence of its first command. */
export interface SegmentPath {
  readonly path: string;
  readonly firstSequence: number;
}

/** The segments in a directory, in order; none if there is no such directory. */
export const segmentsOf = async (disk: Disk, directory: string): Promise<SegmentPath[]> =>
  (await namesIn(disk, directory))
    .filter((name) => /^\d{16}\.journal$/.test(name))
    .sort()
    .map((name) => ({ path: join(directory, name), firstSequence: Number(name.slice(0, 16)) }));

const namesIn = async (disk: Disk, directory: string): Promise<string[]> => {
  try {
    return await disk.names(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
};

/** One `write`, all or an error: a short one means that the disk is full. */
export const writeAll = async (
  handle: DiskFile,
  bytes: Uint8Array,
  position: number,
): Promise<void> => {
  const { bytesWritten } = await handle.write(bytes, 0, bytes.length, position);
  if (bytesWritten !== bytes.length) {
    const error = new Error(`wrote ${bytesWritten} of ${bytes.length} bytes: is the disk full?`);
    throw Object.assign(error, { code: "ENOSPC" });
  }
};

/** Copies a file, and waits until the disk has the copy. */
export const copyFile = async (disk: Disk, from: string, to: string): Promise<void> => {
  const source = await disk.open(from, "r");
  try {
    const { size } = await source.stat();
    const target = await disk.open(to, "w");
    try {
      const piece = new Uint8Array(Math.min(size, PIECE_BYTES));
      for (let at = 0; at < size; ) {
        const { bytesRead } = await source.read(piece, 0, Math.min(piece.length, size - at), at);
        if (bytesRead === 0) throw new Error(`${from} ended at ${at} of ${size} bytes`);
        await writeAll(target, piece.subarray(0, bytesRead), at);
        at += bytesRead;
      }
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
};

/** Reads the first bytes of a file, fewer if it is shorter; into memory of their own, so that records in it are aligned. */
export const readStart = async (disk: Disk, path: string, bytes?: number): Promise<Uint8Array> => {
  const { start } = await readHead(disk, path, bytes);
  return start;
};

/** The same, and how large the whole file is. */
export const readHead = async (
  disk: Disk,
  path: string,
  bytes: number = Number.POSITIVE_INFINITY,
): Promise<{ start: Uint8Array; size: number }> => {
  const handle = await disk.open(path, "r");
  try {
    const { size } = await handle.stat();
    const wanted = Math.min(bytes, size);
    const target = new Uint8Array(wanted);
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await handle.read(target, filled, wanted - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return { start: target.subarray(0, filled), size };
  } finally {
    await handle.close();
  }
};

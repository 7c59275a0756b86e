import { type FileHandle, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type FramePlace, sameBytes } from "../journal/frame-codec.ts";
import { JournalDamaged } from "../journal/journal-errors.ts";
import { syncDirectory } from "./durable-directory.ts";
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
const DRAFT_NAME = "next-segment.tmp";
const ZEROS = new Uint8Array(1 << 20);

/** A segment that is being written, and how far. */
export interface OpenSegment {
  readonly path: string;
  readonly handle: FileHandle;
  readonly bytes: number;
  /** Where the next frame goes. */
  position: number;
}

/** A file of zeros on disk that is no segment yet. */
export interface SegmentDraft {
  readonly path: string;
  readonly handle: FileHandle;
  readonly bytes: number;
}

/** Writes a file of zeros, unless `signal` aborts it. What an error leaves behind is removed: the disk may be full. */
export const draftSegment = async (
  directory: string,
  bytes: number,
  signal: AbortSignal,
): Promise<SegmentDraft> => {
  const path = join(directory, DRAFT_NAME);
  const handle = await open(path, "w+", 0o600);
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
    await discardDraft(draft);
    throw error;
  }
};

export const discardDraft = async ({ path, handle }: SegmentDraft): Promise<void> => {
  await handle.close();
  await rm(path, { force: true });
};

/** Makes a draft the segment that follows `before`: its header is on disk before its name is. */
export const beginSegment = async (
  draft: SegmentDraft,
  before: FramePlace,
): Promise<OpenSegment> => {
  const path = join(dirname(draft.path), segmentName(before.sequence + 1));
  await writeAll(draft.handle, segmentHeader(before, draft.bytes), 0);
  await draft.handle.datasync();
  await rename(draft.path, path);
  await syncDirectory(dirname(path));
  const { handle, bytes } = draft;
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

/** The segments of a journal in order. */
export const segmentsOf = async (directory: string): Promise<SegmentPath[]> =>
  (await readdir(directory))
    .filter((name) => /^\d{16}\.journal$/.test(name))
    .sort()
    .map((name) => ({ path: join(directory, name), firstSequence: Number(name.slice(0, 16)) }));

/** One `write`, all or an error: a short one means that the disk is full. */
export const writeAll = async (
  handle: FileHandle,
  bytes: Uint8Array,
  position: number,
): Promise<void> => {
  const { bytesWritten } = await handle.write(bytes, 0, bytes.length, position);
  if (bytesWritten !== bytes.length) {
    throw new Error(`wrote ${bytesWritten} of ${bytes.length} bytes: is the disk full?`);
  }
};

/** Reads the first bytes of a file, fewer if it is shorter; into memory of their own, so that records in it are aligned. */
export const readStart = async (path: string, bytes?: number): Promise<Uint8Array> => {
  const handle = await open(path, "r");
  try {
    const wanted = bytes ?? (await handle.stat()).size;
    const target = new Uint8Array(wanted);
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await handle.read(target, filled, wanted - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return target.subarray(0, filled);
  } finally {
    await handle.close();
  }
};

import { createHash } from "node:crypto";
import type { Snapshot } from "../snapshots/snapshot.ts";
import type { Disk } from "./disk.ts";
import { readStart, writeAll } from "./segment.ts";

/**
 * A snapshot in a file, little-endian, each part padded to a multiple of 8:
 *
 * -  0: "PXSN"; 4: version (u32)
 * -  8: sequence; 16: time (doubles)
 * - 24: SHA-256 of the journal's frame
 * - 56: how many sections (u32); 60: four bytes of zero
 * - each section: length of its name (u32), four bytes of zero, length of its data (double), name, data
 * - last 32: SHA-256 of everything before
 */
const MAGIC = 0x4e535850; // "PXSN"
const VERSION = 1;
const HEADER_BYTES = 64;
const SECTION_HEADER_BYTES = 16;
const HASH_BYTES = 32;
const PIECE_BYTES = 1 << 20;

/** Writes a new file and waits until the disk has it. In pieces, so that commands don't wait for all of a large state. */
export const writeSnapshotFile = async (
  disk: Disk,
  path: string,
  snapshot: Snapshot,
): Promise<void> => {
  const handle = await disk.open(path, "w");
  let end = 0;
  const add = async (bytes: Uint8Array): Promise<void> => {
    await writeAll(handle, bytes, end);
    end += bytes.length;
  };
  try {
    const hash = createHash("sha256");
    for (const part of partsOf(snapshot)) {
      for (let at = 0; at < part.length; at += PIECE_BYTES) {
        const piece = part.subarray(at, at + PIECE_BYTES);
        hash.update(piece);
        await add(piece);
      }
    }
    await add(hash.digest());
    await handle.sync();
  } finally {
    await handle.close();
  }
};

function* partsOf({ sequence, time, journalHash, sections }: Snapshot): Generator<Uint8Array> {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setFloat64(8, sequence, true);
  view.setFloat64(16, time, true);
  header.set(journalHash, 24);
  view.setUint32(56, sections.size, true);
  yield header;
  for (const [name, data] of sections) {
    const nameBytes = new TextEncoder().encode(name);
    const opening = new Uint8Array(SECTION_HEADER_BYTES + padded(nameBytes.length));
    const openingView = new DataView(opening.buffer);
    openingView.setUint32(0, nameBytes.length, true);
    openingView.setFloat64(8, data.length, true);
    opening.set(nameBytes, SECTION_HEADER_BYTES);
    yield opening;
    yield data;
    yield new Uint8Array(padded(data.length) - data.length);
  }
}

/** Reads a file back. Throws a `RangeError` that says what is wrong with it. */
export const readSnapshotFile = async (disk: Disk, path: string): Promise<Snapshot> => {
  const bytes = await readStart(disk, path);
  if (bytes.length < HEADER_BYTES + HASH_BYTES) {
    throw new RangeError(`expected a snapshot, was ${bytes.length} bytes`);
  }
  const content = bytes.subarray(0, bytes.length - HASH_BYTES);
  const hash = createHash("sha256").update(content).digest();
  if (!hash.equals(bytes.subarray(content.length))) {
    throw new RangeError("expected a snapshot with its hash at the end, was another hash");
  }
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== VERSION) {
    throw new RangeError(`expected a snapshot of version ${VERSION}, was something else`);
  }
  return {
    sequence: view.getFloat64(8, true),
    time: view.getFloat64(16, true),
    journalHash: content.slice(24, 56),
    sections: sectionsIn(content, view),
  };
};

const sectionsIn = (content: Uint8Array, view: DataView): Map<string, Uint8Array> => {
  const sections = new Map<string, Uint8Array>();
  let at = HEADER_BYTES;
  for (let left = view.getUint32(56, true); left > 0; left -= 1) {
    const nameBytes = view.getUint32(at, true);
    const dataBytes = view.getFloat64(at + 8, true);
    const nameAt = at + SECTION_HEADER_BYTES;
    const dataAt = nameAt + padded(nameBytes);
    const name = new TextDecoder().decode(content.subarray(nameAt, nameAt + nameBytes));
    sections.set(name, content.subarray(dataAt, dataAt + dataBytes));
    at = dataAt + padded(dataBytes);
  }
  return sections;
};

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

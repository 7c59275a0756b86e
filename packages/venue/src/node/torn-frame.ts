import {
  FRAME_HEADER_BYTES,
  type FramePlace,
  readFrameHeader,
  writeFrame,
} from "../journal/frame-codec.ts";
import { nodeDigests } from "./node-digests.ts";

/** What a disk writes whole or not at all. */
const SECTOR_BYTES = 512;

/** Where the last byte that isn't zero ends; 0 if all are zero. The length is a multiple of 8. */
export const endOfData = (bytes: Uint8Array): number => {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  let word = words.length;
  while (word > 0 && words[word - 1] === 0) word -= 1;
  let end = word * 4;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return end;
};

/**
 * Whether what stands at `offset` of a segment, which is no valid frame, can be a frame whose write was cut short. Its
 * writer then never learned that it was kept, so nothing in it was acknowledged.
 *
 * A write over zeros that a crash cuts short leaves zeros: from some byte to the end, or in whole sectors anywhere, since a
 * disk may write them in any order. Whatever is not zero must be what was written, and nothing may stand behind the frame:
 * only one is written at a time. All else was whole once, and is damaged.
 */
export const isTornFrame = (segment: Uint8Array, offset: number, before: FramePlace): boolean => {
  const end = endOfData(segment);
  const header = readFrameHeader(segment, offset, nodeDigests);
  if (header === undefined) {
    return isTornHeader(segment, offset, end, before) && !hasHeaderWithin(segment, offset + 8, end);
  }
  const frameEnd = offset + header.length;
  if (!knownBytesStand(segment, offset, offset + FRAME_HEADER_BYTES, before)) return false;
  if (frameEnd > segment.length || end > frameEnd) return false;
  return end < frameEnd || hasLostSector(segment, offset, frameEnd);
};

const isTornHeader = (
  segment: Uint8Array,
  offset: number,
  end: number,
  before: FramePlace,
): boolean => {
  const headerEnd = offset + FRAME_HEADER_BYTES;
  let lost = end < headerEnd;
  for (const [from, to] of sectorsIn(offset, headerEnd)) {
    if (isZero(segment, from, to)) lost = true;
    else if (!knownBytesStand(segment, from, Math.min(to, end), before, offset)) return false;
  }
  return lost;
};

/** Whether the bytes of a header that can be told in advance are what they must be, between two offsets. */
const knownBytesStand = (
  segment: Uint8Array,
  from: number,
  to: number,
  before: FramePlace,
  offset = from,
): boolean => {
  const expected = expectedHeader(before);
  for (let at = from; at < to; at += 1) {
    const known = expected[at - offset];
    if (known !== undefined && known !== segment[at]) return false;
  }
  return true;
};

/** The header of the frame that follows `before`, undefined where it depends on what is in it. */
const expectedHeader = (before: FramePlace): (number | undefined)[] => {
  const sample = {
    epoch: 1,
    firstSequence: before.sequence + 1,
    count: 1,
    payload: new Uint8Array(8),
  };
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + 16);
  writeFrame(bytes, 0, sample, before.hash, nodeDigests);
  const isKnown = (at: number): boolean =>
    at < 8 || (at >= 16 && at < 24) || (at >= 32 && at < FRAME_HEADER_BYTES - 4);
  return Array.from(bytes.subarray(0, FRAME_HEADER_BYTES), (byte, at) =>
    isKnown(at) ? byte : undefined,
  );
};

const hasHeaderWithin = (segment: Uint8Array, from: number, to: number): boolean => {
  for (let at = from; at < to; at += 8) {
    if (readFrameHeader(segment, at, nodeDigests) !== undefined) return true;
  }
  return false;
};

const hasLostSector = (segment: Uint8Array, from: number, to: number): boolean => {
  for (const [start, end] of sectorsIn(from, to)) {
    if (isZero(segment, start, end)) return true;
  }
  return false;
};

/** The parts of a range, cut where the file's sectors meet. */
function* sectorsIn(from: number, to: number): Generator<[number, number]> {
  for (let start = from; start < to; ) {
    const next = Math.min(to, (Math.floor(start / SECTOR_BYTES) + 1) * SECTOR_BYTES);
    yield [start, next];
    start = next;
  }
}

const isZero = (bytes: Uint8Array, from: number, to: number): boolean => {
  for (let at = from; at < to; at += 1) {
    if (bytes[at] !== 0) return false;
  }
  return true;
};

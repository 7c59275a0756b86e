import type { Digests } from "./digests.ts";
import type { Frame, StoredFrame } from "./journal.ts";

/**
 * A frame in bytes, little-endian, a multiple of 8 long:
 *
 * -  0: "PXFR"; 4: version (u16), two bytes of zero
 * -  8: epoch; 16: first sequence (doubles)
 * - 24: count; 28: bytes of payload (u32)
 * - 32: SHA-256 of the frame before
 * - 64: shard (u32), zero until there is more than one; 68: CRC-32 of bytes 0 to 68
 * - 72: the payload
 * - last 8: CRC-32 of the payload, continued from that of the header; "END!"
 *
 * The header has a CRC of its own so that the length can be believed before the payload is read. The mark at the end
 * tells a frame whose write was cut short, over zeros, from one that was whole and then damaged.
 */
export const FRAME_HEADER_BYTES = 72;
const FRAME_TRAILER_BYTES = 8;
/** Of everything but its payload. */
const FRAME_OVERHEAD_BYTES: number = FRAME_HEADER_BYTES + FRAME_TRAILER_BYTES;

const MAGIC = 0x52465850; // "PXFR"
const VERSION = 1;
const END_MARK = 0x21444e45; // "END!"
const SHARD = 0;

/**
 * What the first frame calls the hash of the frame before it: SHA-256 of "pincex journal". Not zeros, so that a header has
 * no zeros in a row and one that was never written can be told from one that was.
 */
export const GENESIS_HASH: Uint8Array = Uint8Array.from(
  "e0257988ea39357068812fb4309969b4e121e639b9a63a3c239e5b06b82ed331".match(/../g) ?? [],
  (byte) => Number.parseInt(byte, 16),
);

export const frameBytes = (payloadBytes: number): number => FRAME_OVERHEAD_BYTES + payloadBytes;

/** Writes the frame at `offset` of `target`, which has room for it, and returns its hash. */
export const writeFrame = (
  target: Uint8Array,
  offset: number,
  frame: Frame,
  previousHash: Uint8Array,
  digests: Digests,
): Uint8Array => {
  assertFrame(frame);
  const payloadBytes = frame.payload.length;
  const length = frameBytes(payloadBytes);
  const view = new DataView(target.buffer, target.byteOffset + offset, length);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setFloat64(8, frame.epoch, true);
  view.setFloat64(16, frame.firstSequence, true);
  view.setUint32(24, frame.count, true);
  view.setUint32(28, payloadBytes, true);
  target.set(previousHash, offset + 32);
  view.setUint32(64, SHARD, true);
  const headerCrc = digests.crc32(target.subarray(offset, offset + 68));
  view.setUint32(68, headerCrc, true);
  target.set(frame.payload, offset + FRAME_HEADER_BYTES);
  view.setUint32(length - 8, digests.crc32(frame.payload, headerCrc), true);
  view.setUint32(length - 4, END_MARK, true);
  return digests.sha256(target.subarray(offset, offset + length));
};

/** The frame alone, as the bytes that a row or a message holds, and its hash. */
export const encodeFrame = (
  frame: Frame,
  previousHash: Uint8Array,
  digests: Digests,
): { bytes: Uint8Array; hash: Uint8Array } => {
  const bytes = new Uint8Array(frameBytes(frame.payload.length));
  return { bytes, hash: writeFrame(bytes, 0, frame, previousHash, digests) };
};

export const assertFrame = (frame: Frame): void => {
  const { count, epoch, firstSequence, payload } = frame;
  if (!Number.isSafeInteger(epoch) || epoch < 1) {
    throw new RangeError(`expected an epoch from 1, was ${epoch}`);
  }
  if (!Number.isSafeInteger(firstSequence) || firstSequence < 1) {
    throw new RangeError(`expected a first sequence from 1, was ${firstSequence}`);
  }
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(`expected at least one command in a frame, was ${count}`);
  }
  if (payload.length === 0 || payload.length % 8 !== 0) {
    throw new RangeError(`expected a payload in words of 8 bytes, was ${payload.length} bytes`);
  }
};

/** What a header says, if it can be believed: its own CRC holds. */
export interface FrameHeader {
  readonly epoch: number;
  readonly firstSequence: number;
  readonly count: number;
  /** Of the whole frame. */
  readonly length: number;
}

/** The header at `offset`, or undefined if there is no whole and undamaged one. */
export const readFrameHeader = (
  bytes: Uint8Array,
  offset: number,
  digests: Digests,
): FrameHeader | undefined => {
  if (offset + FRAME_HEADER_BYTES > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, FRAME_HEADER_BYTES);
  if (view.getUint32(0, true) !== MAGIC) return undefined;
  if (view.getUint32(68, true) !== digests.crc32(bytes.subarray(offset, offset + 68))) {
    return undefined;
  }
  return {
    epoch: view.getFloat64(8, true),
    firstSequence: view.getFloat64(16, true),
    count: view.getUint32(24, true),
    length: frameBytes(view.getUint32(28, true)),
  };
};

/** What a frame must agree with: what stood before it. */
export interface FramePlace {
  readonly sequence: number;
  readonly epoch: number;
  readonly hash: Uint8Array;
}

/** Why bytes are not the frame that belongs at their place. */
export interface FrameFault {
  readonly fault: string;
}

/** The frame at `offset` that follows `before`, or what is wrong with it. Its payload is a view of `bytes`. */
export const readFrame = (
  bytes: Uint8Array,
  offset: number,
  before: FramePlace,
  digests: Digests,
): StoredFrame | FrameFault => {
  const header = readFrameHeader(bytes, offset, digests);
  if (header === undefined) return { fault: "no whole frame header with a valid CRC" };
  const end = offset + header.length;
  if (end > bytes.length) return { fault: "the frame is longer than what holds it" };
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, header.length);
  const payload = bytes.subarray(offset + FRAME_HEADER_BYTES, end - FRAME_TRAILER_BYTES);
  if (view.getUint32(header.length - 4, true) !== END_MARK) return { fault: "no mark at its end" };
  const payloadCrc = digests.crc32(payload, view.getUint32(68, true));
  if (view.getUint32(header.length - 8, true) !== payloadCrc) return { fault: "wrong CRC" };
  const version = view.getUint32(4, true);
  if (version !== VERSION) return { fault: `frame version ${version}, expected ${VERSION}` };
  if (view.getUint32(64, true) !== SHARD) return { fault: "a frame of another shard" };
  if (header.firstSequence !== before.sequence + 1) {
    return { fault: `sequence ${header.firstSequence} follows ${before.sequence}` };
  }
  if (header.epoch < before.epoch) {
    return { fault: `epoch ${header.epoch} follows ${before.epoch}` };
  }
  const previousHash = bytes.subarray(offset + 32, offset + 64);
  if (!sameBytes(previousHash, before.hash)) {
    return { fault: "its hash of the frame before is not that frame's" };
  }
  const { epoch, firstSequence, count } = header;
  const hash = digests.sha256(bytes.subarray(offset, end));
  return { epoch, firstSequence, count, payload, previousHash, hash };
};

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

import { copyBytes } from "../sequencer/batch.ts";

/** Positions and flags before the bytes: a cache line each, so that two threads don't take them from one another. */
const HEAD = 0;
const TAIL = 16;
const ASLEEP = 32;
const STARVED = 48;
const CONTROL_BYTES = 256;
const HEADER_BYTES = 16;
/** In place of a length: nothing more up to the end of the memory. */
const SKIP = 0xffff_ffff;
const LARGEST_BYTES = 1 << 30;

/** Hears a message. The bytes are the ring's own, and another's as soon as the call returns. */
export type OnMessage = (kind: number, number: number, payload: Uint8Array) => void;

/**
 * Messages from one thread to one other, in shared memory and in order. A message is a kind, a number that goes with it, and
 * bytes; it takes 16 bytes more than those, and the next begins at a multiple of 8.
 */
export class ByteRing {
  readonly #control: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #u32: Uint32Array;
  readonly #f64: Float64Array;
  readonly #mask: number;

  constructor(memory: SharedArrayBuffer) {
    this.#control = new Int32Array(memory, 0, CONTROL_BYTES >> 2);
    this.#bytes = new Uint8Array(memory, CONTROL_BYTES);
    this.#u32 = new Uint32Array(memory, CONTROL_BYTES);
    this.#f64 = new Float64Array(memory, CONTROL_BYTES);
    this.#mask = this.#bytes.length - 1;
  }

  /** The memory of a ring of that many bytes, a power of two. Throws a `RangeError` for another number. */
  static memory(bytes: number): SharedArrayBuffer {
    const isPower = Number.isSafeInteger(bytes) && bytes >= 64 && bytes <= LARGEST_BYTES;
    if (!isPower || (bytes & (bytes - 1)) !== 0) {
      throw new RangeError(`expected a ring of 64 bytes, or of twice that, …, was ${bytes}`);
    }
    return new SharedArrayBuffer(CONTROL_BYTES + bytes);
  }

  /** The longest payload that always finds room in an empty ring, wherever that begins. */
  get longest(): number {
    return (this.#bytes.length >> 1) - HEADER_BYTES;
  }

  /** False if there is no room now; then nothing is written. */
  write(kind: number, number: number, payload: Uint8Array): boolean {
    const control = this.#control;
    const tail = control[TAIL] ?? 0;
    const free = this.#bytes.length - ((tail - Atomics.load(control, HEAD)) | 0);
    const needed = HEADER_BYTES + ((payload.length + 7) & ~7);
    let at = tail & this.#mask;
    const toEnd = this.#bytes.length - at;
    const skipped = needed > toEnd ? toEnd : 0;
    if (skipped + needed > free) return false;
    if (skipped > 0) {
      this.#u32[at >> 2] = SKIP;
      at = 0;
    }
    this.#u32[at >> 2] = payload.length;
    this.#u32[(at >> 2) + 1] = kind;
    this.#f64[(at >> 3) + 1] = number;
    copyBytes(payload, this.#bytes, at + HEADER_BYTES);
    Atomics.store(control, TAIL, (tail + skipped + needed) | 0);
    return true;
  }

  /** Where the last message that is there by now ends, for `read`. */
  get end(): number {
    return Atomics.load(this.#control, TAIL);
  }

  /** Reads a message, if one begins before `end`. */
  read(end: number, onMessage: OnMessage): boolean {
    const control = this.#control;
    let head = control[HEAD] ?? 0;
    if (head === end) return false;
    let at = head & this.#mask;
    if (this.#u32[at >> 2] === SKIP) {
      head = (head + this.#bytes.length - at) | 0;
      at = 0;
    }
    const length = this.#u32[at >> 2] ?? 0;
    const start = at + HEADER_BYTES;
    try {
      const payload = this.#bytes.subarray(start, start + length);
      onMessage(this.#u32[(at >> 2) + 1] ?? 0, this.#f64[(at >> 3) + 1] ?? 0, payload);
    } finally {
      Atomics.store(control, HEAD, (head + HEADER_BYTES + ((length + 7) & ~7)) | 0);
    }
    return true;
  }

  /** The reader will not look again until it is woken; false if there is something to read after all. */
  sleep(): boolean {
    Atomics.store(this.#control, ASLEEP, 1);
    if (this.end === this.#control[HEAD]) return true;
    Atomics.store(this.#control, ASLEEP, 0);
    return false;
  }

  /** For the writer: whether the reader sleeps, and is to be woken. True once for each sleep. */
  mustWake(): boolean {
    return Atomics.exchange(this.#control, ASLEEP, 0) === 1;
  }

  /** The writer waits for room. */
  starve(): void {
    Atomics.store(this.#control, STARVED, 1);
  }

  /** For the reader: whether the writer is to be told that there is room. True once for each time that it waits. */
  mustFeed(): boolean {
    return Atomics.exchange(this.#control, STARVED, 0) === 1;
  }
}

/** From this size on, memory grows in place. To copy less than that takes less than half a millisecond. */
const LARGE = 1 << 20;
/** Addresses reserved for memory that grows in place, in bytes; they cost nothing until they are used. Beyond it is copied. */
const RESERVED = 2 ** 31;

/** `SharedArrayBuffer` as ECMAScript 2024 has it. */
interface GrowableBuffer extends SharedArrayBuffer {
  grow(bytes: number): void;
}
interface GrowableBufferClass {
  new (bytes: number, options: { maxByteLength: number }): GrowableBuffer;
}

/**
 * Zeroed memory for records, that doubles when they are too many. Whoever has views of it takes new ones then.
 *
 * Copying the records of a million orders would be a pause of 25 to 45 milliseconds, so that large memory grows in place. Only
 * a shared buffer can: a view of a resizable `ArrayBuffer`, which might shrink under it, makes V8 look at
 * the buffer at each access (the engine was 3 to 11 percent slower with the order pool alone in one), and WebAssembly memory
 * made every access slower. Nothing is shared with anybody. Where there are no growable shared buffers, as in a web page
 * that is not cross-origin isolated, memory is copied.
 */
export class GrowingMemory {
  private buffer: ArrayBuffer | SharedArrayBuffer;

  /** `bytes` is a multiple of 8. */
  constructor(bytes: number) {
    this.buffer = memoryOf(bytes);
  }

  /** A new view of all of it. */
  i32(): Int32Array {
    return new Int32Array(this.buffer, 0, this.buffer.byteLength >> 2);
  }

  /** A new view of all of it. */
  f64(): Float64Array {
    return new Float64Array(this.buffer, 0, this.buffer.byteLength >> 3);
  }

  /** Makes it at least as large as that, and at least twice as large as it was. What is new is zeros. */
  growTo(bytes: number): void {
    const needed = Math.max(bytes, this.buffer.byteLength * 2);
    if (isGrowable(this.buffer) && needed <= RESERVED) {
      this.buffer.grow(needed);
      return;
    }
    const { buffer } = this;
    this.buffer = memoryOf(needed);
    new Int32Array(this.buffer).set(new Int32Array(buffer));
  }
}

const isGrowable = (buffer: ArrayBuffer | SharedArrayBuffer): buffer is GrowableBuffer =>
  "grow" in buffer && (buffer as { readonly growable?: boolean }).growable === true;

const memoryOf = (bytes: number): ArrayBuffer | SharedArrayBuffer => {
  if (bytes < LARGE || bytes > RESERVED || typeof SharedArrayBuffer === "undefined")
    return new ArrayBuffer(bytes);
  try {
    // Where buffers can't grow, the options are ignored.
    return new (SharedArrayBuffer as unknown as GrowableBufferClass)(bytes, {
      maxByteLength: RESERVED,
    });
  } catch {
    // There are not so many addresses.
    return new ArrayBuffer(bytes);
  }
};

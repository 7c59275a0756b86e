/**
 * Finds slots by a 32-bit hash, in one open-addressing table without objects. Several slots may share a hash: the
 * caller compares what stands in them.
 *
 * ```ts
 * for (let at = table.first(hash); at >= 0; at = table.next(at, hash)) {
 *   const slot = table.slotAt(at);
 * }
 * ```
 */
export class SlotTable {
  /** Slot 0 is never used, so zeroed memory means free places. */
  #slots: Int32Array = new Int32Array(64);
  #hashes: Int32Array = new Int32Array(64);
  #count = 0;

  insert(hash: number, slot: number): void {
    if (this.#count * 2 >= this.#slots.length) this.#grow();
    this.#place(hash, slot);
    this.#count += 1;
  }

  /** The place of the first slot with this hash, or -1. */
  first(hash: number): number {
    return this.#seek(home(hash, this.#slots.length), hash | 0);
  }

  /** The next place after `at` with the same hash, or -1. */
  next(at: number, hash: number): number {
    return this.#seek((at + 1) & (this.#slots.length - 1), hash | 0);
  }

  slotAt(at: number): number {
    return this.#slots[at] ?? 0;
  }

  remove(hash: number, slot: number): void {
    let at = this.first(hash);
    while (at >= 0 && this.slotAt(at) !== slot) at = this.next(at, hash);
    if (at < 0) return;
    this.#count -= 1;
    this.#closeGap(at);
  }

  /** Moves back what was pushed beyond the gap, so that a search may stop at the first free place. */
  #closeGap(gap: number): void {
    const mask = this.#slots.length - 1;
    let free = gap;
    for (let at = (gap + 1) & mask; this.#slots[at] !== 0; at = (at + 1) & mask) {
      const wanted = home(this.#hashes[at] ?? 0, this.#slots.length);
      if (((at - wanted) & mask) < ((at - free) & mask)) continue;
      this.#slots[free] = this.#slots[at] ?? 0;
      this.#hashes[free] = this.#hashes[at] ?? 0;
      free = at;
    }
    this.#slots[free] = 0;
  }

  #seek(from: number, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let at = from; this.#slots[at] !== 0; at = (at + 1) & mask) {
      if (this.#hashes[at] === hash) return at;
    }
    return -1;
  }

  #place(hash: number, slot: number): void {
    const mask = this.#slots.length - 1;
    let at = home(hash, this.#slots.length);
    while (this.#slots[at] !== 0) at = (at + 1) & mask;
    this.#slots[at] = slot;
    this.#hashes[at] = hash;
  }

  #grow(): void {
    const slots = this.#slots;
    const hashes = this.#hashes;
    this.#slots = new Int32Array(slots.length * 2);
    this.#hashes = new Int32Array(slots.length * 2);
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at] ?? 0;
      if (slot !== 0) this.#place(hashes[at] ?? 0, slot);
    }
  }
}

/** Fibonacci hashing: the high bits of the product depend on all bits of the hash. */
const home = (hash: number, capacity: number): number =>
  Math.imul(hash, 0x9e3779b1) >>> (Math.clz32(capacity) + 1);

/** A hash of bytes, begun with a seed. */
export const hashBytes = (
  bytes: Uint8Array,
  offset: number,
  length: number,
  seed: number,
): number => {
  let hash = seed ^ length;
  for (let index = 0; index < length; index++) {
    hash = Math.imul(hash ^ (bytes[offset + index] ?? 0), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash | 0;
};

/** Whether two rows of bytes are the same. */
export const sameBytes = (
  one: Uint8Array,
  oneOffset: number,
  other: Uint8Array,
  otherOffset: number,
  length: number,
): boolean => {
  for (let index = 0; index < length; index++) {
    if (one[oneOffset + index] !== other[otherOffset + index]) return false;
  }
  return true;
};

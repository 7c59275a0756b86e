import type { Dice } from "./dice.ts";

/** What a disk writes whole or not at all. */
const SECTOR_BYTES = 512;

/** A file as its processes see it, and as a power cut would leave it. */
export class SimulatedFile {
  #seen = new Uint8Array(0);
  #kept = new Uint8Array(0);
  #size = 0;
  #keptSize = 0;
  /** Sectors that the disk may not have. */
  readonly #unsynced = new Set<number>();

  get size(): number {
    return this.#size;
  }

  get unsyncedSectors(): number {
    return this.#unsynced.size;
  }

  write(bytes: Uint8Array, position: number): void {
    const end = position + bytes.length;
    if (end > this.#seen.length) this.#seen = grown(this.#seen, end);
    this.#seen.set(bytes, position);
    this.#size = Math.max(this.#size, end);
    const first = Math.floor(position / SECTOR_BYTES);
    for (let sector = first; sector * SECTOR_BYTES < end; sector += 1) this.#unsynced.add(sector);
  }

  read(target: Uint8Array, offset: number, length: number, position: number): number {
    const end = Math.min(position + length, this.#size);
    if (end <= position) return 0;
    target.set(this.#seen.subarray(position, end), offset);
    return end - position;
  }

  truncate(): void {
    this.#size = 0;
    this.#seen = new Uint8Array(0);
    this.#unsynced.clear();
    this.#unsynced.add(0);
  }

  sync(): void {
    for (const sector of this.#unsynced) this.#keep(sector);
    this.#unsynced.clear();
    this.#keptSize = this.#size;
  }

  /** Some of what was not synced reaches the disk; the rest is taken for synced, and is not: as Linux has it after an error. */
  failToSync(dice: Dice): void {
    for (const sector of this.#unsynced) if (dice.chance(0.5)) this.#keep(sector);
    this.#unsynced.clear();
  }

  /** What the disk has is all there is now: of what was not synced, any part. Says how many sectors were lost. */
  cutPower(dice: Dice): number {
    const share = dice.pick([0, 0.5, 0.9, 1]);
    let lost = 0;
    for (const sector of this.#unsynced) {
      if (dice.chance(share)) this.#keep(sector);
      else lost += 1;
    }
    if (dice.chance(share)) this.#keptSize = this.#size;
    this.#unsynced.clear();
    this.#size = this.#keptSize;
    this.#seen = grown(this.#kept, this.#size).slice(0, this.#size);
    this.#kept = this.#seen.slice();
    return lost;
  }

  /** Turns one bit over, on the disk and in memory. */
  flip(position: number, bit: number): void {
    for (const bytes of [this.#seen, this.#kept]) {
      if (position < bytes.length) bytes[position] = (bytes[position] ?? 0) ^ (1 << bit);
    }
  }

  byteAt(position: number): number {
    return this.#seen[position] ?? 0;
  }

  #keep(sector: number): void {
    const from = sector * SECTOR_BYTES;
    const to = Math.min(from + SECTOR_BYTES, this.#size);
    if (to <= from) return;
    if (to > this.#kept.length) this.#kept = grown(this.#kept, to);
    this.#kept.set(this.#seen.subarray(from, to), from);
  }
}

const grown = (bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> => {
  if (bytes.length >= length) return bytes;
  const longer = new Uint8Array(length);
  longer.set(bytes);
  return longer;
};

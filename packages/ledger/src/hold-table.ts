import { AmountCells } from "./amount-cells.ts";
import type { Capture } from "./entry.ts";
import { HOLD_KINDS, type Hold, type HoldKind } from "./hold.ts";
import { HoldExpiries } from "./hold-expiries.ts";
import type { RecordViews } from "./record/record-views.ts";

// A row of 4 cells for each hold: its id as a double, account and number of the kind as words, what is left (two cells). An
// order is one hold, so a busy venue has a million of them and a hash table of objects would miss the cache four times
// where this misses once.
const ROW = 4;
const LEFT = 2;

/** In a snapshot: 0 id · 8 account, number of the kind · 16 when it expires · 24 what is left (two cells). */
export const HOLD_BYTES = 40;

/** No hold is there; ids begin at 1. */
const FREE = 0;

const TWO_32 = 2 ** 32;

/** Open holds by id: open addressing with linear probing, never more than half full. */
export class HoldTable {
  #capacity = 64;
  /** Read by nobody, as in `AccountTable`. */
  touched = 0;
  /** The rows. */
  figures: AmountCells = new AmountCells(this.#capacity * ROW);
  #size = 0;
  /** Beside the rows, because few holds expire. */
  readonly #expiries: HoldExpiries = new HoldExpiries();

  /** Looks at the rows where captured holds probably stand, as `AccountTable.touch` does. */
  touch(captures: readonly Capture[]): void {
    const { words } = this.figures;
    const mask = this.#capacity - 1;
    let touched = 0;
    for (let index = 0; index < captures.length; index++) {
      const { hold } = captures[index] as Capture;
      touched |= words[(home(hold) & mask) * ROW * 2] as number;
    }
    this.touched = touched;
  }

  /** Where a hold's row is until the next `add` or `remove`; -1 if there is none. */
  find(id: number): number {
    const mask = this.#capacity - 1;
    for (let row = home(id) & mask; ; row = (row + 1) & mask) {
      const found = this.figures.doubles[row * ROW] as number;
      if (found === FREE) return -1;
      if (found === id) return row;
    }
  }

  /** The id isn't in the table. */
  add({ id, account, amount, kind, expiresAt }: Hold): void {
    if (2 * (this.#size + 1) > this.#capacity) this.#grow();
    const row = this.#freeRow(id);
    this.figures.doubles[row * ROW] = id;
    this.figures.words[row * ROW * 2 + 2] = account;
    this.figures.words[row * ROW * 2 + 3] = HOLD_KINDS.indexOf(kind);
    this.setLeft(row, amount);
    this.#size += 1;
    if (expiresAt > 0) this.#expiries.add(id, expiresAt);
  }

  get(row: number): Hold {
    const id = this.figures.doubles[row * ROW] as number;
    const kind = HOLD_KINDS[this.figures.words[row * ROW * 2 + 3] as number] as HoldKind;
    const expiresAt = this.#expiries.of(id);
    return { id, account: this.account(row), amount: this.left(row), kind, expiresAt };
  }

  /** The first hold that is due at a time, by (time, id); 0 if there is none. */
  nextDue(at: number): number {
    return this.#expiries.nextDue(at);
  }

  account(row: number): number {
    return this.figures.words[row * ROW * 2 + 2] as number;
  }

  /** Where that stands in `figures` which is left. */
  leftAt(row: number): number {
    return row * ROW + LEFT;
  }

  left(row: number): bigint {
    return this.figures.read(this.leftAt(row));
  }

  setLeft(row: number, left: bigint): void {
    this.figures.write(this.leftAt(row), left);
  }

  /** Frees a row and moves those up that only stood behind because it was taken. */
  remove(row: number): void {
    this.#expiries.remove(this.figures.doubles[row * ROW] as number);
    const mask = this.#capacity - 1;
    let gap = row;
    for (let next = (gap + 1) & mask; ; next = (next + 1) & mask) {
      const id = this.figures.doubles[next * ROW] as number;
      if (id === FREE) break;
      const distance = (next - (home(id) & mask)) & mask;
      if (distance < ((next - gap) & mask)) continue;
      this.#copy(this.figures, next, gap);
      gap = next;
    }
    for (let cell = 0; cell < ROW; cell++) this.figures.cells[gap * ROW + cell] = 0n;
    this.#size -= 1;
  }

  get size(): number {
    return this.#size;
  }

  /** Writes all holds by id, each as `HOLD_BYTES` of a snapshot, from an offset on. Makes nothing on the way: there are many. */
  write({ i32, f64 }: RecordViews, offset: number): void {
    const { words } = this.figures;
    let at = offset;
    for (const id of this.#ids()) {
      const row = this.find(id) * ROW * 2;
      f64[at >> 3] = id;
      i32[(at >> 2) + 2] = words[row + 2] as number;
      i32[(at >> 2) + 3] = (words[row + 3] as number) + 1;
      f64[(at >> 3) + 2] = this.#expiries.of(id);
      for (let word = 0; word < 2 * LEFT; word++) {
        i32[(at >> 2) + 6 + word] = words[row + 2 * LEFT + word] as number;
      }
      at += HOLD_BYTES;
    }
  }

  #ids(): Float64Array {
    const ids = new Float64Array(this.#size);
    let count = 0;
    for (let row = 0; row < this.#capacity; row++) {
      const id = this.figures.doubles[row * ROW] as number;
      if (id !== FREE) ids[count++] = id;
    }
    return ids.sort();
  }

  *[Symbol.iterator](): IterableIterator<Hold> {
    for (let row = 0; row < this.#capacity; row++) {
      if (this.figures.doubles[row * ROW] !== FREE) yield this.get(row);
    }
  }

  #freeRow(id: number): number {
    const mask = this.#capacity - 1;
    let row = home(id) & mask;
    while (this.figures.doubles[row * ROW] !== FREE) row = (row + 1) & mask;
    return row;
  }

  #grow(): void {
    const before = this.figures;
    const rows = this.#capacity;
    this.#capacity *= 2;
    this.figures = new AmountCells(this.#capacity * ROW);
    for (let row = 0; row < rows; row++) {
      const id = before.doubles[row * ROW] as number;
      if (id !== FREE) this.#copy(before, row, this.#freeRow(id));
    }
  }

  /** Cell by cell: a call for 32 bytes costs more than it does. */
  #copy({ cells }: AmountCells, from: number, to: number): void {
    for (let cell = 0; cell < ROW; cell++) {
      this.figures.cells[to * ROW + cell] = cells[from * ROW + cell] as bigint;
    }
  }
}

/** Ids count up, so they are spread by an odd factor: holds that were opened together don't crowd. */
const home = (id: number): number => {
  const lower = id | 0;
  // A division costs more than all the rest, and few ids have more than 31 bits.
  const folded = lower === id ? lower : lower ^ ((id / TWO_32) | 0);
  const mixed = Math.imul(folded, 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
};

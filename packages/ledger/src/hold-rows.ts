import { ascending } from "./ascending.ts";
import type { RecordViews } from "./record/record-views.ts";
import type { Slices } from "./slices.ts";
import type { StillMemory } from "./still-memory.ts";

/** In a snapshot: 0 id · 8 account, number of the kind · 16 when it expires · 24 what is left (two cells). */
export const HOLD_BYTES = 40;

/** A row of the table: 0 id as a double · 8 account, number of the kind · 16 what is left (two cells). */
export const ROW_BYTES = 32;
const WORDS = ROW_BYTES / 4;
const DOUBLES = ROW_BYTES / 8;

/** No hold is there; ids begin at 1. */
export const FREE = 0;

/** A fraction of a millisecond's work. */
const ROWS_A_SLICE = 1 << 14;
const HOLDS_A_SLICE = 4_096;

/** All holds, to be written: as they are, or as they were when `still` was made of their memory. */
export class HoldRows {
  readonly size: number;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #expiries: ReadonlyMap<number, number>;
  readonly #still: StillMemory | undefined;

  constructor(
    size: number,
    memory: ArrayBufferLike,
    expiries: ReadonlyMap<number, number>,
    still?: StillMemory,
  ) {
    this.size = size;
    this.#words = new Int32Array(memory);
    this.#doubles = new Float64Array(memory);
    this.#expiries = expiries;
    this.#still = still;
  }

  /** Writes them by id, each as `HOLD_BYTES` of a snapshot, from an offset on. Makes nothing on the way: there are many. */
  *write({ i32, f64 }: RecordViews, offset: number): Slices<void> {
    if (this.#still !== undefined) yield* this.#still.copy();
    const { rows, ids } = yield* this.#taken();
    let at = offset;
    for (const place of yield* ascending(ids)) {
      if ((at - offset) % (HOLDS_A_SLICE * HOLD_BYTES) === 0) yield;
      const row = rows[place] as number;
      const id = ids[place] as number;
      const word = row * WORDS;
      f64[at >> 3] = id;
      i32[(at >> 2) + 2] = this.#words[word + 2] as number;
      i32[(at >> 2) + 3] = (this.#words[word + 3] as number) + 1;
      f64[(at >> 3) + 2] = this.#expiries.get(id) ?? 0;
      for (let cell = 0; cell < 4; cell++) {
        i32[(at >> 2) + 6 + cell] = this.#words[word + 4 + cell] as number;
      }
      at += HOLD_BYTES;
    }
  }

  /** The rows where holds are, and their ids. */
  *#taken(): Slices<{ rows: Uint32Array; ids: Float64Array }> {
    const rows = new Uint32Array(this.size);
    const ids = new Float64Array(this.size);
    let count = 0;
    for (let row = 0; row * DOUBLES < this.#doubles.length; row++) {
      if (row % ROWS_A_SLICE === 0) yield;
      const id = this.#doubles[row * DOUBLES] as number;
      if (id === FREE) continue;
      rows[count] = row;
      ids[count] = id;
      count += 1;
    }
    return { rows, ids };
  }
}

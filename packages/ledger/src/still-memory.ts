import type { Slices } from "./slices.ts";

const PAGE = 4_096;
/** Half a millisecond's work, where the memory copied to has to be got first. */
const PAGES_A_SLICE = 64;

/**
 * Memory as it was when this was made, while its owner goes on changing it.
 *
 * To copy the holds of a million orders at once would be a pause of tens of milliseconds. They are copied in slices instead, a page after the
 * other; and before the owner changes what may not have been copied yet, it says so.
 */
export class StillMemory {
  /** What was there, once `copy` is done. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #live: Uint8Array;
  readonly #isCopied: Uint8Array;
  #isWhole = false;

  /** Of `live`, which its owner changes. */
  constructor(live: Uint8Array) {
    this.#live = live;
    this.bytes = new Uint8Array(live.length);
    this.#isCopied = new Uint8Array(Math.ceil(live.length / PAGE));
  }

  /** Whether all is copied: its owner need not tell any more. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** The bytes from an offset up to another are about to change. */
  before(from: number, to: number): void {
    for (let page = Math.floor(from / PAGE); page * PAGE < to; page += 1) this.#copyPage(page);
  }

  /** Copies what is left. */
  *copy(): Slices<void> {
    for (let page = 0; page < this.#isCopied.length; page += 1) {
      if (page % PAGES_A_SLICE === PAGES_A_SLICE - 1) yield;
      this.#copyPage(page);
    }
    this.#isWhole = true;
  }

  #copyPage(page: number): void {
    if (this.#isCopied[page] !== 0) return;
    this.#isCopied[page] = 1;
    const from = page * PAGE;
    this.bytes.set(this.#live.subarray(from, from + PAGE), from);
  }
}

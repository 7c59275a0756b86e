import type { BookRow, BookUpdate } from "@pincex/market-data";

/**
 * Folds book updates into one: each price once, with its newest quantity.
 *
 * Numbers stay contiguous: what is taken covers exactly the updates added since the last taking.
 */
export class ConflatedBook {
  #first: BookUpdate | undefined;
  #last: BookUpdate | undefined;
  readonly #bids = new Map<number, number>();
  readonly #asks = new Map<number, number>();

  add(update: BookUpdate): void {
    this.#first ??= update;
    this.#last = update;
    for (const [price, quantity] of update.bids) this.#bids.set(price, quantity);
    for (const [price, quantity] of update.asks) this.#asks.set(price, quantity);
  }

  /** Everything since the last taking, or undefined if there was nothing. */
  take(): BookUpdate | undefined {
    const first = this.#first;
    const last = this.#last;
    if (first === undefined || last === undefined) return undefined;
    const update: BookUpdate = {
      market: last.market,
      at: last.at,
      firstUpdateId: first.firstUpdateId,
      lastUpdateId: last.lastUpdateId,
      bids: rowsOf(this.#bids),
      asks: rowsOf(this.#asks),
    };
    this.#first = undefined;
    this.#last = undefined;
    this.#bids.clear();
    this.#asks.clear();
    return update;
  }
}

const rowsOf = (side: ReadonlyMap<number, number>): BookRow[] => [...side];

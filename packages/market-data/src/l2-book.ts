import type { SideName } from "@pincex/engine";

/** One price level: everything that rests at one price. */
export interface PriceLevel {
  /** In ticks; 0 where there is no level. */
  readonly price: number;
  /** Total of the resting orders, in lots. */
  readonly quantity: number;
  /** How many orders rest there. */
  readonly orders: number;
}

const NO_LEVEL: PriceLevel = Object.freeze({ price: 0, quantity: 0, orders: 0 });

/** The price levels of one side, worst first, so that the busy end of the list is the cheap one to change. */
class BookSide {
  readonly #worstFirst: PriceLevel[] = [];
  readonly #direction: 1 | -1;

  constructor(side: SideName) {
    this.#direction = side === "buy" ? 1 : -1;
  }

  set(level: PriceLevel): void {
    const index = this.#indexOf(level.price);
    const found = this.#worstFirst[index]?.price === level.price;
    if (level.quantity > 0) this.#worstFirst.splice(index, found ? 1 : 0, level);
    else if (found) this.#worstFirst.splice(index, 1);
  }

  at(price: number): PriceLevel {
    const level = this.#worstFirst[this.#indexOf(price)];
    return level?.price === price ? level : NO_LEVEL;
  }

  get best(): PriceLevel {
    return this.#worstFirst.at(-1) ?? NO_LEVEL;
  }

  bestFirst(limit: number): PriceLevel[] {
    return this.#worstFirst.slice(Math.max(0, this.#worstFirst.length - limit)).reverse();
  }

  all(): readonly PriceLevel[] {
    return this.#worstFirst;
  }

  #indexOf(price: number): number {
    let low = 0;
    let high = this.#worstFirst.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = (this.#worstFirst[middle] as PriceLevel).price;
      if ((other - price) * this.#direction < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The book by price level, rebuilt from the engine's `level_changed` events and numbered by them. */
export class L2Book {
  readonly #sides: Record<SideName, BookSide> = {
    buy: new BookSide("buy"),
    sell: new BookSide("sell"),
  };
  #updateId = 0;

  /** Counts the level changes so far. */
  get updateId(): number {
    return this.#updateId;
  }

  change(side: SideName, level: PriceLevel): void {
    this.#updateId += 1;
    this.#sides[side].set(level);
  }

  best(side: SideName): PriceLevel {
    return this.#sides[side].best;
  }

  at(side: SideName, price: number): PriceLevel {
    return this.#sides[side].at(price);
  }

  /** The best `limit` levels of one side, best first. */
  levels(side: SideName, limit: number): PriceLevel[] {
    return this.#sides[side].bestFirst(limit);
  }

  /** All levels of one side, worst first. */
  all(side: SideName): readonly PriceLevel[] {
    return this.#sides[side].all();
  }

  static restored(
    updateId: number,
    bids: readonly PriceLevel[],
    asks: readonly PriceLevel[],
  ): L2Book {
    const book = new L2Book();
    for (const level of bids) book.#sides.buy.set(level);
    for (const level of asks) book.#sides.sell.set(level);
    book.#updateId = updateId;
    return book;
  }
}

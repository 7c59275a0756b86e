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

/** What every book's levels have; a quantity of 0 takes the level away. */
interface Level {
  readonly price: number | bigint;
  readonly quantity: number | bigint;
}

/** The price levels of one side, worst first, so that the busy end of the list is the cheap one to change. */
export class BookSide<Kind extends Level = PriceLevel> {
  readonly #worstFirst: Kind[] = [];
  readonly #isBuy: boolean;
  readonly #none: Kind;

  /** `none` is answered where there is no level. */
  constructor(side: SideName, none: Kind) {
    this.#isBuy = side === "buy";
    this.#none = none;
  }

  set(level: Kind): void {
    const index = this.#indexOf(level.price);
    const found = this.#worstFirst[index]?.price === level.price;
    if (level.quantity > 0) this.#worstFirst.splice(index, found ? 1 : 0, level);
    else if (found) this.#worstFirst.splice(index, 1);
  }

  at(price: Kind["price"]): Kind {
    const level = this.#worstFirst[this.#indexOf(price)];
    return level?.price === price ? level : this.#none;
  }

  get best(): Kind {
    return this.#worstFirst.at(-1) ?? this.#none;
  }

  bestFirst(limit: number): Kind[] {
    return this.#worstFirst.slice(Math.max(0, this.#worstFirst.length - limit)).reverse();
  }

  all(): readonly Kind[] {
    return this.#worstFirst;
  }

  /** Forgets all but the best `limit` levels. */
  keepBest(limit: number): void {
    if (this.#worstFirst.length > limit)
      this.#worstFirst.splice(0, this.#worstFirst.length - limit);
  }

  #indexOf(price: Kind["price"]): number {
    let low = 0;
    let high = this.#worstFirst.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = (this.#worstFirst[middle] as Kind).price;
      if (this.#isBuy ? other < price : other > price) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The book by price level, rebuilt from the engine's `level_changed` events and numbered by them. */
export class L2Book {
  readonly #sides: Record<SideName, BookSide> = {
    buy: new BookSide("buy", NO_LEVEL),
    sell: new BookSide("sell", NO_LEVEL),
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

import { type PriceLevels, priceKey } from "./memory/price-levels.ts";
import type { OrderBooks } from "./order-books.ts";

/**
 * Walks the levels of a side that are at a price or better: the best first, and at one price the one that everybody sees before
 * the hidden one. Nothing may change meanwhile.
 */
export class Ranking {
  /** The book of the level at hand. */
  book: PriceLevels;
  /** The level at hand, after `next`. */
  level = 0;
  private readonly levels: PriceLevels;
  private readonly hidden: PriceLevels;
  private readonly worstKey: number;
  private nextShown: number;
  private nextHidden: number;

  constructor({ levels, hidden }: OrderBooks, side: number, worstPrice: number) {
    this.levels = levels;
    this.hidden = hidden;
    this.book = levels;
    this.worstKey = priceKey(side, worstPrice);
    this.nextShown = this.suitable(levels, levels.best(side));
    this.nextHidden = this.suitable(hidden, hidden.best(side));
  }

  /** Goes on to the next level; `false` if there is none. */
  next(): boolean {
    const { levels, hidden, nextShown, nextHidden } = this;
    if (nextShown === 0 && nextHidden === 0) return false;
    if (nextHidden === 0 || (nextShown !== 0 && levels.key(nextShown) >= hidden.key(nextHidden))) {
      this.book = levels;
      this.level = nextShown;
      this.nextShown = this.suitable(levels, levels.worse(nextShown));
    } else {
      this.book = hidden;
      this.level = nextHidden;
      this.nextHidden = this.suitable(hidden, hidden.worse(nextHidden));
    }
    return true;
  }

  /** The level, unless its price is worse than what is asked for; 0 is none. */
  private suitable(book: PriceLevels, level: number): number {
    return level !== 0 && book.key(level) >= this.worstKey ? level : 0;
  }
}

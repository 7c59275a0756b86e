import { TradeTally } from "../trade-tally.ts";
import {
  CommandType,
  ORDER_ID,
  PRICE,
  QUANTITY,
  SYMBOL,
  sideOf,
  TERMS,
  timeInForceOf,
  typeOf,
  WORDS,
  type Workload,
} from "../workload.ts";
import type { Attempt, Contestant } from "./contestant.ts";
import { ObjectsBook } from "./objects-book.ts";

/** What the packages do, without their overheads: how far JavaScript objects alone can go. */
export const objectsBooks: Contestant = {
  name: "plain JS objects",
  isSlow: false,
  prepare: (workload) => () => new ObjectsAttempt(workload),
};

class ObjectsAttempt implements Attempt {
  readonly tally: TradeTally = new TradeTally();
  readonly #words: Int32Array;
  readonly #books: readonly ObjectsBook[];

  constructor({ words, symbols }: Workload) {
    this.#words = words;
    this.#books = Array.from({ length: symbols }, () => new ObjectsBook(this.tally));
  }

  perform(from: number, to: number): void {
    for (let at = from * WORDS; at < to * WORDS; at += WORDS) this.#command(at);
  }

  #command(at: number): void {
    const words = this.#words;
    const terms = words[at + TERMS] as number;
    const book = this.#books[words[at + SYMBOL] as number] as ObjectsBook;
    const id = words[at + ORDER_ID] as number;
    const price = words[at + PRICE] as number;
    const quantity = words[at + QUANTITY] as number;
    switch (typeOf(terms)) {
      case CommandType.limit:
        book.limit(id, sideOf(terms), price, quantity, timeInForceOf(terms) === 0);
        return;
      case CommandType.market:
        book.market(id, sideOf(terms), quantity);
        return;
      case CommandType.replace:
        if (book.cancel(id)) book.limit(id, sideOf(terms), price, quantity, true);
        return;
      default:
        book.cancel(id);
    }
  }
}

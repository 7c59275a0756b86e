import { sideName } from "@pincex/engine";
import * as hftLimitOrderBook from "hft-limit-order-book";
import * as nodejsOrderBook from "nodejs-order-book";
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

/** What both packages answer to an order. */
interface Processed {
  /** The makers that were filled, in the order in which they were; last the order that came in, if it was. */
  readonly done: readonly PackageOrder[];
  /** The maker that was filled in part, or the order that came in. */
  readonly partial: PackageOrder | null;
  /** Lots that a maker in `partial` traded. */
  readonly partialQuantityProcessed: number;
}

/** `size` is what was left before the last fill. */
interface PackageOrder {
  readonly id?: string;
  readonly price: number;
  readonly size: number;
}

interface PackageBook {
  limit(order: {
    id: string;
    side: string;
    price: number;
    size: number;
    timeInForce: "GTC" | "IOC";
  }): Processed;
  market(order: { side: string; size: number }): Processed;
  modify(id: string, update: { price: number; size: number }): Processed;
  cancel(id: string): unknown;
}

/** A package of one author, in two generations with one interface. It knows one market a book. */
const packaged = (name: string, open: () => PackageBook): Contestant => ({
  name,
  isSlow: true,
  prepare(workload) {
    // Ids are strings there. They are made beforehand, to measure the book alone.
    const ids = Array.from({ length: workload.maxOrderId + 1 }, (_, id) => `${id}`);
    return () => new PackageAttempt(workload, ids, open);
  },
});

export const nodejsOrderBooks: Contestant = packaged(
  "nodejs-order-book",
  () => new nodejsOrderBook.OrderBook() as unknown as PackageBook,
);

export const hftLimitOrderBooks: Contestant = packaged(
  "hft-limit-order-book",
  () => new hftLimitOrderBook.OrderBook() as unknown as PackageBook,
);

class PackageAttempt implements Attempt {
  readonly tally: TradeTally = new TradeTally();
  readonly #words: Int32Array;
  readonly #ids: readonly string[];
  readonly #books: readonly PackageBook[];

  constructor({ words, symbols }: Workload, ids: readonly string[], open: () => PackageBook) {
    this.#words = words;
    this.#ids = ids;
    this.#books = Array.from({ length: symbols }, open);
  }

  perform(from: number, to: number): void {
    for (let at = from * WORDS; at < to * WORDS; at += WORDS) this.#command(at);
  }

  #command(at: number): void {
    const words = this.#words;
    const terms = words[at + TERMS] as number;
    const book = this.#books[words[at + SYMBOL] as number] as PackageBook;
    const orderId = words[at + ORDER_ID] as number;
    const id = this.#ids[orderId] as string;
    const side = sideName(sideOf(terms));
    const price = words[at + PRICE] as number;
    const size = words[at + QUANTITY] as number;
    switch (typeOf(terms)) {
      case CommandType.limit: {
        const timeInForce = timeInForceOf(terms) === 0 ? "GTC" : "IOC";
        this.#tell(book.limit({ id, side, price, size, timeInForce }), orderId, id);
        return;
      }
      case CommandType.market:
        this.#tell(book.market({ side, size }), orderId, id);
        return;
      case CommandType.replace:
        this.#tell(book.modify(id, { price, size }), orderId, id);
        return;
      default:
        book.cancel(id);
    }
  }

  /** The orders that an answer names beside the one that came in are the makers. */
  #tell({ done, partial, partialQuantityProcessed }: Processed, takerId: number, id: string): void {
    for (const maker of done) {
      if (maker.id !== id) this.tally.trade(Number(maker.id), takerId, maker.price, maker.size);
    }
    if (partial === null || partial.id === id) return;
    this.tally.trade(Number(partial.id), takerId, partial.price, partialQuantityProcessed);
  }
}

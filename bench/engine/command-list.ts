import {
  CommandType,
  ORDER_ID,
  PRICE,
  QUANTITY,
  SYMBOL,
  TERMS,
  termsOf,
  WORDS,
  type Workload,
} from "./workload.ts";

/** A command of a workload, as its words say it. */
export interface Command {
  readonly type: number;
  readonly side: number;
  readonly timeInForce: number;
  readonly symbol: number;
  readonly orderId: number;
  readonly price: number;
  readonly quantity: number;
}

/** Commands as they are written down, up to a number that is known beforehand. */
export class CommandList {
  readonly #words: Int32Array;
  #length = 0;
  #maxOrderId = 0;
  #minPrice = Number.POSITIVE_INFINITY;
  #maxPrice = 0;

  constructor(commands: number) {
    this.#words = new Int32Array(commands * WORDS);
  }

  add({ type, side, timeInForce, symbol, orderId, price, quantity }: Command): void {
    const words = this.#words;
    const at = this.#length;
    words[at + TERMS] = termsOf(type, side, timeInForce);
    words[at + SYMBOL] = symbol;
    words[at + ORDER_ID] = orderId;
    words[at + PRICE] = price;
    words[at + QUANTITY] = quantity;
    this.#length += WORDS;
    this.#maxOrderId = Math.max(this.#maxOrderId, orderId);
    if (type !== CommandType.limit && type !== CommandType.replace) return;
    this.#minPrice = Math.min(this.#minPrice, price);
    this.#maxPrice = Math.max(this.#maxPrice, price);
  }

  /** The commands so far; the first `setup` of them make the books. */
  workload(setup: number, symbols: number): Workload {
    return {
      setup,
      main: this.#length / WORDS - setup,
      symbols,
      maxOrderId: this.#maxOrderId,
      minPrice: Math.min(this.#minPrice, this.#maxPrice),
      maxPrice: this.#maxPrice,
      words: this.#words.slice(0, this.#length),
    };
  }
}

import { Side } from "./side.ts";
import { MAX_INT32 } from "./whole-number.ts";

const ORDER_ID = 0;
const QUANTITY = 1;
const QUOTE_QUANTITY = 2;
const REMAINING = 3;
const BUDGET = 4;
const FILLING = 5;
const TRADE_ID = 6;

/**
 * The registers of the command being processed: what is asked, and how far it has got. One is reused for all, and numbers
 * that may not fit in 32 bits live in a typed array, so that processing a command makes no garbage.
 */
export class IncomingOrder {
  /** The market's number, and its row in the table of markets. */
  market = 0;
  row = 0;
  account = 0;
  side = 0;
  type = 0;
  timeInForce = 0;
  /** Ticks; 0 for a market order that takes any price. */
  price = 0;
  readonly #numbers: Float64Array = new Float64Array(8);

  get orderId(): number {
    return this.#numbers[ORDER_ID] as number;
  }
  set orderId(id: number) {
    this.#numbers[ORDER_ID] = id;
  }

  /** Lots asked for; 0 if the order is by quote quantity. */
  get quantity(): number {
    return this.#numbers[QUANTITY] as number;
  }
  set quantity(lots: number) {
    // Adding 0 makes 0 of −0, which would be other bytes in the event.
    this.#numbers[QUANTITY] = lots + 0;
  }

  /** Ticks × lots asked for; 0 if the order is by quantity. */
  get quoteQuantity(): number {
    return this.#numbers[QUOTE_QUANTITY] as number;
  }
  set quoteQuantity(tickLots: number) {
    this.#numbers[QUOTE_QUANTITY] = tickLots + 0;
  }

  /** Lots still wanted; for an order by quote quantity, at the price level at hand. */
  get remaining(): number {
    return this.#numbers[REMAINING] as number;
  }
  set remaining(lots: number) {
    this.#numbers[REMAINING] = lots;
  }

  /** Ticks × lots still to be spent or raised by an order by quote quantity. */
  get budget(): number {
    return this.#numbers[BUDGET] as number;
  }
  set budget(tickLots: number) {
    this.#numbers[BUDGET] = tickLots;
  }

  /** Lots of the trade at hand. */
  get filling(): number {
    return this.#numbers[FILLING] as number;
  }
  set filling(lots: number) {
    this.#numbers[FILLING] = lots;
  }

  get tradeId(): number {
    return this.#numbers[TRADE_ID] as number;
  }
  set tradeId(id: number) {
    this.#numbers[TRADE_ID] = id;
  }

  get isByQuote(): boolean {
    return this.quoteQuantity !== 0;
  }

  /** Whether nothing is left to trade. */
  get isSatisfied(): boolean {
    return this.isByQuote ? this.budget === 0 : this.remaining === 0;
  }

  /** The worst price that the order accepts: a market order without one takes any. */
  get worstPrice(): number {
    if (this.price !== 0) return this.price;
    return this.side === Side.buy ? MAX_INT32 : 0;
  }
}

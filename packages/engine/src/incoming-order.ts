import { Side } from "./side.ts";
import { MAX_INT32 } from "./whole-number.ts";

/**
 * The registers of the command being processed: what is asked, and how far it has got. One is reused for all commands, so
 * that processing one makes no garbage.
 *
 * Numbers that may not fit in 32 bits begin as NaN: V8 then keeps the field as a double, in place, for good. Beginning as
 * 0, it would be a small integer first, and the code that reads it would be thrown away when it no longer is.
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
  orderId: number = Number.NaN;
  /** Lots asked for; 0 if the order is by quote quantity. */
  quantity: number = Number.NaN;
  /** Ticks × lots asked for; 0 if the order is by quantity. */
  quoteQuantity: number = Number.NaN;
  /** Lots still wanted; for an order by quote quantity, at the price level at hand. */
  remaining: number = Number.NaN;
  /** Ticks × lots still to be spent or raised by an order by quote quantity. */
  budget: number = Number.NaN;
  /** Lots of the trade at hand. */
  filling: number = Number.NaN;

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
    return this.side === Side.buy ? MAX_INT32 - 1 : 1;
  }
}

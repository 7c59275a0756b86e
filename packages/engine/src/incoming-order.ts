import {
  ALL_OR_NONE_FLAG,
  AWAKE_FLAG,
  HIDDEN_FLAG,
  pegOf,
  postOnlyOf,
  selfTradeOf,
  triggerOf,
  triggerOnOf,
} from "./conditions/condition-layout.ts";
import { Peg, Trigger } from "./conditions/conditions.ts";
import { OrderType } from "./order-type.ts";
import { Side } from "./side.ts";
import { TimeInForce } from "./time-in-force.ts";
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

  // Conditions: see `Conditions`; all 0 if there are none.
  flags = 0;
  tradeGroup = 0;
  expiresAt: number = Number.NaN;
  displayQuantity: number = Number.NaN;
  minQuantity: number = Number.NaN;
  triggerPrice = 0;
  trailingOffset = 0;
  trailingBasisPoints = 0;
  activationPrice = 0;
  slippage = 0;
  pegOffset = 0;
  clientOrderId: number = Number.NaN;

  // Of an order list: what the other orders of it need to know.
  /** The list's id; 0 if the order is in none. */
  listId: number = Number.NaN;
  /** Which order of a list is being judged, from 1; 0 of all others. */
  leg = 0;
  /** Orders of the same list that have been judged already, and will be open: how many, and their owner's names for them. */
  openLegs = 0;
  readonly openLegNames: number[] = [];
  /** Whether the order is kept until its list calls for it. */
  isPending = false;
  /** Whether it gets its quantity only then. */
  isSizedLater = false;
  /** Of a pegged order: how far its price may go, in ticks. */
  limit = 0;

  /** Lots still wanted; for an order by quote quantity, at the price level at hand. */
  remaining: number = Number.NaN;
  /** Ticks × lots still to be spent or raised by an order by quote quantity. */
  budget: number = Number.NaN;
  /** Lots of the trade or the prevented trade at hand. */
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

  /** Whether what does not trade at once rests, if only in one auction. */
  get rests(): boolean {
    return this.lasts || this.isForOneAuction;
  }

  /** Whether it may rest in any phase. */
  get lasts(): boolean {
    const { timeInForce } = this;
    return (
      timeInForce === TimeInForce.gtc ||
      timeInForce === TimeInForce.day ||
      timeInForce === TimeInForce.gtd
    );
  }

  get isForOneAuction(): boolean {
    const { timeInForce } = this;
    return timeInForce === TimeInForce.at_open || timeInForce === TimeInForce.at_close;
  }

  /** Whether anything is asked for that a plain record does not have. */
  get isConditioned(): boolean {
    return (
      this.flags !== 0 ||
      this.tradeGroup !== 0 ||
      this.expiresAt !== 0 ||
      this.displayQuantity !== 0 ||
      this.minQuantity !== 0 ||
      this.triggerPrice !== 0 ||
      this.trailingOffset !== 0 ||
      this.trailingBasisPoints !== 0 ||
      this.activationPrice !== 0 ||
      this.slippage !== 0 ||
      this.pegOffset !== 0 ||
      this.clientOrderId !== 0
    );
  }

  /** Whether there is more to remember of the order, once it rests, than of a plain one. */
  get isMoreThanPlain(): boolean {
    return (
      this.timeInForce !== TimeInForce.gtc ||
      this.type !== OrderType.limit ||
      this.isConditioned ||
      this.listId !== 0
    );
  }

  get postOnly(): number {
    return postOnlyOf(this.flags);
  }

  get selfTrade(): number {
    return selfTradeOf(this.flags);
  }

  /** Whether it says that nobody is to see it. */
  get asksToBeHidden(): boolean {
    return (this.flags & HIDDEN_FLAG) !== 0;
  }

  /** Whether nobody sees it where it rests. */
  get isHidden(): boolean {
    return this.asksToBeHidden || this.peg !== Peg.none;
  }

  get isAllOrNone(): boolean {
    return (this.flags & ALL_OR_NONE_FLAG) !== 0;
  }

  get peg(): number {
    return pegOf(this.flags);
  }

  /** Whether it is not live when it comes in, but waits for a price or for its list. */
  get waits(): boolean {
    return this.trigger !== Trigger.none || this.isPending;
  }

  get trigger(): number {
    return triggerOf(this.flags);
  }

  /** Its trigger has been reached. */
  wake(): void {
    this.flags |= AWAKE_FLAG;
  }

  get triggerOn(): number {
    return triggerOnOf(this.flags);
  }

  clearConditions(): void {
    this.flags = 0;
    this.tradeGroup = 0;
    this.expiresAt = 0;
    this.displayQuantity = 0;
    this.minQuantity = 0;
    this.triggerPrice = 0;
    this.trailingOffset = 0;
    this.trailingBasisPoints = 0;
    this.activationPrice = 0;
    this.slippage = 0;
    this.pegOffset = 0;
    this.clientOrderId = 0;
  }

  /** It is in no list. */
  leaveList(): void {
    this.listId = 0;
    this.leg = 0;
    this.isPending = false;
    this.isSizedLater = false;
    this.openLegs = 0;
    // To empty one that is empty takes V8 longer than all the rest.
    if (this.openLegNames.length > 0) this.openLegNames.length = 0;
  }

  /** Whether it may be open once it has come in: it rests by its time in force, or waits. */
  get mayBeOpen(): boolean {
    return this.rests || this.waits;
  }
}

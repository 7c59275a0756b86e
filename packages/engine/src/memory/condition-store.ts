import { triggerOf } from "../conditions/condition-layout.ts";
import { Peg, Trigger } from "../conditions/conditions.ts";
import type { IncomingOrder } from "../incoming-order.ts";
import {
  ACTIVATION_PRICE,
  CLIENT_ORDER_ID,
  DISPLAY_QUANTITY,
  DOUBLES,
  EXPIRES_AT,
  EXTREME,
  FLAGS,
  LIST_ID,
  MIN_QUANTITY,
  NEXT_FREE,
  PEG_OFFSET,
  PRICE,
  QUOTE_QUANTITY,
  RESERVE,
  ROW,
  SLIPPAGE,
  TERMS,
  TRADE_GROUP,
  TRAILING_BASIS_POINTS,
  TRAILING_OFFSET,
  TRIGGER_PRICE,
  WORDS,
} from "./condition-record-layout.ts";
import { GrowingMemory } from "./growing-memory.ts";

/**
 * What has to be remembered of orders that are more than plain: records of 112 bytes beside the pool, which only they have.
 * Record 0 is no record, so that a zeroed table means plain orders.
 */

/** Where an order is. */
export const Place = {
  /** On a level that everybody sees. */
  shown: 0,
  /** On a level that nobody sees. */
  hidden: 1,
  /** At its trigger price, in the book of those that wait. */
  waiting: 2,
  /**
   * Nowhere: a trailing stop whose trigger cannot be reached yet, a pegged order without a price, an all-or-none one, one for the
   * closing auction.
   */
  aside: 3,
  /** Nowhere, until its list calls for it. */
  pending: 4,
} as const;

export class ConditionStore {
  /** The record of each slot of the pool; 0 for a plain order. */
  private records: Int32Array;
  private readonly recordMemory: GrowingMemory = new GrowingMemory(64 * 4);
  private i32: Int32Array;
  private f64: Float64Array;
  private readonly memory: GrowingMemory = new GrowingMemory(WORDS * 4 * 16);
  private unused = 1;
  private released = 0;
  /** How many orders have a record. */
  count = 0;

  constructor() {
    this.records = this.recordMemory.i32();
    this.i32 = this.memory.i32();
    this.f64 = this.memory.f64();
  }

  has(slot: number): boolean {
    return this.recordOf(slot) !== 0;
  }

  /** Remembers all that was asked for; `reserve` are the lots that are not shown yet. */
  add(slot: number, order: IncomingOrder, place: number, reserve: number): void {
    const record = this.take();
    this.setRecord(slot, record);
    const word = record * WORDS;
    const double = record * DOUBLES;
    const { i32, f64 } = this;
    i32[word + FLAGS] = order.flags;
    i32[word + TRADE_GROUP] = order.tradeGroup;
    f64[double + EXPIRES_AT] = order.expiresAt;
    f64[double + DISPLAY_QUANTITY] = order.displayQuantity;
    f64[double + MIN_QUANTITY] = order.minQuantity;
    i32[word + TRIGGER_PRICE] = order.triggerPrice;
    i32[word + TRAILING_OFFSET] = order.trailingOffset;
    i32[word + TRAILING_BASIS_POINTS] = order.trailingBasisPoints;
    i32[word + ACTIVATION_PRICE] = order.activationPrice;
    i32[word + SLIPPAGE] = order.slippage;
    i32[word + PEG_OFFSET] = order.pegOffset;
    f64[double + CLIENT_ORDER_ID] = order.clientOrderId;
    f64[double + LIST_ID] = order.listId;
    i32[word + PRICE] = order.peg === Peg.none ? order.price : order.limit;
    i32[word + TERMS] = order.side | (order.type << 8) | (order.timeInForce << 16) | (place << 24);
    i32[word + ROW] = order.row;
    i32[word + EXTREME] = 0;
    f64[double + RESERVE] = reserve;
    f64[double + QUOTE_QUANTITY] = order.quoteQuantity;
  }

  /** Puts back into the registers what `add` took from them. */
  recall(slot: number, order: IncomingOrder): void {
    const record = this.recordOf(slot);
    const word = record * WORDS;
    const double = record * DOUBLES;
    const { i32, f64 } = this;
    const terms = i32[word + TERMS] as number;
    order.side = terms & 0xff;
    order.type = (terms >>> 8) & 0xff;
    order.timeInForce = (terms >>> 16) & 0xff;
    order.row = i32[word + ROW] as number;
    order.price = i32[word + PRICE] as number;
    order.limit = order.price;
    order.quoteQuantity = f64[double + QUOTE_QUANTITY] as number;
    order.flags = i32[word + FLAGS] as number;
    order.tradeGroup = i32[word + TRADE_GROUP] as number;
    order.expiresAt = f64[double + EXPIRES_AT] as number;
    order.displayQuantity = f64[double + DISPLAY_QUANTITY] as number;
    order.minQuantity = f64[double + MIN_QUANTITY] as number;
    // That of a trailing stop was learnt, not asked for.
    const isTrailing = triggerOf(order.flags) === Trigger.trailing_stop;
    order.triggerPrice = isTrailing ? 0 : (i32[word + TRIGGER_PRICE] as number);
    order.trailingOffset = i32[word + TRAILING_OFFSET] as number;
    order.trailingBasisPoints = i32[word + TRAILING_BASIS_POINTS] as number;
    order.activationPrice = i32[word + ACTIVATION_PRICE] as number;
    order.slippage = i32[word + SLIPPAGE] as number;
    order.pegOffset = i32[word + PEG_OFFSET] as number;
    order.clientOrderId = f64[double + CLIENT_ORDER_ID] as number;
    order.leaveList();
    order.listId = f64[double + LIST_ID] as number;
    order.isPending = terms >>> 24 === Place.pending;
  }

  release(slot: number): void {
    const record = this.recordOf(slot);
    if (record === 0) return;
    this.i32[record * WORDS + NEXT_FREE] = this.released;
    this.released = record;
    this.records[slot] = 0;
    this.count -= 1;
  }

  /** One of `Place`; plain orders are shown. */
  place(slot: number): number {
    return this.terms(slot) >>> 24;
  }

  setPlace(slot: number, place: number): void {
    const at = this.recordOf(slot) * WORDS + TERMS;
    this.i32[at] = ((this.i32[at] as number) & 0xff_ffff) | (place << 24);
  }

  side(slot: number): number {
    return this.terms(slot) & 0xff;
  }

  type(slot: number): number {
    return (this.terms(slot) >>> 8) & 0xff;
  }

  timeInForce(slot: number): number {
    return (this.terms(slot) >>> 16) & 0xff;
  }

  flags(slot: number): number {
    return this.word(slot, FLAGS);
  }

  tradeGroup(slot: number): number {
    return this.word(slot, TRADE_GROUP);
  }

  /** The row of its market. */
  row(slot: number): number {
    return this.word(slot, ROW);
  }

  /** Ticks, as it came in; of an order that rests its level knows better, but for how far a pegged one may go. */
  price(slot: number): number {
    return this.word(slot, PRICE);
  }

  triggerPrice(slot: number): number {
    return this.word(slot, TRIGGER_PRICE);
  }

  setTriggerPrice(slot: number, price: number): void {
    this.i32[this.recordOf(slot) * WORDS + TRIGGER_PRICE] = price;
  }

  trailingOffset(slot: number): number {
    return this.word(slot, TRAILING_OFFSET);
  }

  trailingBasisPoints(slot: number): number {
    return this.word(slot, TRAILING_BASIS_POINTS);
  }

  activationPrice(slot: number): number {
    return this.word(slot, ACTIVATION_PRICE);
  }

  /** The best price for a trailing stop's owner since it began; 0 if it has not. */
  extreme(slot: number): number {
    return this.word(slot, EXTREME);
  }

  setExtreme(slot: number, price: number): void {
    this.i32[this.recordOf(slot) * WORDS + EXTREME] = price;
  }

  /** Ticks, of a pegged order. */
  pegOffset(slot: number): number {
    return this.word(slot, PEG_OFFSET);
  }

  /** The list that it is in; 0: none. */
  listId(slot: number): number {
    return this.number(slot, LIST_ID);
  }

  leaveList(slot: number): void {
    this.f64[this.recordOf(slot) * DOUBLES + LIST_ID] = 0;
  }

  clientOrderId(slot: number): number {
    return this.number(slot, CLIENT_ORDER_ID);
  }

  expiresAt(slot: number): number {
    return this.number(slot, EXPIRES_AT);
  }

  displayQuantity(slot: number): number {
    return this.number(slot, DISPLAY_QUANTITY);
  }

  /** Lots of an iceberg that are not shown yet. */
  reserve(slot: number): number {
    return this.number(slot, RESERVE);
  }

  setReserve(slot: number, lots: number): void {
    this.f64[this.recordOf(slot) * DOUBLES + RESERVE] = lots;
  }

  /** Whether an order that has a record and is shown trades as a plain one does: nothing of it comes after, and it is in no list. */
  tradesAlone(slot: number): boolean {
    const double = this.recordOf(slot) * DOUBLES;
    return this.f64[double + RESERVE] === 0 && this.f64[double + LIST_ID] === 0;
  }

  /** Whether an order that has a record is on a level that everybody sees, and in no list. */
  isShownAlone(slot: number): boolean {
    const record = this.recordOf(slot);
    const isShown = (this.i32[record * WORDS + TERMS] as number) >>> 24 === Place.shown;
    return isShown && this.f64[record * DOUBLES + LIST_ID] === 0;
  }

  private terms(slot: number): number {
    return this.word(slot, TERMS);
  }

  /** Record 0 is all zeros, and so are the fields of a plain order. */
  private word(slot: number, word: number): number {
    return this.i32[this.recordOf(slot) * WORDS + word] as number;
  }

  private number(slot: number, double: number): number {
    return this.f64[this.recordOf(slot) * DOUBLES + double] as number;
  }

  private recordOf(slot: number): number {
    return slot < this.records.length ? (this.records[slot] as number) : 0;
  }

  private setRecord(slot: number, record: number): void {
    if (slot >= this.records.length) {
      this.recordMemory.growTo((slot + 1) * 8);
      this.records = this.recordMemory.i32();
    }
    this.records[slot] = record;
  }

  private take(): number {
    this.count += 1;
    const released = this.released;
    if (released !== 0) {
      this.released = this.i32[released * WORDS + NEXT_FREE] as number;
      return released;
    }
    if ((this.unused + 1) * WORDS > this.i32.length) {
      this.memory.growTo(0);
      this.i32 = this.memory.i32();
      this.f64 = this.memory.f64();
    }
    this.unused += 1;
    return this.unused - 1;
  }
}

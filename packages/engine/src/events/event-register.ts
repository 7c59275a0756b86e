import {
  ACTIVATION_PRICE,
  ALL_OR_NONE_FLAG,
  CLIENT_ORDER_ID,
  DISPLAY_QUANTITY,
  EXPIRES_AT,
  FLAGS,
  HIDDEN_FLAG,
  MIN_QUANTITY,
  PEG_OFFSET,
  pegOf,
  postOnlyOf,
  SLIPPAGE,
  selfTradeOf,
  TRADE_GROUP,
  TRAILING_BASIS_POINTS,
  TRAILING_OFFSET,
  TRIGGER_PRICE,
  triggerOf,
  triggerOnOf,
} from "../conditions/condition-layout.ts";
import { SelfTrade } from "../conditions/conditions.ts";
import { type RecordViews, recordViews } from "../record.ts";
import {
  ACCOUNT,
  ALLOCATION,
  AT,
  BAND_COUNT,
  CODE_NUMBER,
  CONDITIONS,
  COUNT,
  FIFO_PERCENT,
  ID,
  LEAD_ACCOUNT,
  LEAD_PERCENT,
  LONGEST_EVENT,
  MAKER_ORDER_ID,
  MAKER_REMAINING,
  MARKET,
  MINIMUM_SHARE,
  ORDERS,
  PHASE,
  PRICE,
  QUANTITY,
  QUOTE_QUANTITY,
  REMAINING,
  SURPLUS,
  TAKER_ACCOUNT,
  TAKER_ORDER_ID,
  TAKER_REMAINING,
  TERMS,
  TIME,
  TOP_ORDER_MAXIMUM,
} from "./event-layout.ts";

/**
 * The registers of one event: a record that the engine reuses for all events of the kind, read in place.
 *
 * Read only the fields that the event's kind has (see `EngineEvent`): others hold what an earlier event left. Copy
 * `views.bytes` up to `length` to keep the event, or `decodeEvent(views, 0)` to have it as an object. Prices are in ticks,
 * quantities in lots.
 */
export class EventRegister {
  readonly views: RecordViews;
  readonly #i32: Int32Array;
  readonly #f64: Float64Array;

  /** `header` is the record's first word; `views` the memory, if others share it. */
  constructor(header: number, views: RecordViews = recordViews(LONGEST_EVENT)) {
    this.views = views;
    this.#i32 = views.i32;
    this.#f64 = views.f64;
    this.#i32[0] = header;
  }

  /** One of `EventKind`. */
  get kind(): number {
    return (this.#i32[0] as number) & 0xff;
  }

  /** The record's length in bytes. */
  get length(): number {
    return ((this.#i32[0] as number) >>> 16) << 3;
  }

  get market(): number {
    return this.#i32[MARKET] as number;
  }

  /** The order's owner; of a trade or a prevented one, see `makerAccount` and `takerAccount`. */
  get account(): number {
    return this.#i32[ACCOUNT] as number;
  }

  /** 0 if a placement was rejected. */
  get orderId(): number {
    return this.#f64[ID] as number;
  }

  /** One of `Side`; of a trade or a prevented one, the taker's. */
  get side(): number {
    return (this.#i32[TERMS] as number) & 0xff;
  }

  /** One of `OrderType`. */
  get type(): number {
    return ((this.#i32[TERMS] as number) >>> 8) & 0xff;
  }

  /** One of `TimeInForce`. */
  get timeInForce(): number {
    return ((this.#i32[TERMS] as number) >>> 16) & 0xff;
  }

  /**
   * Of an order, its limit; of a pegged one that moved, where it is now; of a trade or a prevented one, the maker's; else the
   * indicative, the mark or the reference price.
   */
  get price(): number {
    return this.#i32[PRICE] as number;
  }

  /** Placed, traded, taken off, lost to prevention, resting on the level now, or to trade when uncrossing. */
  get quantity(): number {
    return this.#f64[QUANTITY] as number;
  }

  /** Ticks × lots. */
  get quoteQuantity(): number {
    return this.#f64[QUOTE_QUANTITY] as number;
  }

  get tradeId(): number {
    return this.#f64[ID] as number;
  }

  get takerSide(): number {
    return this.side;
  }

  get makerOrderId(): number {
    return this.#f64[MAKER_ORDER_ID] as number;
  }

  get takerOrderId(): number {
    return this.#f64[TAKER_ORDER_ID] as number;
  }

  get makerAccount(): number {
    return this.#i32[ACCOUNT] as number;
  }

  get takerAccount(): number {
    return this.#i32[TAKER_ACCOUNT] as number;
  }

  get makerRemaining(): number {
    return this.#f64[MAKER_REMAINING] as number;
  }

  /** 0 for a taker by quote quantity: how many lots it still gets depends on the prices to come. */
  get takerRemaining(): number {
    return this.#f64[TAKER_REMAINING] as number;
  }

  /** One of `DoneReason`. */
  get reason(): number {
    return ((this.#i32[TERMS] as number) >>> 8) & 0xff;
  }

  /** Left unfilled when the order was done, or left to fill after it was reduced, amended or repegged. */
  get remaining(): number {
    return this.#f64[REMAINING] as number;
  }

  /** The number of a rejection: see `REJECTIONS`; from 1000 on it is the Admission port's. */
  get codeNumber(): number {
    return this.#i32[CODE_NUMBER] as number;
  }

  /** How many orders rest on the level now. */
  get orders(): number {
    return this.#i32[ORDERS] as number;
  }

  /** One of `SelfTrade`: what was done when two orders of one owner met. */
  get mode(): number {
    return ((this.#i32[TERMS] as number) >>> 8) & 0xff;
  }

  /** Of a prevented trade: the host may move the lots between the accounts. */
  get transfers(): boolean {
    return this.mode === SelfTrade.transfer && this.makerAccount !== this.takerAccount;
  }

  /** One of `Phase`: the market's from now on. */
  get phase(): number {
    return this.#i32[PHASE] as number;
  }

  /** Lots to buy less lots to sell at the indicative price. */
  get surplus(): number {
    return this.#f64[SURPLUS] as number;
  }

  /** How many orders were cancelled. */
  get count(): number {
    return this.#f64[COUNT] as number;
  }

  /** The time at which the account's dead-man's switch cancels its orders; 0: it is off. */
  get at(): number {
    return this.#f64[AT] as number;
  }

  /** The engine's time from now on. */
  get time(): number {
    return this.#f64[TIME] as number;
  }

  /** One of `Allocation`: how the market shares the lots of a level from now on. */
  get allocation(): number {
    return this.#i32[ALLOCATION] as number;
  }

  /** Lots: smaller pro-rata shares are 0. */
  get minimumShare(): number {
    return this.#f64[MINIMUM_SHARE] as number;
  }

  /** 0 to 100: this part of a level's lots goes by time first. */
  get fifoPercent(): number {
    return this.#i32[FIFO_PERCENT] as number;
  }

  /** Lots that the order at the front of a level's queue gets first. */
  get topOrderMaximum(): number {
    return this.#f64[TOP_ORDER_MAXIMUM] as number;
  }

  /** The lead market maker; 0: nobody. */
  get leadAccount(): number {
    return this.#i32[LEAD_ACCOUNT] as number;
  }

  /** 0 to 100: this part of a level's lots goes to the lead market maker's orders. */
  get leadPercent(): number {
    return this.#i32[LEAD_PERCENT] as number;
  }

  /** How many bands of price increments the market has now; `decodeEvent` reads them. */
  get bandCount(): number {
    return this.#i32[BAND_COUNT] as number;
  }

  /** Of a rejection: which leg of a list it is about, from 1; 0: none. */
  get leg(): number {
    return this.#i32[TERMS] as number;
  }

  /** Of a list: its first order's id. */
  get listId(): number {
    return this.#f64[ID] as number;
  }

  /** One of `Contingency`, of a list. */
  get contingency(): number {
    return (this.#i32[TERMS] as number) & 0xff;
  }

  /** One of `Sizing`, of a list. */
  get sizing(): number {
    return ((this.#i32[TERMS] as number) >>> 8) & 0xff;
  }

  /** How many orders a list has. */
  get legs(): number {
    return (this.#i32[TERMS] as number) >>> 16;
  }

  /** Whether the order that was accepted, kept pending, activated or triggered has conditions. If not, all that follow are 0. */
  get hasConditions(): boolean {
    return this.length > CONDITIONS * 8;
  }

  /** One of `PostOnly`. */
  get postOnly(): number {
    return postOnlyOf(this.#conditionWord(FLAGS));
  }

  /** One of `SelfTrade`: what the order asks for. What was done is a prevented trade's `mode`. */
  get selfTrade(): number {
    return selfTradeOf(this.#conditionWord(FLAGS));
  }

  /** Orders of one group are each other's own; 0: of none. */
  get tradeGroup(): number {
    return this.#conditionWord(TRADE_GROUP);
  }

  /** The engine's time at which the order ends; 0: at none. */
  get expiresAt(): number {
    return this.#conditionNumber(EXPIRES_AT);
  }

  /** Lots shown at a time; 0: all, or none if the order is hidden. */
  get displayQuantity(): number {
    return this.#conditionNumber(DISPLAY_QUANTITY);
  }

  get hidden(): boolean {
    return (this.#conditionWord(FLAGS) & HIDDEN_FLAG) !== 0;
  }

  /** Lots that must trade at once. */
  get minQuantity(): number {
    return this.#conditionNumber(MIN_QUANTITY);
  }

  /** One of `Trigger`. */
  get trigger(): number {
    return triggerOf(this.#conditionWord(FLAGS));
  }

  /** Ticks, of a stop and a take-profit. */
  get triggerPrice(): number {
    return this.#conditionWord(TRIGGER_PRICE);
  }

  /** One of `TriggerOn`. */
  get triggerOn(): number {
    return triggerOnOf(this.#conditionWord(FLAGS));
  }

  /** Ticks, of a trailing stop without basis points. */
  get trailingOffset(): number {
    return this.#conditionWord(TRAILING_OFFSET);
  }

  /** Hundredths of a per cent, of a trailing stop without an offset. */
  get trailingBasisPoints(): number {
    return this.#conditionWord(TRAILING_BASIS_POINTS);
  }

  /** Ticks: the price at which a trailing stop begins; 0: at once. */
  get activationPrice(): number {
    return this.#conditionWord(ACTIVATION_PRICE);
  }

  /** Ticks, of a market order without a price. */
  get slippage(): number {
    return this.#conditionWord(SLIPPAGE);
  }

  get allOrNone(): boolean {
    return (this.#conditionWord(FLAGS) & ALL_OR_NONE_FLAG) !== 0;
  }

  /** One of `Peg`. */
  get peg(): number {
    return pegOf(this.#conditionWord(FLAGS));
  }

  /** Ticks, of a pegged order. */
  get pegOffset(): number {
    return this.#conditionWord(PEG_OFFSET);
  }

  /** The owner's name for the order; 0: none. */
  get clientOrderId(): number {
    return this.#conditionNumber(CLIENT_ORDER_ID);
  }

  #conditionWord(index: number): number {
    return this.hasConditions ? (this.#i32[CONDITIONS * 2 + index] as number) : 0;
  }

  #conditionNumber(index: number): number {
    return this.hasConditions ? (this.#f64[CONDITIONS + index] as number) : 0;
  }
}

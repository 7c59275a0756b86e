import { type RecordViews, recordViews } from "../record.ts";
import {
  ACCOUNT,
  CODE_NUMBER,
  ID,
  LONGEST_EVENT,
  MAKER_ORDER_ID,
  MAKER_REMAINING,
  MARKET,
  ORDERS,
  PRICE,
  QUANTITY,
  QUOTE_QUANTITY,
  REMAINING,
  TAKER_ACCOUNT,
  TAKER_ORDER_ID,
  TAKER_REMAINING,
  TERMS,
} from "./event-layout.ts";

/**
 * The registers of one event: a record that the engine reuses for all events of the kind, read in place.
 *
 * Read only the fields that the event's kind has (see `EngineEvent`): others hold what an earlier event left. Copy
 * `views.bytes` up to `length` to keep the event, or `decodeEvent(views, 0)` to have it as an object. Prices are in ticks,
 * quantities in lots.
 */
export class EventRegister {
  readonly views: RecordViews = recordViews(LONGEST_EVENT);
  readonly #i32: Int32Array = this.views.i32;
  readonly #f64: Float64Array = this.views.f64;

  /** `header` is the record's first word. */
  constructor(header: number) {
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

  /** The order's owner; of a trade, see `makerAccount` and `takerAccount`. */
  get account(): number {
    return this.#i32[ACCOUNT] as number;
  }

  /** 0 if a placement was rejected. */
  get orderId(): number {
    return this.#f64[ID] as number;
  }

  /** One of `Side`; of a trade, the taker's. */
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

  /** Of an order, its limit; of a trade, the maker's. */
  get price(): number {
    return this.#i32[PRICE] as number;
  }

  /** Placed, traded, taken off, or resting on the level now. */
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

  /** Left unfilled when the order was done, or left to fill after it was reduced. */
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
}

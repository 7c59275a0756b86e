import { EventKind } from "./event.ts";
import { type RecordViews, recordKind, recordLength, recordViews, writeHeader } from "./record.ts";

const VERSION = 1;
const LENGTH = 128;

/**
 * The registers of one event: a single record that the engine writes and the handler reads in place. Numbers in a typed
 * array's fields cost no garbage, while a double passed to a call that V8 does not inline is boxed. Copy
 * `views.bytes[0 … length)` to keep an event: it is the encoded record.
 */
export class EventRegister {
  readonly views: RecordViews = recordViews(LENGTH);

  get kind(): number {
    return recordKind(this.views, 0);
  }
  /** Bytes of the record. */
  get length(): number {
    return recordLength(this.views, 0);
  }
  get market(): number {
    return this.#int(1);
  }

  /** Of accepted, rejected and done. */
  get account(): number {
    return this.#int(2);
  }
  /** Of accepted, rejected, done: the order. */
  get orderId(): number {
    return this.kind === EventKind.rejected ? this.#double(2) : this.#double(3);
  }
  /** Ticks. */
  get price(): number {
    return this.kind === EventKind.trade ? this.#int(2) : this.#int(3);
  }
  /** `Side` of accepted, done and levelChanged. */
  get side(): number {
    return this.kind === EventKind.levelChanged ? this.#int(2) : (this.views.bytes[16] ?? 0);
  }
  /** `OrderType` of accepted. */
  get type(): number {
    return this.views.bytes[17] ?? 0;
  }
  /** `TimeInForce` of accepted. */
  get timeInForce(): number {
    return this.views.bytes[18] ?? 0;
  }
  /** Lots: of the order (accepted), the trade, or the level. */
  get quantity(): number {
    return this.kind === EventKind.levelChanged ? this.#double(3) : this.#double(4);
  }
  /** Ticks × lots of accepted. */
  get quoteQuantity(): number {
    return this.#double(5);
  }
  /** The number of a rejection. */
  get codeNumber(): number {
    return this.#int(3);
  }

  get tradeId(): number {
    return this.#double(3);
  }
  get takerSide(): number {
    return this.#int(3);
  }
  get makerAccount(): number {
    return this.#int(4);
  }
  get takerAccount(): number {
    return this.#int(5);
  }
  get makerOrderId(): number {
    return this.#double(5);
  }
  get takerOrderId(): number {
    return this.#double(6);
  }
  get makerRemaining(): number {
    return this.#double(7);
  }
  get takerRemaining(): number {
    return this.#double(8);
  }

  /** `DoneReason` of done. */
  get reason(): number {
    return this.views.bytes[17] ?? 0;
  }
  /** Lots of done that did not trade. */
  get remaining(): number {
    return this.#double(4);
  }
  /** How many orders a level has. */
  get orders(): number {
    return this.#int(4);
  }

  writeMarketAdded(market: number): void {
    writeHeader(this.views, 0, EventKind.marketAdded, VERSION, 8, market);
  }

  writeAccepted(
    market: number,
    account: number,
    orderId: number,
    side: number,
    type: number,
    timeInForce: number,
    price: number,
    quantity: number,
    quoteQuantity: number,
  ): void {
    const { bytes, i32, f64 } = this.views;
    writeHeader(this.views, 0, EventKind.accepted, VERSION, 48, market);
    i32[2] = account;
    i32[3] = price;
    i32[4] = 0;
    i32[5] = 0;
    bytes[16] = side;
    bytes[17] = type;
    bytes[18] = timeInForce;
    f64[3] = orderId;
    f64[4] = quantity;
    f64[5] = quoteQuantity;
  }

  writeRejected(market: number, account: number, orderId: number, codeNumber: number): void {
    const { i32, f64 } = this.views;
    writeHeader(this.views, 0, EventKind.rejected, VERSION, 24, market);
    i32[2] = account;
    i32[3] = codeNumber;
    f64[2] = orderId;
  }

  /** `f64[3…8]` (trade id, quantity, maker and taker order, what is left of each) are written by the matching, in place. */
  writeTrade(
    market: number,
    price: number,
    takerSide: number,
    makerAccount: number,
    takerAccount: number,
  ): void {
    const { i32 } = this.views;
    writeHeader(this.views, 0, EventKind.trade, VERSION, 72, market);
    i32[2] = price;
    i32[3] = takerSide;
    i32[4] = makerAccount;
    i32[5] = takerAccount;
  }

  writeDone(
    market: number,
    account: number,
    orderId: number,
    side: number,
    price: number,
    reason: number,
    remaining: number,
  ): void {
    const { bytes, i32, f64 } = this.views;
    writeHeader(this.views, 0, EventKind.done, VERSION, 40, market);
    i32[2] = account;
    i32[3] = price;
    i32[4] = 0;
    i32[5] = 0;
    bytes[16] = side;
    bytes[17] = reason;
    f64[3] = orderId;
    f64[4] = remaining;
  }

  writeLevelChanged(
    market: number,
    side: number,
    price: number,
    orders: number,
    quantity: number,
  ): void {
    const { i32, f64 } = this.views;
    writeHeader(this.views, 0, EventKind.levelChanged, VERSION, 32, market);
    i32[2] = side;
    i32[3] = price;
    i32[4] = orders;
    i32[5] = 0;
    f64[3] = quantity;
  }

  #int(index: number): number {
    return this.views.i32[index] ?? 0;
  }

  #double(index: number): number {
    return this.views.f64[index] ?? 0;
  }
}

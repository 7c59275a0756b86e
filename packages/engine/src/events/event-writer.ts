import type { EngineHandler } from "../engine-handler.ts";
import type { IncomingOrder } from "../incoming-order.ts";
import type { OrderBooks } from "../order-books.ts";
import { FIRST_ADMISSION_CODE } from "../rejection.ts";
import {
  ACCOUNT,
  CODE_NUMBER,
  ID,
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
import { EventRegister } from "./event-register.ts";

/**
 * Fills registers and has them heard. Each kind of event has its own, whose first word is ready made: its length in words
 * of 8 bytes, the version, the kind. Words without meaning are 0 and are never written, so that the same event has the same
 * bytes whatever came before.
 *
 * Numbers that may not fit in 32 bits come from the order and the books, not as arguments: V8 would put them in an object
 * of 16 bytes wherever it does not inline the call.
 */
export class EventWriter {
  readonly marketAdded: EventRegister = new EventRegister(0x0001_01_01);
  readonly accepted: EventRegister = new EventRegister(0x0006_01_02);
  readonly rejected: EventRegister = new EventRegister(0x0005_01_03);
  readonly trade: EventRegister = new EventRegister(0x0009_01_04);
  readonly done: EventRegister = new EventRegister(0x0006_01_05);
  readonly levelChanged: EventRegister = new EventRegister(0x0004_01_06);
  readonly reduced: EventRegister = new EventRegister(0x0006_01_07);
  private readonly order: IncomingOrder;
  private readonly books: OrderBooks;
  private readonly handler: EngineHandler;

  constructor(order: IncomingOrder, books: OrderBooks, handler: EngineHandler) {
    this.order = order;
    this.books = books;
    this.handler = handler;
  }

  tellMarketAdded(): void {
    this.marketAdded.views.i32[MARKET] = this.order.market;
    this.handler.event(this.marketAdded);
  }

  /** Not heard yet: the Admission port is asked first. */
  fillAccepted(): EventRegister {
    const { order, accepted } = this;
    const { i32, f64 } = accepted.views;
    i32[MARKET] = order.market;
    i32[PRICE] = order.price;
    i32[TERMS] = order.side | (order.type << 8) | (order.timeInForce << 16);
    f64[QUANTITY] = order.quantity;
    f64[ID] = order.orderId;
    i32[ACCOUNT] = order.account;
    f64[QUOTE_QUANTITY] = order.quoteQuantity;
    return accepted;
  }

  /** The Admission port refused what `accepted` holds, with a code of its own. */
  tellRefused(codeNumber: number): void {
    if (!(codeNumber >= FIRST_ADMISSION_CODE)) {
      throw new RangeError(`expected 0 or a code from ${FIRST_ADMISSION_CODE}, was ${codeNumber}`);
    }
    const { accepted, rejected } = this;
    const { i32, f64 } = rejected.views;
    i32[MARKET] = accepted.market;
    i32[CODE_NUMBER] = codeNumber;
    f64[ID] = 0;
    i32[ACCOUNT] = accepted.account;
    this.handler.event(rejected);
  }

  /** `order.orderId` is the one that was named; 0 for a placement. */
  tellRejected(codeNumber: number): void {
    const { order, rejected } = this;
    const { i32, f64 } = rejected.views;
    i32[MARKET] = order.market;
    i32[CODE_NUMBER] = codeNumber;
    f64[ID] = order.orderId;
    i32[ACCOUNT] = order.account;
    this.handler.event(rejected);
  }

  /** The taker trades `order.filling` lots with a maker, which both have been reduced by already. Not heard yet. */
  fillTrade(maker: number, price: number): EventRegister {
    const { order, trade } = this;
    const { i32, f64 } = trade.views;
    const { orders } = this.books;
    i32[MARKET] = order.market;
    i32[PRICE] = price;
    i32[TERMS] = order.side;
    f64[QUANTITY] = order.filling;
    f64[ID] = this.books.nextTradeId;
    i32[ACCOUNT] = orders.account(maker);
    i32[TAKER_ACCOUNT] = order.account;
    f64[MAKER_ORDER_ID] = orders.id(maker);
    f64[TAKER_ORDER_ID] = order.orderId;
    f64[MAKER_REMAINING] = orders.remaining(maker);
    f64[TAKER_REMAINING] = order.isByQuote ? 0 : order.remaining;
    return trade;
  }

  /** A resting order is no more. */
  tellRestingDone(slot: number, reason: number): void {
    const { i32, f64 } = this.done.views;
    const { orders, levels } = this.books;
    const level = orders.level(slot);
    i32[MARKET] = this.order.market;
    i32[PRICE] = levels.price(level);
    i32[TERMS] = levels.side(level) | (reason << 8);
    f64[ID] = orders.id(slot);
    i32[ACCOUNT] = orders.account(slot);
    f64[REMAINING] = orders.remaining(slot);
    this.handler.event(this.done);
  }

  /** The order that has just come in does not rest. */
  tellIncomingDone(reason: number): void {
    const { order } = this;
    const { i32, f64 } = this.done.views;
    i32[MARKET] = order.market;
    i32[PRICE] = order.price;
    i32[TERMS] = order.side | (reason << 8);
    f64[ID] = order.orderId;
    i32[ACCOUNT] = order.account;
    f64[REMAINING] = order.isByQuote ? 0 : order.remaining;
    this.handler.event(this.done);
  }

  /** `order.quantity` lots were taken off a resting order. */
  tellReduced(slot: number): void {
    const { i32, f64 } = this.reduced.views;
    const { orders, levels } = this.books;
    const level = orders.level(slot);
    i32[MARKET] = this.order.market;
    i32[PRICE] = levels.price(level);
    i32[TERMS] = levels.side(level);
    f64[QUANTITY] = this.order.quantity;
    f64[ID] = orders.id(slot);
    i32[ACCOUNT] = orders.account(slot);
    f64[REMAINING] = orders.remaining(slot);
    this.handler.event(this.reduced);
  }

  tellLevel(level: number): void {
    const { i32, f64 } = this.levelChanged.views;
    const { levels } = this.books;
    i32[MARKET] = this.order.market;
    i32[PRICE] = levels.price(level);
    i32[TERMS] = levels.side(level);
    f64[QUANTITY] = levels.quantity(level);
    i32[ORDERS] = levels.orders(level);
    this.handler.event(this.levelChanged);
  }

  /** Has what a register holds heard. */
  tell(register: EventRegister): void {
    this.handler.event(register);
  }
}

import type { EngineHandler } from "../engine-handler.ts";
import type { IncomingOrder } from "../incoming-order.ts";
import type { OrderBooks } from "../order-books.ts";
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

// The first word of each kind, ready made: its length in words of 8 bytes, the version, the kind.
const MARKET_ADDED = 0x0001_01_01;
const ACCEPTED = 0x0006_01_02;
const REJECTED = 0x0005_01_03;
const TRADE = 0x0009_01_04;
const DONE = 0x0006_01_05;
const LEVEL_CHANGED = 0x0004_01_06;
const REDUCED = 0x0006_01_07;

/**
 * Fills the register and has it heard. Numbers that may not fit in 32 bits come from the order and the books, not as
 * arguments: V8 would put them in an object of 16 bytes wherever it does not inline the call. Every word of the record is
 * written, so that the same event has the same bytes whatever came before.
 */
export class EventWriter {
  readonly register: EventRegister = new EventRegister();
  private readonly i32: Int32Array = this.register.views.i32;
  private readonly f64: Float64Array = this.register.views.f64;
  private readonly order: IncomingOrder;
  private readonly books: OrderBooks;
  private readonly handler: EngineHandler;

  constructor(order: IncomingOrder, books: OrderBooks, handler: EngineHandler) {
    this.order = order;
    this.books = books;
    this.handler = handler;
  }

  tellMarketAdded(): void {
    const { i32 } = this;
    i32[0] = MARKET_ADDED;
    i32[MARKET] = this.order.market;
    this.tell();
  }

  /** Not heard yet: the Admission port is asked first, then `tell` follows. */
  fillAccepted(): void {
    const { i32, f64, order } = this;
    i32[0] = ACCEPTED;
    i32[MARKET] = order.market;
    i32[PRICE] = order.price;
    i32[TERMS] = order.side | (order.type << 8) | (order.timeInForce << 16);
    f64[QUANTITY] = order.quantity;
    f64[ID] = order.orderId;
    i32[ACCOUNT] = order.account;
    i32[TAKER_ACCOUNT] = 0;
    f64[QUOTE_QUANTITY] = order.quoteQuantity;
  }

  /** `order.orderId` is the one that was named; 0 for a placement. */
  tellRejected(codeNumber: number): void {
    const { i32, f64, order } = this;
    i32[0] = REJECTED;
    i32[MARKET] = order.market;
    i32[CODE_NUMBER] = codeNumber;
    i32[TERMS] = 0;
    f64[QUANTITY] = 0;
    f64[ID] = order.orderId;
    i32[ACCOUNT] = order.account;
    i32[TAKER_ACCOUNT] = 0;
    this.tell();
  }

  /** The taker trades `order.filling` lots with a maker, which both have been reduced by already. Not heard yet: `tell` follows. */
  fillTrade(maker: number, price: number): void {
    const { i32, f64, order } = this;
    const { orders } = this.books;
    i32[0] = TRADE;
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
  }

  /** A resting order is no more. */
  tellRestingDone(slot: number, reason: number): void {
    const { i32, f64 } = this;
    const { orders, levels } = this.books;
    const level = orders.level(slot);
    i32[0] = DONE;
    i32[MARKET] = this.order.market;
    i32[PRICE] = levels.price(level);
    i32[TERMS] = levels.side(level) | (reason << 8);
    f64[QUANTITY] = 0;
    f64[ID] = orders.id(slot);
    i32[ACCOUNT] = orders.account(slot);
    i32[TAKER_ACCOUNT] = 0;
    f64[REMAINING] = orders.remaining(slot);
    this.tell();
  }

  /** The order that has just come in does not rest. */
  tellIncomingDone(reason: number): void {
    const { i32, f64, order } = this;
    i32[0] = DONE;
    i32[MARKET] = order.market;
    i32[PRICE] = order.price;
    i32[TERMS] = order.side | (reason << 8);
    f64[QUANTITY] = 0;
    f64[ID] = order.orderId;
    i32[ACCOUNT] = order.account;
    i32[TAKER_ACCOUNT] = 0;
    f64[REMAINING] = order.isByQuote ? 0 : order.remaining;
    this.tell();
  }

  /** `order.quantity` lots were taken off a resting order. */
  tellReduced(slot: number): void {
    const { i32, f64, order } = this;
    const { orders, levels } = this.books;
    const level = orders.level(slot);
    i32[0] = REDUCED;
    i32[MARKET] = order.market;
    i32[PRICE] = levels.price(level);
    i32[TERMS] = levels.side(level);
    f64[QUANTITY] = order.quantity;
    f64[ID] = orders.id(slot);
    i32[ACCOUNT] = orders.account(slot);
    i32[TAKER_ACCOUNT] = 0;
    f64[REMAINING] = orders.remaining(slot);
    this.tell();
  }

  tellLevel(level: number): void {
    const { i32, f64 } = this;
    const { levels } = this.books;
    i32[0] = LEVEL_CHANGED;
    i32[MARKET] = this.order.market;
    i32[PRICE] = levels.price(level);
    i32[TERMS] = levels.side(level);
    f64[QUANTITY] = levels.quantity(level);
    i32[ORDERS] = levels.orders(level);
    i32[ORDERS + 1] = 0;
    this.tell();
  }

  /** Has what the register holds heard. */
  tell(): void {
    this.handler.event(this.register);
  }
}

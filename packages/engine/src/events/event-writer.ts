import type { IncomingOrder } from "../incoming-order.ts";
import type { OrderPool } from "../memory/order-pool.ts";
import type { PriceLevels } from "../memory/price-levels.ts";
import type { OrderBooks } from "../order-books.ts";
import {
  ACCOUNT,
  CODE_NUMBER,
  EVENT_LENGTHS,
  EVENT_VERSION,
  EventKind,
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
 * Fills the register. Numbers that may not fit in 32 bits come from typed arrays, not as arguments: V8 would put them in
 * an object of 16 bytes wherever it does not inline the call. Every word of the record is written, so that the same event
 * has the same bytes whatever came before.
 */
export class EventWriter {
  readonly register: EventRegister = new EventRegister();
  readonly #i32: Int32Array = this.register.views.i32;
  readonly #f64: Float64Array = this.register.views.f64;

  marketAdded(market: number): void {
    this.#begin(EventKind.marketAdded, market);
  }

  accepted(order: IncomingOrder): void {
    this.#begin(EventKind.accepted, order.market);
    this.#i32[PRICE] = order.price;
    this.#i32[TERMS] = order.side | (order.type << 8) | (order.timeInForce << 16);
    this.#f64[QUANTITY] = order.quantity;
    this.#f64[ID] = order.orderId;
    this.#accounts(order.account, 0);
    this.#f64[QUOTE_QUANTITY] = order.quoteQuantity;
  }

  /** `orderId` is the one that was named; 0 for a placement. */
  rejected(order: IncomingOrder, codeNumber: number): void {
    this.#begin(EventKind.rejected, order.market);
    this.#i32[CODE_NUMBER] = codeNumber;
    this.#i32[TERMS] = 0;
    this.#f64[QUANTITY] = 0;
    this.#f64[ID] = order.orderId;
    this.#accounts(order.account, 0);
  }

  /** The taker trades `order.filling` lots with a maker, which both have been reduced by already. */
  trade(order: IncomingOrder, books: OrderBooks, maker: number, price: number): void {
    const { orders } = books;
    this.#begin(EventKind.trade, order.market);
    this.#i32[PRICE] = price;
    this.#i32[TERMS] = order.side;
    this.#f64[QUANTITY] = order.filling;
    this.#f64[ID] = books.nextTradeId;
    this.#accounts(orders.account(maker), order.account);
    this.#f64[MAKER_ORDER_ID] = orders.id(maker);
    this.#f64[TAKER_ORDER_ID] = order.orderId;
    this.#f64[MAKER_REMAINING] = orders.remaining(maker);
    this.#f64[TAKER_REMAINING] = order.isByQuote ? 0 : order.remaining;
  }

  /** A resting order is no more. */
  restingDone(
    market: number,
    orders: OrderPool,
    order: number,
    side: number,
    price: number,
    reason: number,
  ): void {
    this.#begin(EventKind.done, market);
    this.#i32[PRICE] = price;
    this.#i32[TERMS] = side | (reason << 8);
    this.#f64[QUANTITY] = 0;
    this.#f64[ID] = orders.id(order);
    this.#accounts(orders.account(order), 0);
    this.#f64[REMAINING] = orders.remaining(order);
  }

  /** The order that has just come in does not rest. */
  incomingDone(order: IncomingOrder, reason: number): void {
    this.#begin(EventKind.done, order.market);
    this.#i32[PRICE] = order.price;
    this.#i32[TERMS] = order.side | (reason << 8);
    this.#f64[QUANTITY] = 0;
    this.#f64[ID] = order.orderId;
    this.#accounts(order.account, 0);
    this.#f64[REMAINING] = order.isByQuote ? 0 : order.remaining;
  }

  /** `order.quantity` lots were taken off a resting order. */
  reduced(
    order: IncomingOrder,
    orders: OrderPool,
    slot: number,
    side: number,
    price: number,
  ): void {
    this.#begin(EventKind.reduced, order.market);
    this.#i32[PRICE] = price;
    this.#i32[TERMS] = side;
    this.#f64[QUANTITY] = order.quantity;
    this.#f64[ID] = orders.id(slot);
    this.#accounts(orders.account(slot), 0);
    this.#f64[REMAINING] = orders.remaining(slot);
  }

  levelChanged(market: number, levels: PriceLevels, level: number): void {
    this.#begin(EventKind.levelChanged, market);
    this.#i32[PRICE] = levels.price(level);
    this.#i32[TERMS] = levels.side(level);
    this.#f64[QUANTITY] = levels.quantity(level);
    this.#i32[ORDERS] = levels.orders(level);
    this.#i32[ORDERS + 1] = 0;
  }

  #begin(kind: number, market: number): void {
    const length = EVENT_LENGTHS[kind] as number;
    this.#i32[0] = kind | (EVENT_VERSION << 8) | ((length >> 3) << 16);
    this.#i32[MARKET] = market;
  }

  #accounts(account: number, takerAccount: number): void {
    this.#i32[ACCOUNT] = account;
    this.#i32[TAKER_ACCOUNT] = takerAccount;
  }
}

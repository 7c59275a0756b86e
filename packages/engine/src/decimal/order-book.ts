import type { DoneReasonName } from "../done-reason.ts";
import { Engine } from "../engine.ts";
import { decodeEvent } from "../events/decode-event.ts";
import type { EngineEvent } from "../events/event.ts";
import { OrderType } from "../order-type.ts";
import type { RejectionCode } from "../rejection.ts";
import { Side, type SideName } from "../side.ts";
import { TimeInForce, type TimeInForceName } from "../time-in-force.ts";
import {
  type DecimalReading,
  type DecimalScale,
  decimalScale,
  productScale,
} from "./decimal-scale.ts";

/** The units of a book. */
export interface OrderBookOptions {
  /** Prices are whole multiples of this: `"0.01"`. */
  readonly priceIncrement: string;
  /** Quantities are whole multiples of this: `"0.001"`. */
  readonly quantityIncrement: string;
  /**
   * The highest price. Price × quantity stays below 2^53 increments of both, so a lower maximum leaves room for larger
   * quantities. 2^26 price increments unless told otherwise, which leaves 2^27 quantity increments.
   */
  readonly maxPrice?: string;
}

/** An order with a limit: the worst price that its owner accepts. */
export interface LimitOrder {
  readonly side: SideName;
  readonly price: string;
  readonly quantity: string;
  /** `"gtc"` unless told otherwise: what does not trade rests. */
  readonly timeInForce?: TimeInForceName;
  /** Whose it is: 1 unless told otherwise. */
  readonly account?: number;
}

/** An order that trades at once. Give a quantity, or what to spend (buy) or raise (sell) in the quote asset. */
export interface MarketOrder {
  readonly side: SideName;
  readonly quantity?: string;
  readonly quoteQuantity?: string;
  readonly worstPrice?: string;
  /** `"ioc"` unless told otherwise. */
  readonly timeInForce?: Exclude<TimeInForceName, "gtc">;
  readonly account?: number;
}

/** What became of an order. */
export interface PlacedOrder {
  readonly orderId: number;
  readonly side: SideName;
  readonly status: "resting" | DoneReasonName;
  /** The quantity that has traded. */
  readonly filled: string;
  /** The quantity that rests, or was dropped; `"0"` with all its decimals for an order by quote quantity. */
  readonly remaining: string;
}

/** A trade of the order that came in, at the price of the one that rested. */
export interface DecimalTrade {
  readonly tradeId: number;
  readonly price: string;
  readonly quantity: string;
  readonly makerOrderId: number;
  readonly takerOrderId: number;
}

/** A rule that was broken. Nothing has changed. */
export interface BookRefusal {
  readonly ok: false;
  readonly code: RejectionCode | Extract<DecimalReading, { ok: false }>["code"];
  readonly field: string;
}

/** What the order became and traded, or why it was refused. */
export type Placement =
  | { readonly ok: true; readonly order: PlacedOrder; readonly trades: readonly DecimalTrade[] }
  | BookRefusal;

/** The quantity that no longer rests, or why nothing was cancelled. */
export type Cancellation =
  | { readonly ok: true; readonly orderId: number; readonly cancelled: string }
  | BookRefusal;

const MARKET = 1;

/**
 * One market with decimal strings: the engine for when convenience counts more than speed.
 *
 * @example
 * ```ts
 * import { OrderBook } from "@pincex/engine/decimal";
 *
 * const book = new OrderBook({ priceIncrement: "0.01", quantityIncrement: "0.001" });
 * book.limit({ side: "sell", price: "101.50", quantity: "2" });
 * const bought = book.market({ side: "buy", quantity: "0.5" });
 * bought.ok && bought.trades; // => [{ tradeId: 1, price: "101.50", quantity: "0.500", makerOrderId: 1, takerOrderId: 2 }]
 * book.best("sell"); // => "101.50"
 * ```
 */
export class OrderBook {
  readonly #engine: Engine;
  readonly #price: DecimalScale;
  readonly #quantity: DecimalScale;
  readonly #notional: DecimalScale;
  #events: EngineEvent[] = [];

  /** Throws `RangeError` for increments or a maximum that are no positive decimals, or leave no room for a quantity. */
  constructor({ priceIncrement, quantityIncrement, maxPrice }: OrderBookOptions) {
    this.#price = decimalScale(priceIncrement);
    this.#quantity = decimalScale(quantityIncrement);
    this.#notional = productScale(this.#price, this.#quantity);
    this.#engine = new Engine({
      handler: { event: ({ views }) => this.#events.push(decodeEvent(views, 0)) },
    });
    const most = this.#price.parse(maxPrice ?? this.#price.format(2 ** 26));
    const ticks = most.ok ? most.value : 0;
    const lots = Math.floor(Number.MAX_SAFE_INTEGER / ticks);
    if (!this.#engine.addMarket(MARKET, ticks, lots, 1, 1, 0, 0)) {
      throw new RangeError(`expected a maximum price of 1 to 2^31 − 2 increments, was ${maxPrice}`);
    }
  }

  /** Places an order with a limit. */
  limit({ side, price, quantity, timeInForce = "gtc", account = 1 }: LimitOrder): Placement {
    const ticks = this.#price.parse(price);
    if (!ticks.ok) return refused(ticks.code, "price");
    const lots = this.#quantity.parse(quantity);
    if (!lots.ok) return refused(lots.code, "quantity");
    return this.#place(account, side, OrderType.limit, timeInForce, ticks.value, lots.value, 0);
  }

  /** Places an order that trades at once, and never rests. */
  market(order: MarketOrder): Placement {
    const { side, timeInForce = "ioc", account = 1 } = order;
    const ticks = this.#price.parse(order.worstPrice ?? "0");
    if (!ticks.ok) return refused(ticks.code, "worstPrice");
    const lots = this.#quantity.parse(order.quantity ?? "0");
    if (!lots.ok) return refused(lots.code, "quantity");
    const tickLots = this.#notional.parse(order.quoteQuantity ?? "0");
    if (!tickLots.ok) return refused(tickLots.code, "quoteQuantity");
    return this.#place(
      account,
      side,
      OrderType.market,
      timeInForce,
      ticks.value,
      lots.value,
      tickLots.value,
    );
  }

  /** Cancels what is left of a resting order. */
  cancel(orderId: number, account = 1): Cancellation {
    this.#events = [];
    this.#engine.cancel(MARKET, account, orderId);
    const [event] = this.#events;
    if (event?.kind !== "done") return refused("order_unknown", "orderId");
    return { ok: true, orderId, cancelled: this.#quantity.format(event.remaining) };
  }

  /** The best price of a side. */
  best(side: SideName): string | undefined {
    const price = this.#engine.best(MARKET, Side[side]);
    return price === 0 ? undefined : this.#price.format(price);
  }

  /** The price levels of a side, best first: all of them unless told otherwise. */
  depth(side: SideName, limit?: number): { price: string; quantity: string; orders: number }[] {
    return this.#engine.depth(MARKET, Side[side], limit).map(({ price, quantity, orders }) => ({
      price: this.#price.format(price),
      quantity: this.#quantity.format(quantity),
      orders,
    }));
  }

  #place(
    account: number,
    side: SideName,
    type: OrderType,
    timeInForce: TimeInForceName,
    price: number,
    quantity: number,
    quoteQuantity: number,
  ): Placement {
    this.#events = [];
    const orderId = this.#engine.place(
      MARKET,
      account,
      Side[side],
      type,
      TimeInForce[timeInForce],
      price,
      quantity,
      quoteQuantity,
    );
    const [first] = this.#events;
    if (first?.kind === "rejected") return refused(first.code, first.field);
    const trades = this.#events.filter((event) => event.kind === "trade");
    const done = this.#events.find((event) => event.kind === "done" && event.orderId === orderId);
    const filled = trades.reduce((sum, trade) => sum + trade.quantity, 0);
    const order: PlacedOrder = {
      orderId,
      side,
      status: done?.kind === "done" ? done.reason : "resting",
      filled: this.#quantity.format(filled),
      remaining: this.#quantity.format(quantity === 0 ? 0 : quantity - filled),
    };
    return {
      ok: true,
      order,
      trades: trades.map(({ tradeId, makerOrderId, takerOrderId, ...trade }) => ({
        tradeId,
        price: this.#price.format(trade.price),
        quantity: this.#quantity.format(trade.quantity),
        makerOrderId,
        takerOrderId,
      })),
    };
  }
}

const refused = (code: BookRefusal["code"], field: string): BookRefusal => ({
  ok: false,
  code,
  field,
});

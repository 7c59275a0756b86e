import type { EngineCommand, SidesName } from "../commands/command.ts";
import { writeCommand } from "../commands/command-codec.ts";
import { Engine } from "../engine.ts";
import { decodeEvent } from "../events/decode-event.ts";
import type { EngineEvent } from "../events/event.ts";
import { invariant } from "../invariant.ts";
import type { PhaseName } from "../phases/phase.ts";
import { RecordWriter } from "../record.ts";
import { Side, type SideName } from "../side.ts";
import { type BookRefusal, refused } from "./book-refusal.ts";
import { type BookUnits, bookUnits } from "./book-units.ts";
import { type DecimalEvent, formatEvent } from "./decimal-event.ts";
import { type OrderList, readList } from "./decimal-list.ts";
import type {
  AmendedOrder,
  LimitOrder,
  MarketOrder,
  MarketToLimitOrder,
  ReplacingOrder,
} from "./decimal-order.ts";
import {
  type DecimalPriceBand,
  type MarketAllocation,
  type MarketRules,
  readAllocation,
  readBands,
  readRules,
} from "./market-settings.ts";
import {
  limitTerms,
  MARKET,
  marketTerms,
  marketToLimitTerms,
  type OrderReading,
} from "./order-terms.ts";
import { type OrderWithTrades, placedOrder } from "./placed-order.ts";

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

/** What the order became and traded, or why it was refused. */
export type Placement = ({ readonly ok: true } & OrderWithTrades) | BookRefusal;

/** The list's id, which is its first order's, and what each of its orders became and traded; or why none was placed. */
export type ListPlacement =
  | { readonly ok: true; readonly listId: number; readonly orders: readonly OrderWithTrades[] }
  | BookRefusal;

/** As a `Placement`. `cancelled` is the quantity of the old order that is no more; absent if that was not cancelled. */
export type Replacement = Placement & { readonly cancelled?: string };

/** An order that was cancelled: the quantity of it that no longer rests, or waits. */
export interface CancelledOrder {
  readonly orderId: number;
  readonly cancelled: string;
}

/** What was cancelled, or why nothing was. */
export type Cancellation = ({ readonly ok: true } & CancelledOrder) | BookRefusal;

/** All orders that were cancelled, by their ids, or why none was. */
export type Cancellations =
  | { readonly ok: true; readonly orders: readonly CancelledOrder[] }
  | BookRefusal;

/** Done, or why not. What else happened is in the book's `events`. */
export type Change = { readonly ok: true } | BookRefusal;

/**
 * One market with decimal strings: the engine for when convenience counts more than speed.
 *
 * What a trader can get wrong is answered with `ok: false`. Accounts and other whole numbers that do not fit in 32 bits, and
 * names that are none, throw `RangeError`. Nothing has changed then.
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
  readonly #units: BookUnits;
  readonly #command = new RecordWriter();
  #events: EngineEvent[] = [];

  /** Throws `RangeError` for increments or a maximum that are no positive decimals, or leave no room for a quantity. */
  constructor({ priceIncrement, quantityIncrement, maxPrice }: OrderBookOptions) {
    this.#units = bookUnits(priceIncrement, quantityIncrement);
    const { price } = this.#units;
    this.#engine = new Engine({
      handler: { event: ({ views }) => this.#events.push(decodeEvent(views, 0)) },
    });
    const most = price.parse(maxPrice ?? price.format(2 ** 26));
    const ticks = most.ok ? most.value : 0;
    const lots = Math.floor(Number.MAX_SAFE_INTEGER / ticks);
    if (!this.#engine.addMarket(MARKET, ticks, lots, 1, 1, 0, 0)) {
      throw new RangeError(`expected a maximum price of 1 to 2^31 − 2 increments, was ${maxPrice}`);
    }
    this.#events = [];
  }

  /** Places an order with a limit. */
  limit(order: LimitOrder): Placement {
    return this.#place(limitTerms(this.#units, order));
  }

  /** Places an order that trades at once, and never rests. */
  market(order: MarketOrder): Placement {
    return this.#place(marketTerms(this.#units, order));
  }

  /** Places an order that trades at the best price of the other side, and rests there. */
  marketToLimit(order: MarketToLimitOrder): Placement {
    return this.#place(marketToLimitTerms(this.#units, order));
  }

  /**
   * Places two or three orders that depend on one another: all of them or none.
   *
   * `oco`, one cancels the other: as soon as one of the two trades, is triggered or ends, the other ends. `oto`, one triggers the other: the
   * second is kept, `pending`, until the first, the working order, has traded in full. `otoco`: two are kept, and then are a pair.
   * A refusal says which order broke the rule: its `leg`, from 1.
   *
   * @example
   * ```ts
   * import { OrderBook } from "@pincex/engine/decimal";
   *
   * const book = new OrderBook({ priceIncrement: "0.01", quantityIncrement: "0.001" });
   * book.limit({ side: "sell", price: "100.00", quantity: "1", account: 2 });
   * const bracket = book.placeList({
   *   contingency: "otoco",
   *   sizing: "received",
   *   orders: [
   *     { type: "limit", side: "buy", price: "100.00", quantity: "1" },
   *     { type: "limit", side: "sell", price: "110.00", postOnly: "reject" },
   *     { type: "market", side: "sell", trigger: "stop", triggerPrice: "95.00" },
   *   ],
   * });
   * bracket.ok && bracket.orders.map(({ order }) => `${order.orderId} ${order.status}`); // => ["2 filled", "3 resting", "4 waiting"]
   * ```
   */
  placeList(list: OrderList): ListPlacement {
    const reading = readList(this.#units, list);
    if (!reading.ok) return reading;
    return this.#tell(reading.command) ?? this.#listed();
  }

  /** Gives a resting order another price and quantity; it keeps its place in the queue if only its quantity falls. */
  amend({ orderId, price, quantity, account = 1 }: AmendedOrder): Placement {
    const ticks = this.#units.price.parse(price);
    if (!ticks.ok) return refused(ticks.code, "price");
    const lots = this.#units.quantity.parse(quantity);
    if (!lots.ok) return refused(lots.code, "quantity");
    const changed = { price: ticks.value, quantity: lots.value };
    const refusal = this.#tell({ kind: "amend", market: MARKET, account, orderId, ...changed });
    return refusal ?? this.#placed();
  }

  /** Cancels an order and places another, with a new id, in one command. */
  replace({ orderId, onFailure = "stop", ...order }: ReplacingOrder): Replacement {
    const limit = limitTerms(this.#units, order);
    if (!limit.ok) return limit;
    const refusal = this.#tell({ kind: "replace", ...limit.terms, orderId, onFailure });
    // With "allow", a placement may follow the refusal of the cancel.
    const isPlaced = this.#events.some((event) => event.kind === "accepted");
    const placement = refusal && !isPlaced ? refusal : this.#placed();
    const old = this.#cancelled().find((cancelled) => cancelled.orderId === orderId);
    return old ? { ...placement, cancelled: old.cancelled } : placement;
  }

  /** Cancels what is left of an order that rests, waits or is pending. With it ends the rest of its list. */
  cancel(orderId: number, account = 1): Cancellation {
    return this.#cancel({ kind: "cancel", market: MARKET, account, orderId });
  }

  /**
   * Cancels the open order to which its owner has given this name, its `clientOrderId`.
   *
   * @example
   * ```ts
   * import { OrderBook } from "@pincex/engine/decimal";
   *
   * const book = new OrderBook({ priceIncrement: "0.01", quantityIncrement: "0.001" });
   * book.limit({ side: "buy", price: "100.00", quantity: "1", clientOrderId: 77 });
   * book.cancelByClientId(77); // => { ok: true, orderId: 1, cancelled: "1.000" }
   * ```
   */
  cancelByClientId(clientOrderId: number, account = 1): Cancellation {
    return this.#cancel({ kind: "cancel_by_client_id", market: MARKET, account, clientOrderId });
  }

  /** Cancels all orders: of all accounts and of both sides unless told otherwise. */
  cancelAll({
    account = 0,
    side = "both",
  }: {
    readonly account?: number;
    readonly side?: SidesName;
  } = {}): Cancellations {
    const refusal = this.#tell({ kind: "cancel_all", market: MARKET, account, side });
    return refusal ?? { ok: true, orders: this.#cancelled() };
  }

  /** Cancels all orders of the account when the book's time reaches `at`, unless it is set again before; 0 takes it back. */
  cancelAllAfter(at: number, account = 1): Change {
    return this.#tell({ kind: "cancel_all_after", account, at }) ?? { ok: true };
  }

  /** Says what time it is, in a unit of your choice. Whatever is due happens: orders expire. */
  advanceTime(time: number): Change {
    return this.#tell({ kind: "advance_time", time }) ?? { ok: true };
  }

  /** Sets the price for which orders with `triggerOn: "mark"` wait. */
  setMarkPrice(price: string): Change {
    const ticks = this.#units.price.parse(price);
    if (!ticks.ok) return refused(ticks.code, "price");
    const command = { kind: "set_mark_price", market: MARKET, price: ticks.value } as const;
    return this.#tell(command) ?? { ok: true };
  }

  /** Sets the price that collar and band go by; `"0"` takes it back, and the last trade's price counts. */
  setReferencePrice(price: string): Change {
    const ticks = this.#units.price.parse(price);
    if (!ticks.ok) return refused(ticks.code, "price");
    const command = { kind: "set_reference_price", market: MARKET, price: ticks.value } as const;
    return this.#tell(command) ?? { ok: true };
  }

  /**
   * Sets anew what the book asks of orders: increments, minima and protection. What is left out is as it was in the beginning: the increments
   * are the book's own, there are no minima and no protection. Orders that are there stay.
   *
   * @example
   * ```ts
   * import { OrderBook } from "@pincex/engine/decimal";
   *
   * const book = new OrderBook({ priceIncrement: "0.01", quantityIncrement: "0.001" });
   * book.changeMarket({ priceIncrement: "0.05", minNotional: "10", collarBasisPoints: 500 });
   * book.limit({ side: "buy", price: "100.01", quantity: "1" }); // => { ok: false, code: "price_off_increment", field: "price" }
   * ```
   */
  changeMarket(rules: MarketRules): Change {
    const reading = readRules(this.#units, rules);
    if (!reading.ok) return reading;
    return this.#tell(reading.command) ?? { ok: true };
  }

  /**
   * Gives prices other increments from certain prices on: at most 8 bands, by rising price. None takes them back.
   *
   * @example
   * ```ts
   * import { OrderBook } from "@pincex/engine/decimal";
   *
   * const book = new OrderBook({ priceIncrement: "0.01", quantityIncrement: "0.001" });
   * book.setPriceIncrements([{ from: "10", increment: "0.05" }]);
   * book.limit({ side: "buy", price: "9.99", quantity: "1" }).ok; // => true
   * book.limit({ side: "buy", price: "10.01", quantity: "1" }).ok; // => false
   * ```
   */
  setPriceIncrements(bands: readonly DecimalPriceBand[]): Change {
    const reading = readBands(this.#units, bands);
    if (!reading.ok) return reading;
    return this.#tell(reading.command) ?? { ok: true };
  }

  /**
   * Changes how the quantity that an order takes from a price level is shared among the orders there.
   *
   * @example
   * ```ts
   * import { OrderBook } from "@pincex/engine/decimal";
   *
   * const book = new OrderBook({ priceIncrement: "0.01", quantityIncrement: "1" });
   * book.setAllocation({ allocation: "pro_rata", topOrderMaximum: "2" });
   * book.limit({ side: "sell", price: "100", quantity: "10" });
   * book.limit({ side: "sell", price: "100", quantity: "30" });
   * const bought = book.market({ side: "buy", quantity: "21", account: 2 });
   * bought.ok && bought.trades.map(({ quantity }) => quantity); // => ["6", "15"]
   * ```
   */
  setAllocation(allocation: MarketAllocation): Change {
    const reading = readAllocation(this.#units, allocation);
    if (!reading.ok) return reading;
    return this.#tell(reading.command) ?? { ok: true };
  }

  /** Changes what the book allows: `"open"` in the beginning. */
  setPhase(phase: PhaseName): Change {
    return this.#tell({ kind: "set_phase", market: MARKET, phase }) ?? { ok: true };
  }

  /** All that the last command told, in order: also what it did to other orders, by a trigger for example. */
  get events(): readonly DecimalEvent[] {
    return this.#events.map((event) => formatEvent(this.#units, event));
  }

  /** The best price of a side. */
  best(side: SideName): string | undefined {
    const price = this.#engine.best(MARKET, Side[side]);
    return price === 0 ? undefined : this.#units.price.format(price);
  }

  /** The price levels of a side, best first: all of them unless told otherwise. */
  depth(side: SideName, limit?: number): { price: string; quantity: string; orders: number }[] {
    return this.#engine.depth(MARKET, Side[side], limit).map(({ price, quantity, orders }) => ({
      price: this.#units.price.format(price),
      quantity: this.#units.quantity.format(quantity),
      orders,
    }));
  }

  #place(order: OrderReading): Placement {
    if (!order.ok) return order;
    return this.#tell({ kind: "place", ...order.terms }) ?? this.#placed();
  }

  /** Has the engine do what the command says, and answers with the rule that it broke last. */
  #tell(command: EngineCommand): BookRefusal | undefined {
    this.#command.clear();
    writeCommand(this.#command, command);
    this.#events = [];
    this.#engine.process(this.#command.views, 0);
    const rejected = this.#events.findLast((event) => event.kind === "rejected");
    if (!rejected) return undefined;
    const { code, field, leg } = rejected;
    return { ...refused(code, field), ...(leg !== undefined && { leg }) };
  }

  #cancel(command: EngineCommand): Cancellation {
    const refusal = this.#tell(command);
    if (refusal) return refusal;
    const [order] = this.#cancelled();
    invariant(order !== undefined, "a cancel that is not refused cancels the order");
    return { ok: true, ...order };
  }

  #placed(): { readonly ok: true } & OrderWithTrades {
    const order = this.#events.find(
      (event) => event.kind === "accepted" || event.kind === "amended",
    );
    invariant(order !== undefined, "an order that is not refused is accepted or amended");
    return { ok: true, ...this.#told(order) };
  }

  #listed(): ListPlacement {
    const list = this.#events.find((event) => event.kind === "list_accepted");
    invariant(list !== undefined, "a list that is not refused is accepted");
    const orders = this.#events
      .filter((event) => event.kind === "accepted" || event.kind === "pending")
      .map((order) => this.#told(order));
    return { ok: true, listId: list.listId, orders };
  }

  #told({ orderId, side }: { readonly orderId: number; readonly side: SideName }): OrderWithTrades {
    return placedOrder(this.#units, orderId, side, this.#events, this.#engine.phase(MARKET));
  }

  #cancelled(): CancelledOrder[] {
    return this.#events
      .filter((event) => event.kind === "done")
      .filter(({ reason }) => reason === "cancelled")
      .map(({ orderId, remaining }) => ({
        orderId,
        cancelled: this.#units.quantity.format(remaining),
      }));
  }
}

import {
  Engine,
  EventKind,
  type EventRegister,
  invariant,
  OrderType,
  Side,
  type SideName,
  TimeInForce,
} from "@pincex/engine";
import {
  type BitstampEvent,
  HIGHEST_PRICE,
  LARGEST_AMOUNT,
  type OrderEvent,
  type SnapshotEvent,
  type SnapshotLevel,
} from "./bitstamp-event.ts";
import type { BitstampOrder } from "./orders-before.ts";

/** A trade of ours, between orders by their ids in the recording. Cents and satoshi. */
export interface ReplayedTrade {
  readonly price: number;
  readonly amount: number;
  readonly buyOrder: number;
  readonly sellOrder: number;
}

/** How far our book went along with the recording. */
export interface BitstampSummary {
  readonly restingBefore: number;
  /** Orders that only snapshots show: nothing happened to them. */
  readonly untouched: number;
  readonly repriced: number;
  /** Orders whose end came before their beginning. */
  readonly deletedFirst: number;
  /** Cancels of an order that had been cancelled. */
  readonly deletedTwice: number;
  readonly cancels: number;
  /** Cancels that found exactly what the exchange says was left. */
  readonly exactCancels: number;
  /** Sides of snapshots: all, and those equal to our book in price and amount from the best level on. */
  readonly sides: number;
  readonly sameBest: number;
  readonly sameFive: number;
  readonly sameTwenty: number;
}

const MARKET = 1;
/** The account of orders that only snapshots show; every other order's account is its own id. */
const NOBODY = 2 ** 31 - 1;
const { limit: LIMIT } = OrderType;
const { gtc: GTC } = TimeInForce;

/**
 * Sends what people sent to Bitstamp to our engine, so that it is our matching that trades, and compares.
 *
 * - An order that is created is a limit order, whether it will trade or rest.
 * - An order that is deleted with something left is cancelled.
 * - An order that is deleted with nothing left traded, and one that is changed at its price too: that is for our matching
 *   to find out by itself.
 * - An order that is changed to another price goes to the end of the queue there, with what the exchange says it has.
 * - An order whose deletion comes before its creation never rests.
 * - A snapshot is compared. Then it is believed at prices that none before it reached, once: what it shows there beyond
 *   our orders has rested since before the recording. Each later snapshot has to confirm it.
 * - Trades are not looked at.
 */
export class BitstampReplay {
  readonly engine: Engine;
  /** Our trades, in their order. */
  readonly trades: ReplayedTrade[] = [];
  /** Orders of the engine, and the prices they were sent with, by ids of the recording. */
  readonly #orders: Map<number, { readonly orderId: number; readonly price: number }> = new Map();
  readonly #deleted: Set<number> = new Set();
  /** The worst price of each side that a snapshot has shown. */
  readonly #reached: Record<SideName, number> = { buy: HIGHEST_PRICE + 1, sell: 0 };
  #restingBefore = 0;
  #untouched = 0;
  #repriced = 0;
  #deletedFirst = 0;
  #deletedTwice = 0;
  #cancels = 0;
  #exactCancels = 0;
  #sides = 0;
  #sameBest = 0;
  #sameFive = 0;
  #sameTwenty = 0;

  constructor() {
    this.engine = new Engine({ handler: { event: (event) => this.#follow(event) } });
    this.engine.addMarket(MARKET, HIGHEST_PRICE, LARGEST_AMOUNT, 1, 1, 1, 0);
  }

  /** Enters the orders that rested before, first come, first. */
  restBefore(orders: readonly BitstampOrder[]): void {
    for (const order of orders) this.#place(order);
    this.#restingBefore += orders.length;
  }

  replay(event: BitstampEvent): void {
    switch (event.kind) {
      case "order_created":
        if (this.#deleted.has(event.id)) this.#deletedFirst += 1;
        else this.#place(event);
        return;
      case "order_changed":
        this.#change(event);
        return;
      case "order_deleted":
        this.#delete(event);
        return;
      case "order_book":
        this.#compare(event, "buy");
        this.#compare(event, "sell");
        return;
      case "trade":
        return;
    }
  }

  /** The price levels of a side from the best on. */
  levels(side: SideName, limit: number): SnapshotLevel[] {
    return this.engine
      .depth(MARKET, Side[side], limit)
      .map(({ price, quantity }) => ({ price, amount: quantity }));
  }

  summary(): BitstampSummary {
    return {
      restingBefore: this.#restingBefore,
      untouched: this.#untouched,
      repriced: this.#repriced,
      deletedFirst: this.#deletedFirst,
      deletedTwice: this.#deletedTwice,
      cancels: this.#cancels,
      exactCancels: this.#exactCancels,
      sides: this.#sides,
      sameBest: this.#sameBest,
      sameFive: this.#sameFive,
      sameTwenty: this.#sameTwenty,
    };
  }

  #place({ id, side, price, amount }: BitstampOrder): void {
    const orderId = this.engine.place(MARKET, id, Side[side], LIMIT, GTC, price, amount, 0);
    this.#orders.set(id, { orderId, price });
  }

  #change(event: OrderEvent): void {
    if (this.#orders.get(event.id)?.price === event.price) return;
    this.#repriced += 1;
    this.#withdraw(event.id);
    this.#place(event);
  }

  #delete({ id, amount }: OrderEvent): void {
    if (amount > 0) {
      this.#cancels += 1;
      if (this.#deleted.has(id)) this.#deletedTwice += 1;
      if (this.#withdraw(id) === amount) this.#exactCancels += 1;
    }
    this.#deleted.add(id);
  }

  /** Cancels what is left of an order, and answers how much it was. */
  #withdraw(id: number): number {
    const orderId = this.#orders.get(id)?.orderId ?? 0;
    const remaining = this.engine.order(orderId)?.remaining ?? 0;
    if (remaining > 0) this.engine.cancel(MARKET, id, orderId);
    return remaining;
  }

  #compare(snapshot: SnapshotEvent, side: SideName): void {
    const theirs = snapshot[side];
    const ours = this.levels(side, theirs.length);
    const differs = theirs.findIndex(
      ({ price, amount }, rank) => ours[rank]?.price !== price || ours[rank]?.amount !== amount,
    );
    const same = differs === -1 ? Number.POSITIVE_INFINITY : differs;
    this.#sides += 1;
    if (same >= 1) this.#sameBest += 1;
    if (same >= 5) this.#sameFive += 1;
    if (same >= 20) this.#sameTwenty += 1;
    for (const level of theirs) {
      if (this.#isBeyond(side, level.price)) this.#believe(side, level);
    }
  }

  #isBeyond(side: SideName, price: number): boolean {
    return side === "buy" ? price < this.#reached.buy : price > this.#reached.sell;
  }

  #believe(side: SideName, { price, amount }: SnapshotLevel): void {
    this.#reached[side] = price;
    const levels = this.levels(side, Number.POSITIVE_INFINITY);
    const known = levels.find((level) => level.price === price)?.amount ?? 0;
    if (amount <= known) return;
    this.#untouched += 1;
    this.engine.place(MARKET, NOBODY, Side[side], LIMIT, GTC, price, amount - known, 0);
  }

  #follow(event: EventRegister): void {
    invariant(event.kind !== EventKind.rejected, "the engine refuses no event that was read");
    if (event.kind !== EventKind.trade) return;
    const { price, quantity: amount, makerAccount, takerAccount } = event;
    const takerBuys = event.takerSide === Side.buy;
    this.trades.push({
      price,
      amount,
      buyOrder: takerBuys ? takerAccount : makerAccount,
      sellOrder: takerBuys ? makerAccount : takerAccount,
    });
  }
}

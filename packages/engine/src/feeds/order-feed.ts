import { Trigger } from "../conditions/conditions.ts";
import type { EngineHandler } from "../engine-handler.ts";
import { EventKind } from "../events/event-layout.ts";
import type { EventRegister } from "../events/event-register.ts";
import { Phase } from "../phases/phase.ts";
import { type SideName, sideName } from "../side.ts";
import { TimeInForce } from "../time-in-force.ts";

/** An order is shown at the end of the queue at its price: it has come to rest, or an iceberg shows more. */
export interface OrderShown {
  readonly kind: "order_shown";
  readonly market: number;
  readonly orderId: number;
  readonly side: SideName;
  /** Ticks. */
  readonly price: number;
  /** Lots shown. */
  readonly quantity: number;
}

/** An order that is shown keeps its place, with other lots. */
export interface OrderChanged {
  readonly kind: "order_changed";
  readonly market: number;
  readonly orderId: number;
  /** Lots shown now. */
  readonly quantity: number;
}

/** An order is shown no more: it has ended, or goes elsewhere in the same command. */
export interface OrderGone {
  readonly kind: "order_gone";
  readonly market: number;
  readonly orderId: number;
}

/** What the order-level feed says. */
export type OrderFeedMessage = OrderShown | OrderChanged | OrderGone;

/** What is known of an order that may be shown. */
export interface FeedOrder {
  readonly orderId: number;
  readonly market: number;
  readonly side: number;
  price: number;
  quantity: number;
  remaining: number;
  /** Lots shown at a time; 0: all. */
  readonly display: number;
  /** Lots shown now; 0 as long as it is on its way. */
  shown: number;
  /** When it came to the end of its queue; 0 while it stands in none. */
  joined: number;
}

/** All that the feed knows between two commands, for a snapshot: of each order, of each market that is not open, its phase. */
export interface OrderFeedState {
  readonly orders: readonly Readonly<FeedOrder>[];
  readonly phases: readonly (readonly [market: number, phase: number])[];
  readonly clock: number;
}

/** An order as it was when the last command was settled. */
interface Published {
  readonly quantity: number;
  readonly joined: number;
}

/**
 * Every order that everybody sees (L3), from the engine's events: what one who keeps each level's queue needs, and nothing of
 * what is hidden, waits, or an iceberg holds back.
 *
 * Give it every event in order, and `settle` after each command: it then tells what has changed, orders that are gone first,
 * then those that keep their places, then those that come to the end of their queues, in the order in which they came. It has to
 * hear an engine from its beginning, or to be restored from what another one knew.
 *
 * @example
 * ```ts
 * import { Engine, OrderFeed, OrderType, Side, TimeInForce } from "@pincex/engine";
 *
 * const told: string[] = [];
 * const feed = new OrderFeed((message) => told.push(`${message.kind} #${message.orderId}`));
 * const engine = new Engine({ handler: feed });
 * engine.addMarket(1, 1_000, 1_000, 1, 1, 0, 0);
 * engine.place(1, 7, Side.sell, OrderType.limit, TimeInForce.gtc, 101, 5, 0);
 * engine.place(1, 8, Side.buy, OrderType.limit, TimeInForce.gtc, 102, 9, 0);
 * feed.settle();
 * told; // => ["order_shown #2"]
 * ```
 */
export class OrderFeed implements EngineHandler {
  readonly #listener: (message: OrderFeedMessage) => void;
  /** All that rest and are shown, or may be once they rest. */
  readonly #orders: Map<number, FeedOrder> = new Map();
  /** Of those, the ones on their way to the book. */
  readonly #coming: Set<FeedOrder> = new Set();
  /** What was told before this command of the orders that it has touched. */
  readonly #before: Map<FeedOrder, Published> = new Map();
  /** Icebergs that traded when their market uncrossed: they show anew in their places. */
  readonly #uncrossed: Set<FeedOrder> = new Set();
  readonly #phases: Map<number, number> = new Map();
  #clock = 0;

  constructor(listener: (message: OrderFeedMessage) => void) {
    this.#listener = listener;
  }

  event(event: EventRegister): void {
    switch (event.kind) {
      case EventKind.accepted:
        if (event.trigger === Trigger.none) this.#comes(event);
        return;
      case EventKind.triggered:
        this.#comes(event);
        return;
      case EventKind.activated:
        if (event.trigger === Trigger.none) this.#comes(event);
        return;
      case EventKind.trade:
      case EventKind.prevented:
        this.#trades(event);
        return;
      case EventKind.reduced:
      case EventKind.amended:
        this.#changes(event);
        return;
      case EventKind.levelChanged:
        this.#joins(event);
        return;
      case EventKind.phaseChanged:
        this.#endUncrossing();
        this.#phases.set(event.market, event.phase);
        return;
      case EventKind.done:
        this.#ends(event.orderId);
        return;
    }
  }

  /** What it knows after a command was settled. */
  state(): OrderFeedState {
    return {
      orders: Array.from(this.#orders.values(), (order) => ({ ...order })),
      phases: [...this.#phases],
      clock: this.#clock,
    };
  }

  /** One that goes on where another was. It does not tell again what that one has told. */
  static restored(
    listener: (message: OrderFeedMessage) => void,
    { orders, phases, clock }: OrderFeedState,
  ): OrderFeed {
    const feed = new OrderFeed(listener);
    for (const order of orders) feed.#orders.set(order.orderId, { ...order });
    for (const [market, phase] of phases) feed.#phases.set(market, phase);
    feed.#clock = clock;
    return feed;
  }

  /** A command is done: tells what it has changed. */
  settle(): void {
    this.#coming.clear();
    const touched = [...this.#before];
    this.#before.clear();
    for (const [order, { quantity, joined }] of touched) {
      if (quantity > 0 && joined !== order.joined) this.#tellGone(order);
    }
    for (const [order, { quantity, joined }] of touched) {
      if (joined !== 0 && joined === order.joined && quantity !== order.shown)
        this.#listener({
          kind: "order_changed",
          market: order.market,
          orderId: order.orderId,
          quantity: order.shown,
        });
    }
    const shown = touched.filter(([order, { joined }]) => order.joined > joined);
    for (const [order] of shown.sort(([one], [other]) => one.joined - other.joined))
      this.#tellShown(order);
  }

  /** An order is live. Whether it comes to be seen shows as it comes to rest. */
  #comes(event: EventRegister): void {
    if (event.hidden || event.peg !== 0 || event.allOrNone) return;
    const { orderId, market, side, price, quantity, timeInForce } = event;
    const waits =
      timeInForce === TimeInForce.at_close &&
      event.kind === EventKind.accepted &&
      this.#phaseOf(market) !== Phase.closing_auction;
    if (waits) return;
    const order: FeedOrder = {
      orderId,
      market,
      side,
      price,
      quantity,
      remaining: quantity,
      display: event.displayQuantity,
      shown: 0,
      joined: 0,
    };
    this.#orders.set(orderId, order);
    this.#coming.add(order);
  }

  /** The level of an order on its way has changed: there it rests. */
  #joins({ market, side, price }: EventRegister): void {
    for (const order of this.#coming) {
      if (order.market !== market || order.side !== side || order.price !== price) continue;
      this.#touch(order);
      this.#join(order);
      this.#coming.delete(order);
    }
  }

  #join(order: FeedOrder): void {
    this.#clock += 1;
    order.joined = this.#clock;
    order.shown = shownOf(order);
  }

  #trades(event: EventRegister): void {
    // Only an open market trades continuously.
    const isUncrossing = this.#phaseOf(event.market) !== Phase.open;
    const maker = this.#orders.get(event.makerOrderId);
    const taker = this.#orders.get(event.takerOrderId);
    if (maker !== undefined) this.#loses(maker, event.quantity, event.makerRemaining, isUncrossing);
    if (taker !== undefined) this.#loses(taker, event.quantity, event.takerRemaining, isUncrossing);
  }

  #phaseOf(market: number): number {
    return this.#phases.get(market) ?? Phase.open;
  }

  /** All have traded at one price; what an iceberg has left, it shows anew in its place. */
  #endUncrossing(): void {
    for (const order of this.#uncrossed) {
      if (order.remaining > 0) order.shown = shownOf(order);
    }
    this.#uncrossed.clear();
  }

  #loses(order: FeedOrder, lots: number, remaining: number, isUncrossing: boolean): void {
    this.#touch(order);
    order.remaining = remaining;
    if (order.joined === 0 || lots === 0) return;
    if (isUncrossing) {
      this.#uncrossed.add(order);
      order.shown = Math.max(order.shown - lots, 0);
      return;
    }
    order.shown -= lots;
    if (order.shown === 0 && remaining > 0) this.#join(order);
  }

  #changes(event: EventRegister): void {
    const order = this.#orders.get(event.orderId);
    if (order === undefined) return;
    this.#touch(order);
    const isAmended = event.kind === EventKind.amended;
    const quantity = isAmended ? event.quantity : order.quantity - event.quantity;
    const losesPlace = event.price !== order.price || quantity > order.quantity;
    order.price = event.price;
    order.quantity = quantity;
    if (isAmended && losesPlace) {
      order.remaining = event.remaining;
      order.shown = 0;
      order.joined = 0;
      this.#coming.add(order);
      return;
    }
    // What is not shown goes first.
    order.shown = Math.min(order.shown, event.remaining);
    order.remaining = event.remaining;
  }

  #ends(orderId: number): void {
    const order = this.#orders.get(orderId);
    if (order === undefined) return;
    this.#touch(order);
    order.shown = 0;
    order.joined = 0;
    this.#orders.delete(orderId);
    this.#coming.delete(order);
  }

  #touch(order: FeedOrder): void {
    if (this.#before.has(order)) return;
    this.#before.set(order, { quantity: order.shown, joined: order.joined });
  }

  #tellGone({ market, orderId }: FeedOrder): void {
    this.#listener({ kind: "order_gone", market, orderId });
  }

  #tellShown(order: FeedOrder): void {
    const { market, orderId, price, shown } = order;
    this.#listener({
      kind: "order_shown",
      market,
      orderId,
      side: sideName(order.side),
      price,
      quantity: shown,
    });
  }
}

const shownOf = ({ display, remaining }: FeedOrder): number =>
  display === 0 ? remaining : Math.min(display, remaining);

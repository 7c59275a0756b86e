import {
  EventKind,
  EventRegister,
  OrderFeed,
  type OrderFeedMessage,
  type RecordViews,
  recordKind,
  recordLength,
  recordSecond,
  type SideName,
} from "@pincex/engine";
import { appliedSequence, appliedTime, VenueEventKind, type View } from "@pincex/venue";
import { EventEmitter } from "eventemitter3";
import { readOrderBooks, writeOrderBooks } from "./order-books-snapshot.ts";

/** An order that everybody sees, in its place: no account, nothing of what it holds back. */
export interface PublicOrder {
  readonly orderId: number;
  /** Ticks. */
  readonly price: number;
  /** Lots shown. */
  readonly quantity: number;
}

/** A market's book order by order, each side best first and in the order in which its orders trade, after change number `sequence`. */
export interface OrderBookSnapshot {
  readonly market: number;
  readonly sequence: number;
  readonly bids: readonly PublicOrder[];
  readonly asks: readonly PublicOrder[];
}

/**
 * What changed in a market's book since the last message, change by change: `order_shown` at the end of its price's queue,
 * `order_changed` in its place, `order_gone`.
 *
 * Changes are counted one by one; this message goes from `previousSequence + 1` to `sequence`. Apply it to an
 * `OrderBookSnapshot` or a message whose `sequence` is its `previousSequence`.
 */
export interface OrdersUpdate {
  readonly market: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  readonly sequence: number;
  readonly previousSequence: number;
  readonly changes: readonly OrderFeedMessage[];
}

/** A listener must not throw: it would be the venue that stops. */
export interface OrderBooksEvents {
  /** Once a command and market, if its orders changed: the same wherever batches are cut. Those of a batch are told after it. */
  orders: (update: OrdersUpdate) => void;
}

/** What `OrderFeed` listens to. */
const HEARD: ReadonlySet<number> = new Set([
  EventKind.accepted,
  EventKind.triggered,
  EventKind.activated,
  EventKind.trade,
  EventKind.prevented,
  EventKind.reduced,
  EventKind.amended,
  EventKind.levelChanged,
  EventKind.phaseChanged,
  EventKind.done,
]);

/** One market's orders as they are shown. A map keeps the order in which they came to the end of their queues. */
interface ShownOrders {
  sequence: number;
  readonly orders: Map<number, PublicOrder & { readonly side: SideName }>;
}

/**
 * The books of a venue's markets order by order (L3): a view beside `MarketData`, for a venue that publishes them. It holds every order
 * that rests, so a venue that does not should not have it.
 *
 * Like every view it is current at every acknowledged sequence number, and part of the venue's snapshots.
 *
 * @example
 * ```ts
 * const orderBooks = new OrderBooks();
 * const venue = await openVenue({ journal, views: [marketData, orderBooks], clock: Date.now });
 * orderBooks.on("orders", ({ market, previousSequence, sequence, changes }) => …);
 * ```
 */
export class OrderBooks extends EventEmitter<OrderBooksEvents> implements View {
  readonly name = "order-books";
  readonly #event: EventRegister = new EventRegister(0);
  /** Of the present command, by market. */
  readonly #changes: Map<number, OrderFeedMessage[]> = new Map();
  readonly #updates: OrdersUpdate[] = [];
  #followedFrom = 0;
  #markets: Map<number, ShownOrders> = new Map();
  #feed: OrderFeed = new OrderFeed((message) => this.#hear(message));
  #sequence = 0;
  #time = 0;

  /** Sequence number of the last command whose events were followed. */
  get sequence(): number {
    return this.#sequence;
  }

  /** What came after this sequence number was followed, and listeners heard it; what came before was restored from a snapshot. */
  get followedFrom(): number {
    return this.#followedFrom;
  }

  /** The first `depth` orders of each side, 1,000 unless told otherwise. Throws a `RangeError` for a market that was never listed. */
  book(market: number, depth = 1_000): OrderBookSnapshot {
    const { sequence } = this.#market(market);
    const side = (name: SideName): PublicOrder[] => this.#queue(market, name).slice(0, depth);
    return { market, sequence, bids: side("buy"), asks: side("sell") };
  }

  /** Follows a batch of the venue's event records, then tells the listeners. */
  apply(events: RecordViews, from: number, to: number): void {
    for (let offset = from; offset < to; offset += recordLength(events, offset)) {
      this.#follow(events, offset);
    }
    this.#endCommand();
    for (const update of this.#updates.splice(0)) this.emit("orders", update);
  }

  snapshot(): Uint8Array {
    return writeOrderBooks({
      sequence: this.#sequence,
      time: this.#time,
      markets: Array.from(this.#markets, ([market, { sequence }]) => [market, sequence]),
      feed: this.#feed.state(),
    });
  }

  restore(bytes: Uint8Array): void {
    const { sequence, time, markets, feed } = readOrderBooks(bytes);
    this.#sequence = sequence;
    this.#followedFrom = sequence;
    this.#time = time;
    this.#markets = new Map(
      markets.map(([market, last]) => [market, { sequence: last, orders: new Map() }]),
    );
    this.#feed = OrderFeed.restored((message) => this.#hear(message), feed);
    const shown = feed.orders.filter(({ joined }) => joined > 0);
    for (const order of shown.sort((one, other) => one.joined - other.joined)) {
      const { orderId, price, shown: quantity } = order;
      const side = order.side === 0 ? "buy" : "sell";
      this.#market(order.market).orders.set(orderId, { orderId, side, price, quantity });
    }
  }

  #follow(events: RecordViews, offset: number): void {
    const kind = recordKind(events, offset);
    if (kind === VenueEventKind.applied) {
      // It stands before the events of its command.
      this.#endCommand();
      this.#sequence = appliedSequence(events, offset);
      this.#time = appliedTime(events, offset);
    } else if (kind === EventKind.marketAdded) {
      this.#markets.set(recordSecond(events, offset), { sequence: 0, orders: new Map() });
    } else if (HEARD.has(kind)) {
      const record = events.bytes.subarray(offset, offset + recordLength(events, offset));
      this.#event.views.bytes.set(record);
      this.#feed.event(this.#event);
    }
  }

  #hear(message: OrderFeedMessage): void {
    const shown = this.#market(message.market);
    shown.sequence += 1;
    apply(shown, message);
    const changes = this.#changes.get(message.market);
    if (changes === undefined) this.#changes.set(message.market, [message]);
    else changes.push(message);
  }

  #endCommand(): void {
    this.#feed.settle();
    for (const [market, changes] of this.#changes) {
      const { sequence } = this.#market(market);
      const previousSequence = sequence - changes.length;
      this.#updates.push({ market, at: this.#time, sequence, previousSequence, changes });
    }
    this.#changes.clear();
  }

  #queue(market: number, name: SideName): PublicOrder[] {
    const better = name === "buy" ? -1 : 1;
    return [...this.#market(market).orders.values()]
      .filter(({ side }) => side === name)
      .sort((one, other) => better * (one.price - other.price))
      .map(({ orderId, price, quantity }) => ({ orderId, price, quantity }));
  }

  #market(market: number): ShownOrders {
    const found = this.#markets.get(market);
    if (found === undefined) throw new RangeError(`expected a listed market, was ${market}`);
    return found;
  }
}

const apply = ({ orders }: ShownOrders, message: OrderFeedMessage): void => {
  const { orderId } = message;
  if (message.kind === "order_shown") {
    const { side, price, quantity } = message;
    orders.set(orderId, { orderId, side, price, quantity });
  } else if (message.kind === "order_gone") {
    orders.delete(orderId);
  } else {
    const known = orders.get(orderId);
    if (known !== undefined) orders.set(orderId, { ...known, quantity: message.quantity });
  }
};

import { Side, type SideName } from "@pincex/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { OrderBooks, type OrdersUpdate, type PublicOrder } from "./order-books.ts";
import { orderCommand } from "./testing/order-command.ts";
import { MARKETS, SmallVenue } from "./testing/small-venue.ts";

const NOON = Date.UTC(2026, 10, 24, 12);

const batches = fc.array(fc.array(orderCommand, { maxLength: 6 }), { maxLength: 20 });

/** What the engine itself has: its queues, each order with what it shows. */
const queueOf = ({ engine }: SmallVenue, market: number, side: SideName): PublicOrder[] => {
  const shown = new Map(engine.openOrders(market).map((order) => [order.orderId, order.shown]));
  return [...engine.restingOrders(market, Side[side])].map(({ orderId, price }) => ({
    orderId,
    price,
    quantity: shown.get(orderId) ?? 0,
  }));
};

/** A client that knows one snapshot and the updates after it. */
class ClientBook {
  #sequence: number;
  readonly #orders: Map<number, PublicOrder & { side: SideName }> = new Map();

  constructor({ sequence, bids, asks }: ReturnType<OrderBooks["book"]>) {
    this.#sequence = sequence;
    for (const order of bids) this.#orders.set(order.orderId, { ...order, side: "buy" });
    for (const order of asks) this.#orders.set(order.orderId, { ...order, side: "sell" });
  }

  hear({ sequence, previousSequence, changes }: OrdersUpdate): void {
    expect(previousSequence).toBe(this.#sequence);
    this.#sequence = sequence;
    for (const change of changes) {
      if (change.kind === "order_gone") this.#orders.delete(change.orderId);
      else if (change.kind === "order_shown") this.#orders.set(change.orderId, change);
      else {
        const known = this.#orders.get(change.orderId) as PublicOrder & { side: SideName };
        this.#orders.set(change.orderId, { ...known, quantity: change.quantity });
      }
    }
  }

  queue(name: SideName): PublicOrder[] {
    const better = name === "buy" ? -1 : 1;
    return [...this.#orders.values()]
      .filter(({ side }) => side === name)
      .sort((one, other) => better * (one.price - other.price))
      .map(({ orderId, price, quantity }) => ({ orderId, price, quantity }));
  }
}

test("for any orders / the order-level books are the engine's queues, also restored in between", () => {
  fc.assert(
    fc.property(batches, fc.nat(20), (flow, cut) => {
      let books = new OrderBooks();
      const venue = new SmallVenue({ apply: (...events) => books.apply(...events) }, NOON);
      flow.forEach((batch, index) => {
        if (index === cut) {
          const snapshot = books.snapshot();
          books = new OrderBooks();
          books.restore(snapshot);
          expect(books.snapshot()).toEqual(snapshot);
        }
        venue.batch(NOON + index, batch);
        for (const market of MARKETS) {
          const { bids, asks } = books.book(market);
          expect({ bids, asks }).toEqual({
            bids: queueOf(venue, market, "buy"),
            asks: queueOf(venue, market, "sell"),
          });
        }
      });
    }),
  );
});

test("for any orders / a client that applies the updates to a snapshot has every queue, without a gap", () => {
  fc.assert(
    fc.property(batches, fc.nat(20), (flow, joined) => {
      const books = new OrderBooks();
      const venue = new SmallVenue(books, NOON);
      const [market] = MARKETS;
      for (const batch of flow.slice(0, joined)) venue.batch(NOON, batch);
      const client = new ClientBook(books.book(market));
      books.on("orders", (update) => {
        if (update.market === market) client.hear(update);
      });
      for (const batch of flow.slice(joined)) venue.batch(NOON, batch);
      for (const side of ["buy", "sell"] as const) {
        expect(client.queue(side)).toEqual(queueOf(venue, market, side));
      }
    }),
  );
});

test("what is not a whole snapshot of order books, or of a market never listed, is a mistake", () => {
  const books = new OrderBooks();
  new SmallVenue(books, NOON);
  const snapshot = books.snapshot();
  expect(() => new OrderBooks().restore(snapshot.subarray(0, snapshot.length - 8))).toThrow(
    RangeError,
  );
  const otherVersion = new Uint8Array(snapshot);
  new DataView(otherVersion.buffer).setFloat64(0, 9, true);
  expect(() => new OrderBooks().restore(otherVersion)).toThrow(
    new RangeError("expected order books version 1, was 9"),
  );
  expect(() => books.book(9)).toThrow(new RangeError("expected a listed market, was 9"));
});

import type { FeedOrder, OrderFeedState } from "@pincex/engine";
import { SnapshotReader, SnapshotWriter } from "./snapshot-numbers.ts";

const VERSION = 1;

/** All that order-level books know. */
export interface OrderBooksState {
  readonly sequence: number;
  readonly time: number;
  /** Every market, and the number of its last change. */
  readonly markets: readonly (readonly [market: number, sequence: number])[];
  readonly feed: OrderFeedState;
}

export const writeOrderBooks = ({ sequence, time, markets, feed }: OrderBooksState): Uint8Array => {
  const writer = new SnapshotWriter();
  for (const value of [VERSION, sequence, time, feed.clock]) writer.number(value);
  for (const pairs of [markets, feed.phases]) {
    writer.list(pairs, ([market, value]) => {
      writer.number(market);
      writer.number(value);
    });
  }
  writer.list(feed.orders, (order) => writeOrder(writer, order));
  return writer.finished();
};

/** Throws a `RangeError` for what is not a whole snapshot of this version. */
export const readOrderBooks = (bytes: Uint8Array): OrderBooksState => {
  const reader = new SnapshotReader(bytes);
  const version = reader.number();
  if (version !== VERSION) {
    throw new RangeError(`expected order books version ${VERSION}, was ${version}`);
  }
  const [sequence, time, clock] = [reader.number(), reader.number(), reader.number()];
  const pairs = () => reader.list(() => [reader.number(), reader.number()] as const);
  const [markets, phases] = [pairs(), pairs()];
  const orders = reader.list(() => readOrder(reader));
  reader.end();
  return { sequence, time, markets, feed: { orders, phases, clock } };
};

const writeOrder = (writer: SnapshotWriter, order: FeedOrder): void => {
  writer.number(order.orderId);
  writer.number(order.market);
  writer.number(order.side);
  writer.number(order.price);
  writer.number(order.quantity);
  writer.number(order.remaining);
  writer.number(order.display);
  writer.number(order.shown);
  writer.number(order.joined);
};

const readOrder = (reader: SnapshotReader): FeedOrder => ({
  orderId: reader.number(),
  market: reader.number(),
  side: reader.number(),
  price: reader.number(),
  quantity: reader.number(),
  remaining: reader.number(),
  display: reader.number(),
  shown: reader.number(),
  joined: reader.number(),
});

import type { OrderEvent, SnapshotEvent, SnapshotLevel, TradeEvent } from "./bitstamp-event.ts";

// Events in few words: amounts in satoshi, prices in cents, and all at one time, since only their order matters.

const orderEvent =
  (kind: OrderEvent["kind"]) =>
  (id: number, side: "buy" | "sell", amount: number, price: number): OrderEvent => ({
    kind,
    timeMs: 1_430_438_404_518,
    placedS: 1_430_438_404,
    id,
    side,
    price,
    amount,
  });

export const created: ReturnType<typeof orderEvent> = orderEvent("order_created");
export const changed: ReturnType<typeof orderEvent> = orderEvent("order_changed");
export const deleted: ReturnType<typeof orderEvent> = orderEvent("order_deleted");

export const trade = (id: number, amount: number, price: number): TradeEvent => ({
  kind: "trade",
  timeMs: 1_430_438_404_518,
  id,
  price,
  amount,
});

/** Levels as [price, amount]. */
type Levels = readonly (readonly [number, number])[];
const levels = (pairs: Levels): SnapshotLevel[] =>
  pairs.map(([price, amount]) => ({ price, amount }));

export const snapshot = (buy: Levels, sell: Levels): SnapshotEvent => ({
  kind: "order_book",
  timeMs: 1_430_438_404_518,
  buy: levels(buy),
  sell: levels(sell),
});

import type { SideName } from "@pincex/engine";
import type { BitstampEvent, OrderEvent } from "./bitstamp-event.ts";

/** An order as it comes to the book. */
export interface BitstampOrder {
  /** The exchange counts its orders: a higher id came later. */
  readonly id: number;
  readonly side: SideName;
  /** Cents. */
  readonly price: number;
  /** Satoshi. */
  readonly amount: number;
}

/**
 * The orders that rested before the recording began, first come, first: those of which it shows changes or the end, but
 * never the beginning. Each as large as when it is first seen, and what it had just lost by then.
 */
export const ordersBefore = (
  events: readonly BitstampEvent[],
  lostUnseen: ReadonlyMap<number, number>,
): BitstampOrder[] => {
  const orderEvents = events.filter(isOrderEvent);
  const created = new Set(
    orderEvents.filter(({ kind }) => kind === "order_created").map(({ id }) => id),
  );
  const before = new Map<number, BitstampOrder>();
  for (const { id, side, price, amount } of orderEvents) {
    if (created.has(id) || before.has(id)) continue;
    before.set(id, { id, side, price, amount: amount + (lostUnseen.get(id) ?? 0) });
  }
  return [...before.values()]
    .filter(({ amount }) => amount > 0)
    .sort((one, other) => one.id - other.id);
};

const isOrderEvent = (event: BitstampEvent): event is OrderEvent =>
  event.kind !== "trade" && event.kind !== "order_book";

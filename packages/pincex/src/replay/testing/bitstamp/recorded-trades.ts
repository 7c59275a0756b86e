import type { SideName } from "@pincex/engine";
import type { BitstampEvent, OrderEvent, TradeEvent } from "./bitstamp-event.ts";

/** A trade of the exchange with the two orders that met; 0 for one that the recording does not show. */
interface RecordedTrade {
  /** The exchange counts its trades. */
  readonly id: number;
  /** Cents. */
  readonly price: number;
  /** Satoshi. */
  readonly amount: number;
  readonly buyOrder: number;
  readonly sellOrder: number;
}

/** An order got smaller, or was used up. */
interface Loss {
  readonly id: number;
  readonly side: SideName;
  /** Cents, of the order. */
  readonly price: number;
  /** Index of the event that shows it. */
  readonly at: number;
  /** Satoshi; unknown of an order that had not been seen before. */
  readonly amount: number | undefined;
}

/** Trades, and what they tell of orders that had not been seen before. */
export interface TradesRead {
  /** In the order of the exchange's own count. */
  readonly trades: readonly RecordedTrade[];
  /** Satoshi that an order had lost when it was first seen, by its id. */
  readonly lostUnseen: ReadonlyMap<number, number>;
}

/** A trade and the two events of its orders come in one burst. */
const BURST = 8;

/**
 * Finds out who traded, from the recording alone: a trade is announced without its orders, but each of them is shown with
 * what it has left. The parties are, on either side, the nearest order in the burst that lost exactly the trade's amount,
 * each loss counted once; or one that had not been seen before, has the trade's price, and is shown before the trade.
 */
export const recordedTrades = (events: readonly BitstampEvent[]): TradesRead => {
  const losses = lossesOf(events);
  const claimed = new Set<Loss>();
  const lostUnseen = new Map<number, number>();
  const partyOf = (trade: TradeEvent, at: number, side: SideName): number => {
    const [party] = nearby(losses, at)
      .filter((loss) => loss.side === side && !claimed.has(loss) && explains(loss, trade, at))
      .sort((one, other) => distance(one, at) - distance(other, at));
    if (party === undefined) return 0;
    claimed.add(party);
    if (party.amount === undefined) lostUnseen.set(party.id, trade.amount);
    return party.id;
  };

  const trades: RecordedTrade[] = [];
  for (const [at, event] of events.entries()) {
    if (event.kind !== "trade") continue;
    const { id, price, amount } = event;
    const buyOrder = partyOf(event, at, "buy");
    const sellOrder = partyOf(event, at, "sell");
    trades.push({ id, price, amount, buyOrder, sellOrder });
  }
  trades.sort((one, other) => one.id - other.id);
  return { trades, lostUnseen };
};

const explains = (loss: Loss, trade: TradeEvent, at: number): boolean =>
  loss.amount === undefined
    ? loss.at < at && loss.price === trade.price
    : loss.amount === trade.amount;

/** Known losses come before unknown ones, and those shown before the trade before those after it, however near. */
const distance = (loss: Loss, at: number): number =>
  Math.abs(loss.at - at) + (loss.amount === undefined ? 2 * BURST : 0) + (loss.at > at ? BURST : 0);

const nearby = (losses: ReadonlyMap<number, Loss>, at: number): Loss[] => {
  const found: Loss[] = [];
  for (let index = at - BURST; index <= at + BURST; index += 1) {
    const loss = losses.get(index);
    if (loss !== undefined) found.push(loss);
  }
  return found;
};

/** All losses, by the index of the event. */
const lossesOf = (events: readonly BitstampEvent[]): Map<number, Loss> => {
  const losses = new Map<number, Loss>();
  for (const shown of eventsByOrder(events).values()) {
    // Within a burst events may come in the wrong order, but an order only ever gets smaller.
    shown.sort((one, other) => other.event.amount - one.event.amount);
    for (const [index, { event, at }] of shown.entries()) {
      const amount = lostBy(event, shown[index - 1]?.event);
      if (amount === 0) continue;
      const { id, side, price } = event;
      losses.set(at, { id, side, price, at, amount: amount === "unseen" ? undefined : amount });
    }
  }
  return losses;
};

const lostBy = (event: OrderEvent, before: OrderEvent | undefined): number | "unseen" => {
  if (before !== undefined) return before.amount - event.amount;
  const isFresh = event.kind === "order_created";
  const isCancelled = event.kind === "order_deleted" && event.amount > 0;
  return isFresh || isCancelled ? 0 : "unseen";
};

const eventsByOrder = (
  events: readonly BitstampEvent[],
): Map<number, { event: OrderEvent; at: number }[]> => {
  const byOrder = new Map<number, { event: OrderEvent; at: number }[]>();
  for (const [at, event] of events.entries()) {
    if (event.kind === "trade" || event.kind === "order_book") continue;
    const shown = byOrder.get(event.id) ?? [];
    shown.push({ event, at });
    byOrder.set(event.id, shown);
  }
  return byOrder;
};

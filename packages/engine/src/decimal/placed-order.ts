import type { DoneReasonName } from "../done-reason.ts";
import type {
  Accepted,
  Activated,
  EngineEvent,
  Pending,
  Repegged,
  Triggered,
} from "../events/event.ts";
import type { PhaseName } from "../phases/phase.ts";
import type { SideName } from "../side.ts";
import type { BookUnits } from "./book-units.ts";

/** What a command made of an order. */
export interface PlacedOrder {
  readonly orderId: number;
  readonly side: SideName;
  /**
   * Why it ended, or what it does now: it rests in the book, shown or not; it waits for a price, for enough to trade in full, for a price
   * to peg to or for the closing auction; or it is pending until its list calls for it.
   */
  readonly status: "resting" | "waiting" | "pending" | DoneReasonName;
  /** The quantity that traded at once. */
  readonly filled: string;
  /** The quantity that rests or waits, or was dropped; `"0"` with all its decimals for an order by quote quantity. */
  readonly remaining: string;
}

/** A trade of the order, at the price of the one that rested. */
export interface DecimalTrade {
  readonly tradeId: number;
  readonly price: string;
  readonly quantity: string;
  readonly makerOrderId: number;
  readonly takerOrderId: number;
}

/** An order, and what it traded. */
export interface OrderWithTrades {
  readonly order: PlacedOrder;
  readonly trades: readonly DecimalTrade[];
}

/**
 * What the events of one command say about an order. It may also be triggered by then, and be the maker of another that is. The phase is
 * the one that the command has left.
 */
export const placedOrder = (
  units: BookUnits,
  orderId: number,
  side: SideName,
  events: readonly EngineEvent[],
  phase: PhaseName | undefined,
): OrderWithTrades => {
  const told = events.filter((event) => isAbout(orderId, event));
  const trades = told.filter((event) => event.kind === "trade");
  const filled = trades.reduce((sum, trade) => sum + trade.quantity, 0);
  const last = told.at(-1);
  return {
    order: {
      orderId,
      side,
      status: statusOf(told, phase),
      filled: units.quantity.format(filled),
      remaining: units.quantity.format(last === undefined ? 0 : remainingAfter(orderId, last)),
    },
    trades: trades.map((trade) => ({
      tradeId: trade.tradeId,
      price: units.price.format(trade.price),
      quantity: units.quantity.format(trade.quantity),
      makerOrderId: trade.makerOrderId,
      takerOrderId: trade.takerOrderId,
    })),
  };
};

const isAbout = (orderId: number, event: EngineEvent): boolean => {
  if ("orderId" in event) return event.orderId === orderId;
  if ("makerOrderId" in event) {
    return event.makerOrderId === orderId || event.takerOrderId === orderId;
  }
  return false;
};

const statusOf = (
  told: readonly EngineEvent[],
  phase: PhaseName | undefined,
): PlacedOrder["status"] => {
  const done = told.find((event) => event.kind === "done");
  if (done) return done.reason;
  const order = told.findLast(isOrder);
  if (order?.kind === "pending") return "pending";
  return order && waits(order, told, phase) ? "waiting" : "resting";
};

/** The events that say all about an order. */
type OrderEvent = Accepted | Pending | Activated | Triggered;

const isOrder = (event: EngineEvent): event is OrderEvent =>
  ["accepted", "pending", "activated", "triggered"].includes(event.kind);

const waits = (
  { kind, timeInForce, conditions = {} }: OrderEvent,
  told: readonly EngineEvent[],
  phase: PhaseName | undefined,
): boolean => {
  if (conditions.allOrNone) return true;
  if (conditions.trigger && kind !== "triggered") return true;
  if (conditions.peg) return (told.findLast(isRepegged)?.price ?? 0) === 0;
  return timeInForce === "at_close" && phase !== "closing_auction";
};

const isRepegged = (event: EngineEvent): event is Repegged => event.kind === "repegged";

const remainingAfter = (orderId: number, event: EngineEvent): number => {
  switch (event.kind) {
    case "accepted":
    case "pending":
    case "activated":
    case "triggered":
      return event.quantity;
    case "amended":
    case "repegged":
    case "done":
      return event.remaining;
    case "trade":
    case "prevented":
      return event.makerOrderId === orderId ? event.makerRemaining : event.takerRemaining;
    default:
      return 0;
  }
};

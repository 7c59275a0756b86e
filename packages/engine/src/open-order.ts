import type { OrderTypeName } from "./order-type.ts";
import type { SideName } from "./side.ts";
import type { TimeInForceName } from "./time-in-force.ts";

/** An order that rests, shown or not, or waits for its trigger. */
export interface OpenOrder {
  readonly orderId: number;
  readonly market: number;
  readonly account: number;
  readonly side: SideName;
  readonly type: OrderTypeName;
  readonly timeInForce: TimeInForceName;
  /** Ticks: the limit as it is now; 0 if a waiting order has none. */
  readonly price: number;
  /** Lots as placed or amended, less those that were taken off since; 0 of a waiting order by quote quantity. */
  readonly quantity: number;
  /** Lots still to trade, shown or not. */
  readonly remaining: number;
  /** Lots shown now: fewer than remain if it is an iceberg, 0 if it is hidden or waits. */
  readonly shown: number;
  /** `pending`: until its list calls for it. */
  readonly state: "resting" | "waiting" | "pending";
  /** Ticks: what a waiting order waits for now; 0 if it rests, or is a trailing stop that has not begun. */
  readonly triggerPrice: number;
  /** The list that it is in: its first order's id; 0: none. */
  readonly listId: number;
  /** The owner's name for it; 0: none. */
  readonly clientOrderId: number;
}

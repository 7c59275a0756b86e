import type {
  Conditions,
  ContingencyName,
  DoneReasonName,
  OrderTypeName,
  SideName,
  TimeInForceName,
} from "@pincex/engine";

/**
 * What became of an order: `open` until it is done; then `filled`, `cancelled` by its owner, or `expired`, because an
 * order that may not rest found nothing (more) to trade with.
 */
export type OrderStatus = "open" | "filled" | "cancelled" | "expired";

/**
 * Where an open order is; of one that is done, where it was at last: `resting` in the book, shown or not; `waiting` for its
 * trigger, its price, its auction, or for enough to trade with; `pending` until its list calls for it.
 */
export type OrderState = "resting" | "waiting" | "pending";

/** An order as its owner sees it. Prices in ticks, quantities in lots, notionals in ticks × lots. */
export interface OrderView {
  readonly orderId: number;
  /** "" where the owner gave it none. */
  readonly clientOrderId: string;
  readonly account: number;
  readonly market: number;
  readonly side: SideName;
  readonly type: OrderTypeName;
  readonly timeInForce: TimeInForceName;
  /** As it is now, where it was amended or goes by other prices; 0 for a market order without a worst acceptable price. */
  readonly price: number;
  /** As placed or amended, less what was taken off; 0 for an order by quote quantity. */
  readonly quantity: number;
  readonly quoteQuantity: number;
  readonly executedQuantity: number;
  /** What its fills add up to; over `executedQuantity` it is the average price. */
  readonly executedNotional: number;
  /** Lots that it lost because it met an order of its own owner. */
  readonly preventedQuantity: number;
  /** The list that it was placed with, by its first order's id; 0 for none. */
  readonly listId: number;
  /** How the orders of that list depend on one another; absent where it has none. */
  readonly contingency?: ContingencyName;
  /** The owner's own name for that list; absent where it has none. */
  readonly clientListId?: string;
  /** As they were accepted; absent where it has none. */
  readonly conditions?: Conditions;
  readonly status: OrderStatus;
  readonly state: OrderState;
  /** Why it is done; "" while it is open. */
  readonly reason: DoneReasonName | "";
  /** Milliseconds since 1970-01-01 UTC. */
  readonly placedAt: number;
  readonly updatedAt: number;
  /** When it came, or came back, from waiting or pending into the book or to trade; 0 as long as it never has. */
  readonly workingAt: number;
  /** Sequence number of the last command that changed it. */
  readonly sequence: number;
}

/** An order as the views keep it. */
export type OrderRow = { -readonly [Key in keyof OrderView]: OrderView[Key] };

export const statusOf = (reason: DoneReasonName, executedQuantity: number): OrderStatus => {
  if (reason === "filled" || reason === "cancelled") return reason;
  if (reason === "budget_spent" && executedQuantity > 0) return "filled";
  return "expired";
};

import type { DoneReasonName, OrderTypeName, SideName, TimeInForceName } from "@pincex/engine";
import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";

/**
 * What became of an order: `open` until it is done; then `filled`, `cancelled` by its owner, or `expired`, because an
 * order that may not rest found nothing (more) to trade with.
 */
export type OrderStatus = "open" | "filled" | "cancelled" | "expired";

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
  /** 0 for a market order without a worst acceptable price. */
  readonly price: number;
  /** 0 for an order by quote quantity. */
  readonly quantity: number;
  readonly quoteQuantity: number;
  readonly executedQuantity: number;
  /** What its fills add up to; over `executedQuantity` it is the average price. */
  readonly executedNotional: number;
  readonly status: OrderStatus;
  /** Why it is done; "" while it is open. */
  readonly reason: DoneReasonName | "";
  /** Milliseconds since 1970-01-01 UTC. */
  readonly placedAt: number;
  readonly updatedAt: number;
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

export const writeOrderRow = (writer: FieldWriter, order: OrderRow): void => {
  writer.row(order.orderId, order.clientOrderId, order.account, order.market);
  writer.row(order.side, order.type, order.timeInForce);
  writer.row(order.price, order.quantity, order.quoteQuantity);
  writer.row(order.executedQuantity, order.executedNotional, order.status, order.reason);
  writer.row(order.placedAt, order.updatedAt, order.sequence);
};

export const readOrderRow = (reader: FieldReader): OrderRow => ({
  orderId: reader.number(),
  clientOrderId: reader.text(),
  account: reader.number(),
  market: reader.number(),
  side: reader.text() as SideName,
  type: reader.text() as OrderTypeName,
  timeInForce: reader.text() as TimeInForceName,
  price: reader.number(),
  quantity: reader.number(),
  quoteQuantity: reader.number(),
  executedQuantity: reader.number(),
  executedNotional: reader.number(),
  status: reader.text() as OrderStatus,
  reason: reader.text() as DoneReasonName | "",
  placedAt: reader.number(),
  updatedAt: reader.number(),
  sequence: reader.number(),
});

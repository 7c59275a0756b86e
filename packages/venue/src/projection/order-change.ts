import type { Conditions, DoneReasonName } from "@pincex/engine";

/** What of an order never changes. */
export interface OrderTerms {
  readonly account: number;
  readonly market: number;
  readonly clientOrderId: string;
  readonly side: string;
  readonly type: string;
  readonly timeInForce: string;
  readonly listId: number;
  readonly conditions: Conditions | undefined;
  readonly placedAt: number;
}

/** What a batch makes of an order: of one that it places, all; of another one, what it adds and what it sets. */
export interface OrderChange {
  readonly orderId: number;
  /** Of one that is placed in the batch. */
  readonly terms: OrderTerms | undefined;
  /** As it is now; undefined where the batch sets none. */
  price: number | undefined;
  quantity: number | undefined;
  quoteQuantity: number | undefined;
  /** What the batch adds. */
  executedQuantity: number;
  executedNotional: number;
  preventedQuantity: number;
  /** What it takes off a quantity that it doesn't set. */
  lessQuantity: number;
  reason: DoneReasonName | undefined;
  updatedAt: number;
  sequence: number;
}

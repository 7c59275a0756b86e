import type { OrderTypeName, SideName, TimeInForceName } from "@pincex/engine";
import type { MarketView } from "@pincex/venue/views";

/** An order as a dialect has understood it; prices in ticks, quantities in lots, quote quantities in ticks × lots. */
export interface NewOrder {
  readonly account: number;
  readonly market: MarketView;
  readonly side: SideName;
  readonly type: OrderTypeName;
  readonly timeInForce: TimeInForceName;
  /** For a market order the worst acceptable price, or 0 for the gateway's bound. */
  readonly price: number;
  readonly quantity: number;
  readonly quoteQuantity: number;
  /** "" for none. */
  readonly clientOrderId: string;
  /** Makes the placement safe to repeat. */
  readonly commandId?: string;
}

/** Which of an account's orders is meant: by the venue's id (0: not given), by the account's own name (""), or both. */
export interface OrderName {
  readonly orderId: number;
  readonly clientOrderId: string;
}

import type {
  Conditions,
  ContingencyName,
  OnFailureName,
  OrderTypeName,
  SideName,
  SizingName,
  TimeInForceName,
} from "@pincex/engine";
import type { MarketView } from "@pincex/venue/views";

/** What an order says: prices in ticks, quantities in lots, quote quantities in ticks × lots. */
export interface NewOrderTerms {
  readonly side: SideName;
  readonly type: OrderTypeName;
  readonly timeInForce: TimeInForceName;
  /** For a market order the worst acceptable price, or 0 for the gateway's bound. */
  readonly price: number;
  readonly quantity: number;
  readonly quoteQuantity: number;
  /** What else it asks for. A trade group is not a client's to choose, so none is ever among them. */
  readonly conditions?: Omit<Conditions, "tradeGroup" | "clientOrderId">;
  /** "" for none. */
  readonly clientOrderId: string;
}

/** Whose the orders of a request are, and in which market. */
interface Placing {
  readonly account: number;
  readonly market: MarketView;
  /** Makes the placement safe to repeat. */
  readonly commandId?: string;
}

/** An order as a dialect has understood it. */
export interface NewOrder extends NewOrderTerms, Placing {}

/** An order in the place of another one of the same account and market. */
export interface ReplacingOrder extends NewOrder {
  readonly replacedOrderId: number;
  /** `stop`: both or neither; `allow`: what can be done. */
  readonly onFailure: OnFailureName;
}

/** Orders that depend on one another, all placed or none. */
export interface NewOrderList extends Placing {
  readonly contingency: ContingencyName;
  readonly sizing: SizingName;
  /** The account's own name for the list; "" for none. */
  readonly clientListId: string;
  /** Two or three; the working order of a list that has one is the first. */
  readonly legs: readonly NewOrderTerms[];
}

/** Another price, in ticks, and quantity, in lots from the order's beginning, of a resting order. */
export interface AmendedOrder {
  readonly account: number;
  readonly market: number;
  readonly orderId: number;
  readonly price: number;
  readonly quantity: number;
}

/** Which of an account's orders is meant: by the venue's id (0: not given), by the account's own name (""), or both. */
export interface OrderName {
  readonly orderId: number;
  readonly clientOrderId: string;
}

import type { OrderTypeName } from "../order-type.ts";
import type { SideName } from "../side.ts";
import type { TimeInForceName } from "../time-in-force.ts";

/** Opens a market. Prices are whole ticks, quantities whole lots; neither unit ever changes. */
export interface AddMarket {
  readonly kind: "add_market";
  /** 1 to 2^31 − 1; the host's number for it. */
  readonly market: number;
  /** Ticks, 1 to 2^31 − 2. */
  readonly maxPrice: number;
  /** Lots; `maxPrice × maxQuantity` stays below 2^53, so that every notional is exact. */
  readonly maxQuantity: number;
  /** Prices are whole multiples of this many ticks. */
  readonly priceIncrement: number;
  /** Quantities are whole multiples of this many lots. */
  readonly quantityIncrement: number;
  /** Lots; 0 for none. */
  readonly minQuantity: number;
  /** Ticks × lots; 0 for none. */
  readonly minNotional: number;
}

/** Places an order. Exactly one of `quantity` and `quoteQuantity` is greater than 0. */
export interface Place {
  readonly kind: "place";
  readonly market: number;
  /** 1 to 2^31 − 1; the host's number for the owner. */
  readonly account: number;
  readonly side: SideName;
  readonly type: OrderTypeName;
  /** A market order is `ioc` or `fok`. */
  readonly timeInForce: TimeInForceName;
  /** Ticks. The limit of a limit order; of a market order the worst acceptable price, or 0 for none. */
  readonly price: number;
  /** Lots. */
  readonly quantity: number;
  /**
   * Ticks × lots that a market order may spend (buy) or shall raise (sell). At each maker's price it trades as many whole
   * quantity increments as are still covered, and is done when that is none; what is left of the budget stays unspent.
   */
  readonly quoteQuantity: number;
}

/** Cancels a resting order of the account. */
export interface Cancel {
  readonly kind: "cancel";
  readonly market: number;
  readonly account: number;
  readonly orderId: number;
}

/** Takes lots off a resting order of the account, which keeps its place in the queue. */
export interface Reduce {
  readonly kind: "reduce";
  readonly market: number;
  readonly account: number;
  readonly orderId: number;
  /** Lots to take off: less than what remains. */
  readonly quantity: number;
}

/** What an engine can be asked to do. */
export type EngineCommand = AddMarket | Place | Cancel | Reduce;

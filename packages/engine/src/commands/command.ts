import type { AllocationName } from "../allocation/allocation.ts";
import type { Conditions } from "../conditions/conditions.ts";
import type { OrderTypeName } from "../order-type.ts";
import type { PhaseName } from "../phases/phase.ts";
import type { OnBreachName } from "../protection/protection.ts";
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

/** Sets anew what a market asks of orders, all but its maxima. Orders that are there stay as they are. */
export interface ChangeMarket {
  readonly kind: "change_market";
  readonly market: number;
  /** Prices are whole multiples of this many ticks, 1 to the maximum price. */
  readonly priceIncrement: number;
  /** Quantities are whole multiples of this many lots, 1 to the maximum quantity. */
  readonly quantityIncrement: number;
  /** Lots; 0 for none. */
  readonly minQuantity: number;
  /** Ticks × lots; 0 for none. */
  readonly minNotional: number;
  /** How far a limit order's price may be from the reference price, in hundredths of a per cent: 1 to 1,000,000; 0: anywhere. */
  readonly collarBasisPoints: number;
  /** How far from the reference price a trade's price may be, in hundredths of a per cent: 1 to 1,000,000; 0: anywhere. */
  readonly bandBasisPoints: number;
  /** What follows when an order would trade outside the band. */
  readonly onBreach: OnBreachName;
  /** Orders of one account that rest or wait in the market; 0: any number. */
  readonly maxOpenOrders: number;
}

/** What an order says. Exactly one of `quantity` and `quoteQuantity` is greater than 0. */
export interface OrderTerms {
  readonly market: number;
  /** 1 to 2^31 − 1; the host's number for the owner. */
  readonly account: number;
  readonly side: SideName;
  readonly type: OrderTypeName;
  /** A market order is `ioc` or `fok`, a market-to-limit order rests. */
  readonly timeInForce: TimeInForceName;
  /**
   * Ticks. The limit of a limit order; of a market order the worst acceptable price, or 0 for none; 0 of a market-to-limit
   * order.
   */
  readonly price: number;
  /** Lots. */
  readonly quantity: number;
  /**
   * Ticks × lots that a market order may spend (buy) or shall raise (sell). At each maker's price it trades as many whole
   * quantity increments as are still covered, and is done when that is none; what is left of the budget stays unspent.
   */
  readonly quoteQuantity: number;
  readonly conditions?: Conditions;
}

/** Places an order. */
export interface Place extends OrderTerms {
  readonly kind: "place";
}

/** Cancels a resting or waiting order of the account. */
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

/** Gives a resting order of the account another price and quantity. It keeps its place if only its quantity falls. */
export interface Amend {
  readonly kind: "amend";
  readonly market: number;
  readonly account: number;
  readonly orderId: number;
  /** Ticks: the new limit. */
  readonly price: number;
  /** Lots, counted from the order's beginning: those that have traded are among them. */
  readonly quantity: number;
}

/** What `replace` does if its cancel, or its placement, can't be done: nothing, or what can be done. */
export const OnFailure = { stop: 0, allow: 1 } as const;
export type OnFailureName = keyof typeof OnFailure;

/** Cancels an order and places another, with a new id, in one command. */
export interface Replace extends OrderTerms {
  readonly kind: "replace";
  /** The order of the same account and market to be cancelled. */
  readonly orderId: number;
  readonly onFailure: OnFailureName;
}

/** Which orders `cancel_all` cancels. */
export const Sides = { both: 0, buy: 1, sell: 2 } as const;
export type SidesName = keyof typeof Sides;

/** Cancels all orders that match. */
export interface CancelAll {
  readonly kind: "cancel_all";
  /** 0: in all markets. */
  readonly market: number;
  /** 0: of all accounts. */
  readonly account: number;
  readonly side: SidesName;
}

/** The dead-man's switch: cancels all orders of an account unless it is set again in time. */
export interface CancelAllAfter {
  readonly kind: "cancel_all_after";
  readonly account: number;
  /** The time of the engine at which they are cancelled; later than now, or 0 to take it back. */
  readonly at: number;
}

/** Changes what a market allows. */
export interface SetPhase {
  readonly kind: "set_phase";
  readonly market: number;
  readonly phase: PhaseName;
}

/** Sets the mark price that orders may wait for. */
export interface SetMarkPrice {
  readonly kind: "set_mark_price";
  readonly market: number;
  /** Ticks, 1 to the market's maximum. */
  readonly price: number;
}

/** Sets the price that the market's protection goes by. */
export interface SetReferencePrice {
  readonly kind: "set_reference_price";
  readonly market: number;
  /** Ticks, 1 to the market's maximum; 0 takes it back, and the last trade's price counts. */
  readonly price: number;
}

/** Changes how the lots that an order takes from a price level are shared among the orders there. */
export interface SetAllocation {
  readonly kind: "set_allocation";
  readonly market: number;
  readonly allocation: AllocationName;
  /** Lots, 0 to the market's maximum quantity: smaller pro-rata shares are 0. 0 of `price_time`. */
  readonly minimumShare: number;
  /** 0 to 100: this part of the lots goes by time before the rest is shared. 0 of `price_time`. */
  readonly fifoPercent: number;
  /** Lots, 0 to the market's maximum quantity: the order at the front of the queue gets at most so many first. 0 of `price_time`. */
  readonly topOrderMaximum?: number;
  /** The lead market maker's account; 0, or absent: nobody. */
  readonly leadAccount?: number;
  /** 0 to 100: this part of the lots goes to the lead market maker's orders next. 0 without one. */
  readonly leadPercent?: number;
}

/** How the orders of a list depend on one another: one cancels the other, one triggers the other, one triggers a pair of which one cancels the other. */
export const Contingency = { oco: 0, oto: 1, otoco: 2 } as const;
export type ContingencyName = keyof typeof Contingency;

/** Where the quantities of a list's pending orders come from: from the command, or from what the working order has received. */
export const Sizing = { fixed: 0, received: 1 } as const;
export type SizingName = keyof typeof Sizing;

/** One order of a list. Its owner and market are the list's. */
export interface ListLeg extends Omit<OrderTerms, "market" | "account"> {}

/** Places two or three orders of one account and market that depend on one another: all of them or none. */
export interface PlaceList {
  readonly kind: "place_list";
  readonly market: number;
  readonly account: number;
  readonly contingency: ContingencyName;
  /** `fixed` unless told otherwise. */
  readonly sizing?: SizingName;
  /** A pair (`oco`); the working order and a pending one (`oto`), or two (`otoco`). */
  readonly legs: readonly ListLeg[];
}

/** Cancels an open order by its owner's name for it. */
export interface CancelByClientId {
  readonly kind: "cancel_by_client_id";
  readonly market: number;
  readonly account: number;
  readonly clientOrderId: number;
}

/** From a price on, other increments. */
export interface PriceBand {
  /** Ticks: the first price of the band. */
  readonly from: number;
  /** Prices are whole multiples of this many ticks. */
  readonly increment: number;
}

/** Gives the prices of a market other increments from certain prices on. */
export interface SetPriceIncrements {
  readonly kind: "set_price_increments";
  readonly market: number;
  /** At most 8, by rising `from`; none takes them back. */
  readonly bands: readonly PriceBand[];
}

/** Says what time it is. Whatever is due happens first. */
export interface AdvanceTime {
  readonly kind: "advance_time";
  /** A whole number in a unit of the host's choice, 0 to 2^53 − 1; not below the time before. */
  readonly time: number;
}

/** What an engine can be asked to do. */
export type EngineCommand =
  | AddMarket
  | Place
  | Cancel
  | Reduce
  | Amend
  | Replace
  | CancelAll
  | CancelAllAfter
  | SetPhase
  | SetMarkPrice
  | AdvanceTime
  | ChangeMarket
  | SetReferencePrice
  | SetAllocation
  | PlaceList
  | CancelByClientId
  | SetPriceIncrements;

import type { AllocationName } from "../allocation/allocation.ts";
import type { ContingencyName, PriceBand, SizingName } from "../commands/command.ts";
import type { Conditions, SelfTradeName } from "../conditions/conditions.ts";
import type { DoneReasonName } from "../done-reason.ts";
import type { OrderTypeName } from "../order-type.ts";
import type { PhaseName } from "../phases/phase.ts";
import type { RejectionCode } from "../rejection.ts";
import type { SideName } from "../side.ts";
import type { TimeInForceName } from "../time-in-force.ts";

/** A market is open for orders. */
export interface MarketAdded {
  readonly kind: "market_added";
  readonly market: number;
}

/** A market asks other things of orders from now on. */
export interface MarketChanged {
  readonly kind: "market_changed";
  readonly market: number;
}

/** An order is live, or waits for its trigger. What it trades follows, then what becomes of the rest of it. */
export interface Accepted {
  readonly kind: "accepted";
  readonly market: number;
  readonly account: number;
  /** From the engine's counter: never reused. */
  readonly orderId: number;
  readonly side: SideName;
  readonly type: OrderTypeName;
  readonly timeInForce: TimeInForceName;
  /**
   * Ticks: the limit as it is now, if a condition or the type has made it another. 0 for a market order without a worst
   * acceptable price.
   */
  readonly price: number;
  /** Lots; 0 for an order by quote quantity. */
  readonly quantity: number;
  /** Ticks × lots; 0 for an order by quantity. */
  readonly quoteQuantity: number;
  readonly conditions?: Conditions;
}

/** The price that a waiting order waited for was reached: it is live. */
export interface Triggered extends Omit<Accepted, "kind" | "conditions"> {
  readonly kind: "triggered";
  readonly conditions: Conditions;
}

/** A list was placed; its orders follow, as `accepted` or `pending`. */
export interface ListAccepted {
  readonly kind: "list_accepted";
  readonly market: number;
  readonly account: number;
  /** The first order's. */
  readonly listId: number;
  readonly contingency: ContingencyName;
  readonly sizing: SizingName;
  /** How many orders it has. */
  readonly legs: number;
}

/** An order of a list is kept until the list's working order has ended as it must. */
export interface Pending extends Omit<Accepted, "kind"> {
  readonly kind: "pending";
}

/** A pending order's list, or a waiting `at_close` order's auction, calls for it: it is live, or waits for its trigger. */
export interface Activated extends Omit<Accepted, "kind"> {
  readonly kind: "activated";
}

/** A pegged order has another price. */
export interface Repegged {
  readonly kind: "repegged";
  readonly market: number;
  readonly account: number;
  readonly orderId: number;
  readonly side: SideName;
  /** Ticks; 0: there is none, and it waits. */
  readonly price: number;
  /** Lots still to trade. */
  readonly remaining: number;
}

/** A command was refused and changed nothing. */
export interface Rejected {
  readonly kind: "rejected";
  readonly market: number;
  readonly account: number;
  /** The order that was named; 0 for a placement. */
  readonly orderId: number;
  readonly code: RejectionCode;
  /** The number behind the code; from 1000 on it is the Admission port's. */
  readonly codeNumber: number;
  /** The field of the command that broke the rule; empty for the Admission port's. */
  readonly field: string;
  /** Of a list whose orders are judged one by one: which one it is, from 1. */
  readonly leg?: number;
}

/** Two orders traded, at the maker's price. */
export interface Trade {
  readonly kind: "trade";
  readonly market: number;
  /** From the engine's counter: never reused. */
  readonly tradeId: number;
  /** Ticks. */
  readonly price: number;
  /** Lots. */
  readonly quantity: number;
  readonly takerSide: SideName;
  readonly makerOrderId: number;
  readonly takerOrderId: number;
  readonly makerAccount: number;
  readonly takerAccount: number;
  /** Lots left of the maker. */
  readonly makerRemaining: number;
  /** Lots left of the taker; 0 for a taker by quote quantity. */
  readonly takerRemaining: number;
}

/** An order is no more. */
export interface Done {
  readonly kind: "done";
  readonly market: number;
  readonly account: number;
  readonly orderId: number;
  readonly side: SideName;
  /** Ticks, as accepted. */
  readonly price: number;
  readonly reason: DoneReasonName;
  /** Lots that did not trade; 0 for an order by quote quantity. */
  readonly remaining: number;
}

/** Lots were taken off a resting order, which kept its place. */
export interface Reduced {
  readonly kind: "reduced";
  readonly market: number;
  readonly account: number;
  readonly orderId: number;
  readonly side: SideName;
  /** Ticks. */
  readonly price: number;
  /** Lots taken off. */
  readonly quantity: number;
  /** Lots still to trade. */
  readonly remaining: number;
}

/** An order has another limit or quantity. */
export interface Amended {
  readonly kind: "amended";
  readonly market: number;
  readonly account: number;
  readonly orderId: number;
  readonly side: SideName;
  /** Ticks. */
  readonly price: number;
  /** Lots, counted from the order's beginning. */
  readonly quantity: number;
  /** Lots still to trade. */
  readonly remaining: number;
}

/** Two orders of one owner met and did not trade. */
export interface Prevented {
  readonly kind: "prevented";
  readonly market: number;
  readonly mode: SelfTradeName;
  /** Ticks: the maker's. */
  readonly price: number;
  /** Lots that both lost; 0 when one of them ends. */
  readonly quantity: number;
  readonly takerSide: SideName;
  readonly makerOrderId: number;
  readonly takerOrderId: number;
  readonly makerAccount: number;
  readonly takerAccount: number;
  /** Lots left of the maker. */
  readonly makerRemaining: number;
  /** Lots left of the taker; 0 for a taker by quote quantity. */
  readonly takerRemaining: number;
  /** Mode `transfer` between different accounts: the host may move the lots between them at this price. */
  readonly transfers: boolean;
}

/** What a market allows has changed. */
export interface PhaseChanged {
  readonly kind: "phase_changed";
  readonly market: number;
  readonly phase: PhaseName;
}

/** What uncrossing would do now, in a market that collects orders. */
export interface Indicative {
  readonly kind: "indicative";
  readonly market: number;
  /** Ticks; 0 when nothing would trade. */
  readonly price: number;
  /** Lots. */
  readonly quantity: number;
  /** Lots to buy less lots to sell at that price. */
  readonly surplus: number;
}

/** `cancel_all` has cancelled these many orders. */
export interface OrdersCancelled {
  readonly kind: "orders_cancelled";
  /** 0: in all markets. */
  readonly market: number;
  /** 0: of all accounts. */
  readonly account: number;
  readonly count: number;
}

/** An account's dead-man's switch is set; 0: it is off. */
export interface CancelAllAfterSet {
  readonly kind: "cancel_all_after_set";
  readonly account: number;
  readonly at: number;
}

/** A market has a mark price. */
export interface MarkPriceSet {
  readonly kind: "mark_price_set";
  readonly market: number;
  /** Ticks. */
  readonly price: number;
}

/** A market's protection goes by this price; 0: by the last trade's. */
export interface ReferencePriceSet {
  readonly kind: "reference_price_set";
  readonly market: number;
  /** Ticks. */
  readonly price: number;
}

/** It is this time, and whatever was due has happened. */
export interface TimeAdvanced {
  readonly kind: "time_advanced";
  readonly time: number;
}

/** A market shares the lots of a level among its orders in this way from now on. */
export interface AllocationSet {
  readonly kind: "allocation_set";
  readonly market: number;
  readonly allocation: AllocationName;
  /** Lots: smaller pro-rata shares are 0. */
  readonly minimumShare: number;
  /** 0 to 100: this part of the lots goes by time first. */
  readonly fifoPercent: number;
  /** Lots that the order at the front of the queue gets first; absent: none. */
  readonly topOrderMaximum?: number;
  /** The lead market maker; absent: nobody. */
  readonly leadAccount?: number;
  /** 0 to 100: this part of the lots goes to the lead market maker's orders next; absent: none. */
  readonly leadPercent?: number;
}

/** Prices of a market are multiples of other increments, from certain prices on. */
export interface PriceIncrementsSet {
  readonly kind: "price_increments_set";
  readonly market: number;
  readonly bands: readonly PriceBand[];
}

/** A price level is now this; quantity 0: it is gone. Told once for each level that a command has changed. */
export interface LevelChanged {
  readonly kind: "level_changed";
  readonly market: number;
  readonly side: SideName;
  /** Ticks. */
  readonly price: number;
  /** Lots of all orders on the level. */
  readonly quantity: number;
  /** How many orders those are. */
  readonly orders: number;
}

/** What the engine says happened. */
export type EngineEvent =
  | MarketAdded
  | Accepted
  | Rejected
  | Trade
  | Done
  | Reduced
  | LevelChanged
  | Triggered
  | Amended
  | Prevented
  | PhaseChanged
  | Indicative
  | OrdersCancelled
  | CancelAllAfterSet
  | MarkPriceSet
  | TimeAdvanced
  | MarketChanged
  | ReferencePriceSet
  | AllocationSet
  | ListAccepted
  | Pending
  | Activated
  | Repegged
  | PriceIncrementsSet;

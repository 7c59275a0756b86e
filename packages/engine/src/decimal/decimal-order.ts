import type { OnFailureName } from "../commands/command.ts";
import type { SideName } from "../side.ts";
import type { TimeInForceName } from "../time-in-force.ts";
import type { DecimalConditions } from "./decimal-conditions.ts";

/**
 * An order with a limit: the worst price that its owner accepts. With a `trigger` it waits first: a stop-limit order. With `peg` its
 * price follows the best ones, at most to its limit; with `allOrNone` it waits until all of it can trade at once.
 */
export interface LimitOrder extends Omit<DecimalConditions, "slippage"> {
  readonly side: SideName;
  readonly price: string;
  readonly quantity: string;
  /** `"gtc"` unless told otherwise: what does not trade rests. */
  readonly timeInForce?: TimeInForceName;
  /** Whose it is: 1 unless told otherwise. */
  readonly account?: number;
}

/**
 * An order that trades at once. Give a quantity, or what to spend (buy) or raise (sell) in the quote asset. With a `trigger`
 * it waits first: a stop order.
 */
export interface MarketOrder
  extends Omit<
    DecimalConditions,
    "postOnly" | "expiresAt" | "displayQuantity" | "hidden" | "allOrNone" | "peg" | "pegOffset"
  > {
  readonly side: SideName;
  readonly quantity?: string;
  readonly quoteQuantity?: string;
  readonly worstPrice?: string;
  /** `"ioc"` unless told otherwise. */
  readonly timeInForce?: "ioc" | "fok";
  readonly account?: number;
}

/** An order that trades at the best price of the other side; what is left rests there. */
export interface MarketToLimitOrder
  extends Omit<DecimalConditions, "postOnly" | "slippage" | "allOrNone" | "peg" | "pegOffset"> {
  readonly side: SideName;
  readonly quantity: string;
  /** `"gtc"` unless told otherwise. */
  readonly timeInForce?: "gtc" | "gtd" | "day";
  readonly account?: number;
}

/** Another price and quantity of a resting order. */
export interface AmendedOrder {
  readonly orderId: number;
  readonly price: string;
  /** Counted from the order's beginning: what has traded is part of it. */
  readonly quantity: string;
  readonly account?: number;
}

/** A new order with a limit, in the place of one that rests or waits. */
export interface ReplacingOrder extends LimitOrder {
  /** The order of the same account to be cancelled. */
  readonly orderId: number;
  /** `"stop"` unless told otherwise: both or neither; with `"allow"`, the new one is placed even if nothing was cancelled. */
  readonly onFailure?: OnFailureName;
}

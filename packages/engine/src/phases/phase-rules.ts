import { Peg, PostOnly } from "../conditions/conditions.ts";
import type { IncomingOrder } from "../incoming-order.ts";
import { OrderType } from "../order-type.ts";
import { TimeInForce } from "../time-in-force.ts";
import { Phase } from "./phase.ts";

/** Orders collect, and buys may stand above sells until they are uncrossed. */
export const collects = (phase: number): boolean =>
  phase === Phase.pre_open || phase === Phase.auction || phase === Phase.closing_auction;

/** Whether orders may be cancelled and reduced. */
export const allowsCancelling = (phase: number): boolean =>
  phase !== Phase.halted && phase !== Phase.delisted;

/** Whether resting orders may be given other terms. */
export const allowsAmending = (phase: number): boolean =>
  phase === Phase.open || phase === Phase.post_only || collects(phase);

/** Whether buys may not stand at or above sells. */
export const keepsUncrossed = (phase: number): boolean =>
  phase === Phase.open ||
  phase === Phase.post_only ||
  phase === Phase.cancel_only ||
  phase === Phase.closed;

/** Whether an order may come in. */
export const phaseAdmits = (order: IncomingOrder, phase: number): boolean => {
  if (order.timeInForce === TimeInForce.at_open)
    return phase === Phase.pre_open && !order.isPending;
  if (phase === Phase.open) return true;
  if (!allowsAmending(phase)) return false;
  if (order.waits && collects(phase)) return true;
  if (order.peg !== Peg.none && !order.isPending) return false;
  if (order.type !== OrderType.limit || !order.rests) return false;
  return !collects(phase) || (order.postOnly === PostOnly.none && order.minQuantity === 0);
};

import type { OrderTerms } from "../../commands/command.ts";
import type { PhaseName } from "../../phases/phase.ts";
import { canRest } from "./order.ts";

/** Orders collect, and nothing trades. */
export const collects = (phase: PhaseName): boolean =>
  ["pre_open", "auction", "closing_auction"].includes(phase);

/** Whether an order may be placed; one that is pending as if it waited for a trigger. */
export const allowsPlacing = (phase: PhaseName, order: OrderTerms, isPending: boolean): boolean => {
  const { trigger, peg } = order.conditions ?? {};
  const waits = trigger !== undefined || isPending;
  const isLimitThatRests = order.type === "limit" && canRest(order);
  if (order.timeInForce === "at_open") return phase === "pre_open" && !isPending;
  if (phase === "open") return true;
  if (peg !== undefined && !waits) return false;
  if (collects(phase)) return waits || (isLimitThatRests && mayCollect(order));
  return phase === "post_only" && isLimitThatRests;
};

const mayCollect = ({ conditions: { postOnly, minQuantity } = {} }: OrderTerms): boolean =>
  postOnly === undefined && minQuantity === undefined;

/** Whether an order ends when its market's phase becomes another. */
export const expiresWith = (
  { timeInForce }: OrderTerms,
  from: PhaseName,
  to: PhaseName,
): boolean => {
  if (timeInForce === "day") return to === "closed";
  if (timeInForce === "at_open") return from === "pre_open" && to !== "pre_open";
  if (timeInForce !== "at_close") return false;
  return to === "closed" || (from === "closing_auction" && to !== "closing_auction");
};

export const allowsAmending = (phase: PhaseName): boolean =>
  phase === "open" || phase === "post_only" || collects(phase);

export const allowsCancelling = (phase: PhaseName): boolean =>
  phase !== "halted" && phase !== "delisted";

/** Buys may no longer stand at or above sells: what does is uncrossed first. */
export const uncrosses = (phase: PhaseName): boolean =>
  ["open", "post_only", "cancel_only", "closed"].includes(phase);

import type { OrderTerms } from "../../commands/command.ts";
import type { PhaseName } from "../../phases/phase.ts";
import { canRest } from "./order.ts";

/** Orders collect, and nothing trades. */
export const collects = (phase: PhaseName): boolean => phase === "pre_open" || phase === "auction";

export const allowsPlacing = (phase: PhaseName, order: OrderTerms): boolean => {
  const { postOnly, minQuantity, trigger } = order.conditions ?? {};
  const isLimitThatRests = order.type === "limit" && canRest(order);
  if (phase === "open") return true;
  if (collects(phase))
    return trigger !== undefined || (isLimitThatRests && !postOnly && !minQuantity);
  return phase === "post_only" && isLimitThatRests;
};

export const allowsAmending = (phase: PhaseName): boolean =>
  phase === "open" || phase === "post_only" || collects(phase);

export const allowsCancelling = (phase: PhaseName): boolean =>
  phase !== "halted" && phase !== "delisted";

/** Buys may no longer stand at or above sells: what does is uncrossed first. */
export const uncrosses = (phase: PhaseName): boolean =>
  ["open", "post_only", "cancel_only", "closed"].includes(phase);

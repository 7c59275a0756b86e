// The same as below, by themselves for the code that nearly every order runs through: the bundler writes these where they
// are used.
export const FILLED = 1;
export const CANCELLED = 2;
export const NO_LIQUIDITY = 3;

/** Why an order is no more. */
export const DoneReason = {
  /** Every lot traded. */
  filled: 1,
  /** Its owner cancelled it. */
  cancelled: 2,
  /** An order that may not rest found nothing (more) to trade with. */
  no_liquidity: 3,
  /** A fill-or-kill order could not trade in full; nothing traded. */
  fill_or_kill_unfilled: 4,
  /** An order by quote quantity can't pay for one more increment; what is left of its budget stays unspent. */
  budget_spent: 5,
  /** Its time has come: a `gtd` order's, or a `day` order's market closed. */
  expired: 6,
  /** It met an order of its own owner. */
  self_trade: 7,
  /** Its minimum quantity could not trade at once; nothing traded. */
  minimum_unfilled: 8,
  /** A post-only order was triggered, and would have traded. */
  would_take: 9,
  /** The Admission port refused it when it was triggered. */
  refused_when_triggered: 10,
  /** Its market is no more. */
  delisted: 11,
  /** The next price that it could have traded at was outside its market's band. */
  outside_band: 12,
  /** Another order of its list traded, was triggered, or ended. */
  list_ended: 13,
  /** The Admission port refused it when its list, or its auction, called for it. */
  refused_when_activated: 14,
  /** The Admission port refused its new price. */
  refused_when_repegged: 15,
  /** What its list's working order has received is less than its market's minimum. */
  below_minimum: 16,
} as const;

/** A reason as people say it. */
export type DoneReasonName = keyof typeof DoneReason;

const names = new Map<number, DoneReasonName>(
  (Object.entries(DoneReason) as [DoneReasonName, number][]).map(([name, code]) => [code, name]),
);

/** The name of a reason's code. */
export const doneReasonName = (reason: number): DoneReasonName => {
  const name = names.get(reason);
  if (name === undefined) throw new RangeError(`expected a reason, 1 to 16, was ${reason}`);
  return name;
};

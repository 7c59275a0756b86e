/**
 * The rules that a venue begins with, and the oldest that this release replays.
 *
 * Commands live for ever and events are computed from them again, so a release that changes what a command does must still do
 * what it did when the journal was written. A venue's state has the number of the rules by which it goes; only a command
 * raises it (`raise_rules`).
 */
export const OLDEST_RULES = 1;

/**
 * The newest rules.
 *
 * - 1: a trade is charged by the rates of its market at the time of the trade.
 * - 2: an order is charged by the rates of its account's tier that its market had when it became live; fees may be taken in the
 *   quote asset, and makers may be paid rebates.
 */
export const NEWEST_RULES = 2;

/** From these rules on, what an order is charged is settled when it becomes live. */
export const FEES_FIXED_AT_ENTRY = 2;

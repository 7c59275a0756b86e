/**
 * Where the fields of an event's record are, as numbers of 32-bit words and of doubles. One field has the same place in all
 * events that have it, so that reading one is a single load whatever the kind.
 */

/** The kinds of event records: 1 to 63 are the engine's. */
export const EventKind = {
  marketAdded: 1,
  accepted: 2,
  rejected: 3,
  trade: 4,
  done: 5,
  levelChanged: 6,
  reduced: 7,
} as const;

export const LONGEST_EVENT = 72;

// 32-bit words.
export const MARKET = 1;
export const PRICE = 2;
/** Of a rejection, which has no price. */
export const CODE_NUMBER = 2;
/** Four bytes: side, then order type and time in force, or the reason of a `done`. */
export const TERMS = 3;
/** Of a level, which has no id. */
export const ORDERS = 6;
export const ACCOUNT = 8;
export const TAKER_ACCOUNT = 9;

// Doubles.
export const QUANTITY = 2;
/** The order's, or the trade's. */
export const ID = 3;
export const QUOTE_QUANTITY = 5;
export const REMAINING = 5;
export const MAKER_ORDER_ID = 5;
export const TAKER_ORDER_ID = 6;
export const MAKER_REMAINING = 7;
export const TAKER_REMAINING = 8;

/**
 * Where the fields of an event's record are, as numbers of 32-bit words and of doubles. One field has the same place in all
 * events that have it, so that reading one is a single load whatever the kind.
 *
 * Numbers stand before all else in a file without imports: only then the bundler writes them where they are used. A variable
 * of a module would be read, and checked to be a small integer, at every use.
 */

/** Of an `accepted`, `pending`, `activated` or `triggered` with conditions. */
export const LONGEST_EVENT = 112;

// 32-bit words.
export const MARKET = 1;
export const PRICE = 2;
/** Of a rejection, which has no price. */
export const CODE_NUMBER = 2;
/**
 * Four bytes: side, then order type and time in force, or the reason of a `done`, or the self-trade mode of a `prevented`. Of a
 * `rejected`: the leg; of a `list_accepted`: contingency, sizing, how many legs.
 */
export const TERMS = 3;
/** Of a level, which has no id. */
export const ORDERS = 6;
export const ACCOUNT = 8;
export const TAKER_ACCOUNT = 9;

/** Of `allocation_set`. */
export const ALLOCATION = 2;
export const FIFO_PERCENT = 3;
export const LEAD_ACCOUNT = 8;
export const LEAD_PERCENT = 9;
/** Of `price_increments_set`. */
export const BAND_COUNT = 2;

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
/** Of `accepted`, `pending`, `activated` and `triggered`: where the block of conditions begins, if the record is that long. */
export const CONDITIONS = 6;
/** Of an `indicative`: lots to buy less lots to sell. */
export const SURPLUS = 3;
/** Of `phase_changed`. */
export const PHASE = 2;
/** Of `orders_cancelled`. */
export const COUNT = 2;
/** Of `cancel_all_after_set`. */
export const AT = 2;
/** Of `time_advanced`. */
export const TIME = 1;
/** Of `allocation_set`. */
export const MINIMUM_SHARE = 2;
export const TOP_ORDER_MAXIMUM = 3;
/** Of `price_increments_set`: where the bands begin; each has two words. */
export const BANDS = 2;

/** The kinds of event records: 1 to 63 are the engine's. */
export const EventKind = {
  marketAdded: 1,
  accepted: 2,
  rejected: 3,
  trade: 4,
  done: 5,
  levelChanged: 6,
  reduced: 7,
  phaseChanged: 8,
  triggered: 9,
  amended: 10,
  prevented: 11,
  indicative: 12,
  ordersCancelled: 13,
  cancelAllAfterSet: 14,
  markPriceSet: 15,
  timeAdvanced: 16,
  marketChanged: 17,
  referencePriceSet: 18,
  allocationSet: 20,
  listAccepted: 21,
  pending: 22,
  activated: 23,
  repegged: 24,
  priceIncrementsSet: 25,
} as const;

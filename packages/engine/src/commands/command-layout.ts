/**
 * Where the fields of a command's record are, as numbers of 32-bit words and of doubles from its start.
 *
 * Numbers stand before all else in a file without imports: only then the bundler writes them where they are used.
 */

export const COMMAND_VERSION = 1;

/** A placement of 40 bytes, then the block of conditions. */
export const CONDITIONED_PLACE_LENGTH = 104;

export const LONGEST_COMMAND = 280;

/** The first word of a plain `place` and of a `cancel`, ready made: length in words of 8 bytes, version, kind. */
export const PLACE_HEADER = 0x0005_01_02;
export const CANCEL_HEADER = 0x0003_01_03;
/** Their lengths in bytes. */
export const PLACE_LENGTH = 40;
export const CANCEL_LENGTH = 24;

// 32-bit words. The second is the market, 0 in commands about none.
/** Of place, cancel, reduce, amend, replace, cancel_all, cancel_all_after. */
export const ACCOUNT = 2;
/** Of place, amend, replace, set_mark_price, set_reference_price. */
export const PRICE = 3;
/** Of place and replace, four bytes: side, order type, time in force, 0. */
export const TERMS = 4;
/** Of replace: what it does on failure. 0 in place. */
export const ON_FAILURE = 5;
/** Of cancel, without meaning: 0. */
export const CANCEL_UNUSED = 3;
/** Of cancel_all. */
export const SIDES = 3;
/** Of set_phase. */
export const PHASE = 2;
// Of change_market.
export const COLLAR_BASIS_POINTS = 2;
export const BAND_BASIS_POINTS = 3;
export const MAX_OPEN_ORDERS = 4;
export const ON_BREACH = 5;
/** Of set_allocation. */
export const ALLOCATION = 2;
export const FIFO_PERCENT = 3;
export const LEAD_ACCOUNT = 8;
export const LEAD_PERCENT = 9;
/** Of place_list, four bytes: contingency, sizing, how many legs, 0. */
export const LIST_SHAPE = 3;
/** Of set_price_increments. */
export const BAND_COUNT = 2;
// Doubles.
/** Of cancel, reduce, amend. */
export const ORDER_ID = 2;
/** Of place, reduce, amend, replace. */
export const QUANTITY = 3;
/** Of place and replace. */
export const QUOTE_QUANTITY = 4;
/** Where the block of conditions begins in place and replace: in doubles. */
export const CONDITIONS = 5;
/** Of replace, after its conditions: the order to be cancelled. */
export const REPLACED_ORDER_ID = 13;
/** Of cancel_all_after. */
export const AT = 2;
/** Of advance_time. */
export const TIME = 1;
/** Of set_allocation. */
export const MINIMUM_SHARE = 2;
export const TOP_ORDER_MAXIMUM = 3;
/** Of cancel_by_client_id. */
export const NAMED_CLIENT_ORDER_ID = 2;

/** Of place_list: where the legs begin, in doubles, and how many doubles each has. */
export const LEGS = 2;
export const LEG_LENGTH = 11;
/** Two legs, or three. */
export const FEWEST_LEGS = 2;
export const MOST_LEGS = 3;
// Words and doubles of a leg, from where it begins; its terms are the four bytes of a place.
export const LEG_PRICE = 0;
export const LEG_TERMS = 1;
export const LEG_QUANTITY = 1;
export const LEG_QUOTE_QUANTITY = 2;
export const LEG_CONDITIONS = 3;

/** Of set_price_increments: where the bands begin, in doubles. Each has two words: from which price on, and the increment. */
export const BANDS = 2;
export const MOST_BANDS = 8;
// Doubles of add_market; change_market has those from the price increment on, in the same places.
export const MAX_PRICE = 1;
export const MAX_QUANTITY = 2;
export const PRICE_INCREMENT = 3;
export const QUANTITY_INCREMENT = 4;
export const MIN_QUANTITY = 5;
export const MIN_NOTIONAL = 6;

/** The kinds of command records: 1 to 63 are the engine's. */
export const CommandKind = {
  addMarket: 1,
  place: 2,
  cancel: 3,
  reduce: 4,
  amend: 5,
  replace: 6,
  cancelAll: 7,
  cancelAllAfter: 8,
  setPhase: 9,
  setMarkPrice: 10,
  advanceTime: 11,
  changeMarket: 12,
  setReferencePrice: 13,
  setAllocation: 14,
  placeList: 15,
  cancelByClientId: 16,
  setPriceIncrements: 17,
} as const;

/**
 * Bytes of each kind's record, by its number. A `place` may also have conditions: `CONDITIONED_PLACE_LENGTH`; a `place_list` has
 * another leg, or not; a `set_price_increments` has 8 bytes more for each band.
 */
export const COMMAND_LENGTHS: readonly number[] = [
  0, 56, 40, 24, 32, 32, 112, 16, 24, 16, 16, 16, 56, 16, 40, 192, 24, 16,
];

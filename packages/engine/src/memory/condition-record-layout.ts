/** Where the fields of a conditioned order's record are. Numbers alone, so that the bundler writes them where they are used. */

// As 32-bit words of the record.
export const FLAGS = 0;
export const TRADE_GROUP = 1;
export const TRIGGER_PRICE = 8;
export const TRAILING_OFFSET = 9;
export const TRAILING_BASIS_POINTS = 10;
export const ACTIVATION_PRICE = 11;
export const SLIPPAGE = 12;
export const PRICE = 13;
/** Side, order type, time in force, place: a byte each. */
export const TERMS = 14;
export const ROW = 15;
export const EXTREME = 20;
export const NEXT_FREE = 21;
export const PEG_OFFSET = 24;
// As doubles.
export const EXPIRES_AT = 1;
export const DISPLAY_QUANTITY = 2;
export const MIN_QUANTITY = 3;
export const RESERVE = 8;
export const QUOTE_QUANTITY = 9;
export const LIST_ID = 11;
export const CLIENT_ORDER_ID = 13;

export const WORDS = 28;
export const DOUBLES = 14;

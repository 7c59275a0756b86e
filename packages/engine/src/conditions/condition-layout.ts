/**
 * Where conditions are in the block of 56 bytes that the records of a conditioned order end with, as numbers of 32-bit words
 * and of doubles from the block's start.
 */

export const CONDITION_BYTES = 56;
export const CONDITION_WORDS = 14;

/** 32 bits: post-only (2), self-trade (3), hidden (1), trigger (2), trigger on (1); the others are 0. */
export const FLAGS = 0;
export const TRADE_GROUP = 1;
// Doubles.
export const EXPIRES_AT = 1;
export const DISPLAY_QUANTITY = 2;
export const MIN_QUANTITY = 3;
// Words.
export const TRIGGER_PRICE = 8;
export const TRAILING_OFFSET = 9;
export const TRAILING_BASIS_POINTS = 10;
export const ACTIVATION_PRICE = 11;
export const SLIPPAGE = 12;
/** Always 0. */
export const CONDITION_UNUSED = 13;

export const HIDDEN_FLAG: number = 1 << 5;
/** The bits of the flags that have a meaning. */
export const KNOWN_FLAGS = 0x1ff;

export const postOnlyOf = (flags: number): number => flags & 3;
export const selfTradeOf = (flags: number): number => (flags >>> 2) & 7;
export const triggerOf = (flags: number): number => (flags >>> 6) & 3;
export const triggerOnOf = (flags: number): number => (flags >>> 8) & 1;

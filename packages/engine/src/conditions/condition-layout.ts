/**
 * Where conditions are in the block of 64 bytes that the records of a conditioned order end with, as numbers of 32-bit words
 * and of doubles from the block's start.
 */

export const CONDITION_BYTES = 64;
export const CONDITION_WORDS = 16;

/** 32 bits: post-only (2), self-trade (3), hidden (1), trigger (2), trigger on (1), all-or-none (1), peg (2); the others are 0. */
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
export const PEG_OFFSET = 13;
// A double.
export const CLIENT_ORDER_ID = 7;

export const HIDDEN_FLAG: number = 1 << 5;
/** The bits of the flags that have a meaning. */
export const KNOWN_FLAGS = 0xfff;

/** Not in records of commands and events: an order that has been triggered. */
export const AWAKE_FLAG: number = 1 << 16;
export const ALL_OR_NONE_FLAG: number = 1 << 9;

export const postOnlyOf = (flags: number): number => flags & 3;
export const selfTradeOf = (flags: number): number => (flags >>> 2) & 7;
export const triggerOf = (flags: number): number => (flags >>> 6) & 3;
/** Whether the trigger, if there is one, has not been reached. */
export const waitsForTrigger = (flags: number): boolean =>
  triggerOf(flags) !== 0 && (flags & AWAKE_FLAG) === 0;
export const triggerOnOf = (flags: number): number => (flags >>> 8) & 1;
export const pegOf = (flags: number): number => (flags >>> 10) & 3;

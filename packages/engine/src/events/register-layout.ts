/**
 * Where the registers of the events that plain trading tells are in the memory that they share, as numbers of 32-bit words
 * and of doubles: one pair of arrays to write them all is loaded and checked once, four pairs were four times. Numbers
 * alone, so that the bundler writes them where they are used.
 */

// Words.
export const ACCEPTED = 0;
export const TRADE = 16;
export const DONE = 36;
export const LEVEL_CHANGED = 48;
export const REGISTER_WORDS = 58;
// Doubles.
export const ACCEPTED_F64 = 0;
export const TRADE_F64 = 8;
export const DONE_F64 = 18;
export const LEVEL_CHANGED_F64 = 24;
/** Of no event: the lots that the order being placed still wants. As an argument it might become an object. */
export const WANTED_F64 = 28;

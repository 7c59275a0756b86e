/** Where the fields of a market's record are. Numbers alone, so that the bundler writes them where they are used. */

// As 32-bit words of a market's record of 64 bytes: bytes 0 to 11.
export const NUMBER = 0;
export const MAX_PRICE = 1;
export const PRICE_INCREMENT = 2;
/** The phase in its lowest byte; the next is 1 if lots are allocated otherwise than by time: one load says whether it is all 0. */
export const PHASE = 3;
export const PHASE_BITS = 0xff;
export const ALLOCATES = 0x100;
/** The next two bits: whether there are orders that follow what rests, and price increments by band. */
export const IS_FOLLOWED = 0x200;
export const HAS_BANDS = 0x400;
// Bytes 48 to 63.
export const LAST_PRICE = 12;
export const MARK_PRICE = 13;
/** How many orders are more than plain, and above them a bit for a market with protection. */
export const CONDITIONED = 14;
export const REFERENCE_PRICE = 15;
/** That bit. */
export const IS_PROTECTED = 0x4000_0000;
// As doubles: bytes 16 to 47.
export const MAX_QUANTITY = 2;
export const QUANTITY_INCREMENT = 3;
export const MIN_QUANTITY = 4;
export const MIN_NOTIONAL = 5;

export const ROW_BYTES = 64;

/** Where the fields of a price level's record are. Numbers alone, so that the bundler writes them where they are used. */

// As 32-bit words of a level's record of 32 bytes: bytes 0 to 23.
export const FIRST = 0;
export const LAST = 1;
export const LEVEL_ORDERS = 2;
export const LEAF = 3;
export const KEY = 4;
export const BOOK_SIDE = 5;
// As doubles: bytes 24 to 31.
export const LEVEL_QUANTITY = 3;

export const SLOT_BYTES = 32;

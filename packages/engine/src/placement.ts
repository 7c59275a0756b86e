/** What `PlainTrading.place` answers. Numbers alone, so that the bundler writes them where they are used. */

/** Nothing was done: the order is not plain, or breaks a rule. */
export const NOT_PLAIN = 0;
export const PLACED = 1;
/** The Admission port has refused it. */
export const REFUSED = 2;

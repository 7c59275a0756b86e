/** Where the fields of a side of a book are. Numbers alone, so that the bundler writes them where they are used. */

// As 32-bit words of a side's record of 16 bytes.
/** The node where its trie begins; 0 if it is empty. */
export const ROOT = 0;
export const ROOT_SHIFT = 1;
/** Its highest key, and the value there; 0 if it is empty. */
export const HIGHEST_KEY = 2;
export const HIGHEST = 3;

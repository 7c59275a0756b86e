/** How an entry of the table of ids is laid out. Numbers alone, so that the bundler writes them where they are used. */

/** The second word of an entry. */
export const SLOT = 1;

/** Ids that follow each other share a cache line of the table: eight entries of eight bytes. */
export const NEIGHBOURS = 8;

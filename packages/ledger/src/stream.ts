/** What is read once and in order: an array, a generator, or pages as they come from a database. */
export type Stream<Item> = Iterable<Item> | AsyncIterable<Item>;

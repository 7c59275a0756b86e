import type { BenchOptions, Print } from "../figure.ts";
import { booksAlone } from "./books.ts";
import { projectionIntoSql } from "./projection.ts";
import { holdsInSql } from "./store.ts";

/** The ledger: its books in memory, and their copy in SQL. */
export const run = async (print: Print, options: BenchOptions): Promise<void> => {
  booksAlone(print, options);
  await projectionIntoSql(print, options);
  await holdsInSql(print, options);
};

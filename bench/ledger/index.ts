import type { BenchOptions, Print } from "../figure.ts";
import { booksAlone } from "./books.ts";
import { projectionIntoPglite, projectionIntoPostgres } from "./projection.ts";

/** The ledger: its books in memory, and their copy in SQL. */
export const run = async (print: Print, options: BenchOptions): Promise<void> => {
  booksAlone(print, options);
  await projectionIntoPostgres(print, options);
  await projectionIntoPglite(print, options);
};

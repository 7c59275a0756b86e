import type { BenchOptions, Print } from "../figure.ts";
import { coreAlone } from "./core.ts";
import { durableCommands } from "./durable-commands.ts";
import { endToEnd } from "./end-to-end.ts";

/** The venue: its core alone, with the journal on a disk, and from an HTTP order to the rows in SQL. */
export const run = async (print: Print, options: BenchOptions): Promise<void> => {
  coreAlone(print, options);
  await durableCommands(print, options);
  await endToEnd(print, options);
};

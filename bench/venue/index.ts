import type { BenchOptions, Print } from "../figure.ts";
import { coreAlone } from "./core.ts";
import { durableCommands } from "./durable-commands.ts";
import { endToEnd } from "./end-to-end.ts";
import { manyMarkets } from "./many-markets.ts";
import { ownThread } from "./own-thread.ts";
import { postgresCommands } from "./postgres-commands.ts";
import { restart } from "./restart.ts";
import { sustained } from "./sustained.ts";
import { viewsSnapshot } from "./views-snapshot.ts";

/**
 * The venue: its core alone, with the journal on a disk and in PostgreSQL, in a thread of its own, from an HTTP order to the rows in SQL, a start,
 * a snapshot of the views, and very many markets.
 */
export const run = async (print: Print, options: BenchOptions): Promise<void> => {
  coreAlone(print, options);
  await durableCommands(print, options);
  await ownThread(print, options);
  await postgresCommands(print, options);
  await endToEnd(print, options);
  await sustained(print, options);
  await restart(print, options);
  viewsSnapshot(print, options);
  manyMarkets(print, options);
};

import type { Projection, Venue, VenueOptions } from "@pincex/venue";
import { openVenue } from "@pincex/venue";
import { openFileSnapshots, openVenueInWorker } from "@pincex/venue/node";
import { type JournalPlace, openExchangeJournal } from "./exchange-journal.ts";
import { ExchangeNotStarted, type NotStartedCode } from "./exchange-not-started.ts";
import type { ExchangeOptions } from "./exchange-options.ts";

/** Where the venue of an exchange keeps its own. */
export interface VenuePlace {
  readonly journal: JournalPlace;
  /** The folder of its snapshots. */
  readonly snapshots: string;
}

export interface ExchangeVenueOptions
  extends Pick<VenueOptions, "views" | "onProgress" | "onNotice"> {
  readonly place: VenuePlace;
  readonly projections: readonly Projection[];
  readonly thread: NonNullable<ExchangeOptions["venueThread"]>;
  readonly clock: () => number;
}

/** Opens the journal first of all: it keeps a second exchange out of the folder, or replaces whoever wrote it before. */
export const openExchangeVenue = (options: ExchangeVenueOptions): Promise<Venue> =>
  options.thread === "own" ? openInThread(options) : openHere(options);

const openHere = async ({ place, thread: _, ...options }: ExchangeVenueOptions): Promise<Venue> => {
  const journal = await openExchangeJournal(place.journal);
  try {
    const snapshots = await openFileSnapshots({ directory: place.snapshots });
    return await openVenue({ ...options, journal, snapshots });
  } catch (error) {
    await journal.close();
    throw error;
  }
};

// From source, the program needs a loader of TypeScript, which Node 20 gives no worker.
const PROGRAM = import.meta.url.endsWith(".ts")
  ? "../testing/source-venue-worker.js"
  : "./venue-worker.js";

const openInThread = async ({
  place,
  thread: _,
  clock: __,
  ...options
}: ExchangeVenueOptions): Promise<Venue> => {
  try {
    return await openVenueInWorker({
      ...options,
      program: new URL(PROGRAM, import.meta.url),
      data: place,
    });
  } catch (error) {
    throw asNotStarted(error);
  }
};

/** What comes out of a thread is of no class of this package's. */
const asNotStarted = (error: unknown): unknown => {
  if (!(error instanceof Error && error.name === "ExchangeNotStarted" && "code" in error))
    return error;
  return new ExchangeNotStarted(error.code as NotStartedCode, error.message, error.cause);
};

import { openVenueInWorker, type VenueInWorkerOptions } from "../node/open-venue-in-worker.ts";
import type { Venue } from "../sequencer/venue.ts";
import type { ToyVenueData } from "./toy-venue-program.ts";

/** A toy venue in a worker, from source. */
export const openToyInWorker = (
  data: ToyVenueData,
  options: Omit<VenueInWorkerOptions, "program" | "data" | "execArgv"> = {},
): Promise<Venue> =>
  openVenueInWorker({
    ...options,
    program: new URL("./toy-venue-worker.js", `file://${import.meta.dirname}/`),
    data,
    execArgv: ["--conditions=@pincex/source"],
  });

import { LocalViews } from "./followers.ts";
import { startSequencer } from "./start-sequencer.ts";
import type { StateMachineKind } from "./state-machine.ts";
import type { Venue, VenueOptions } from "./venue.ts";

/** Starts a venue over any state machine: `openVenue` is this with Pincex's own. */
export const openSequencer = async (
  { views = [], ...options }: VenueOptions,
  kind: StateMachineKind,
): Promise<Venue> => startSequencer(options, kind, new LocalViews(views));

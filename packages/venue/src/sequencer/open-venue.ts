import { assertVenueCommand, encodeVenueCommand } from "../commands/venue-command.ts";
import { VenueCore } from "../core/venue-core.ts";
import { openSequencer } from "./open-sequencer.ts";
import type { StateMachineKind } from "./state-machine.ts";
import type { Venue, VenueOptions } from "./venue.ts";

const venueCore: StateMachineKind = {
  create: () => new VenueCore(),
  restore: (snapshot) => VenueCore.restore(snapshot),
  timeCommand: encodeVenueCommand({ kind: "time" }),
  assertCommand: assertVenueCommand,
};

/**
 * Starts a venue where its journal ends: with the newest snapshot that is not ahead of the slowest projection, then by
 * replaying the journal from there. Views are filled, projections are sent what they lack.
 *
 * Rejects with `StartRefused` if what it finds does not fit together, and with `JournalDamaged`; then the journal is closed
 * and nothing was changed.
 *
 * @example
 * const venue = await openVenue({ journal: memoryJournal(), clock: Date.now });
 * const { sequence } = await venue.submit(encodeVenueCommand({ kind: "time" }));
 * await venue.stop();
 */
export const openVenue = (options: VenueOptions): Promise<Venue> =>
  openSequencer(options, venueCore);

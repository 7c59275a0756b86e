import { assertVenueCommand, encodeVenueCommand } from "../commands/venue-command.ts";
import { VenueCore } from "../core/venue-core.ts";
import type { StateMachineKind } from "./state-machine.ts";

/** Pincex's own state machine, as sequencers and replays drive it. */
export const venueMachine: StateMachineKind = {
  create: () => new VenueCore(),
  restore: (snapshot) => VenueCore.restore(snapshot),
  timeCommand: encodeVenueCommand({ kind: "time" }),
  assertCommand: assertVenueCommand,
};

import { ProjectionFeed } from "./projection-feed.ts";
import { recover } from "./recovery.ts";
import { resolveOptions } from "./resolved-options.ts";
import { Sequencer } from "./sequencer.ts";
import type { StateMachineKind } from "./state-machine.ts";
import type { Venue, VenueOptions } from "./venue.ts";

/** Starts a venue over any state machine: `openVenue` is this with Pincex's own. */
export const openSequencer = async (
  options: VenueOptions,
  kind: StateMachineKind,
): Promise<Venue> => {
  const resolved = resolveOptions(options);
  const feeds: ProjectionFeed[] = [];
  let failure: Error | undefined;
  let onFailure = (error: Error): void => {
    failure = error;
  };
  try {
    for (const projection of resolved.projections) {
      const position = await projection.position();
      const { onNotice } = resolved;
      feeds.push(
        new ProjectionFeed({ projection, position, onNotice, onFailure: (e) => onFailure(e) }),
      );
    }
    const recovered = await recover(resolved, kind, feeds);
    if (failure !== undefined) throw failure;
    const sequencer = new Sequencer(resolved, kind, recovered, feeds);
    onFailure = (error) => sequencer.fail(error);
    return sequencer;
  } catch (error) {
    await Promise.all(feeds.map((feed) => feed.end()));
    await resolved.journal.close();
    throw error;
  }
};

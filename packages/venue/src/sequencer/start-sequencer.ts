import type { Followers } from "./followers.ts";
import { ProjectionFeed } from "./projection-feed.ts";
import { recover } from "./recovery.ts";
import { resolveOptions } from "./resolved-options.ts";
import { Sequencer } from "./sequencer.ts";
import type { StateMachineKind } from "./state-machine.ts";
import type { VenueOptions } from "./venue.ts";

/** Recovers what is kept, and goes on from there. If it can't, the journal is closed. */
export const startSequencer = async (
  options: Omit<VenueOptions, "views">,
  kind: StateMachineKind,
  followers: Followers,
): Promise<Sequencer> => {
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
    const recovered = await recover(resolved, kind, followers, feeds);
    if (failure !== undefined) throw failure;
    const sequencer = new Sequencer(resolved, kind, recovered, followers, feeds);
    onFailure = (error) => sequencer.fail(error);
    return sequencer;
  } catch (error) {
    await Promise.all(feeds.map((feed) => feed.end()));
    await resolved.journal.close();
    throw error;
  }
};

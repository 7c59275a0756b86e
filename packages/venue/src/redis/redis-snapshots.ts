import type { ViewSnapshots } from "../bus/view-snapshots.ts";
import { readSnapshot } from "./kept-snapshot.ts";
import type { RedisBusOptions } from "./redis-bus.ts";
import { redisKeys, VENUE_NAME } from "./redis-keys.ts";
import { VenueClient } from "./venue-client.ts";

// Of a hundred thousand accounts it has some hundred megabytes.
const PATIENCE_MS = 30_000;

/**
 * Snapshots of a venue's views, which its process takes on demand and hands over in Redis: for processes that only read, and so
 * need no `remoteVenue`. Rejects with `OutcomeUnknown` while no process serves the venue.
 *
 * @example
 * const follower = await followVenue({
 *   bus: redisBus({ redis }),
 *   views: [marketData],
 *   snapshots: redisSnapshots({ redis }),
 * });
 */
export const redisSnapshots = (options: RedisBusOptions): ViewSnapshots => ({
  take: async (atLeast) => {
    const client = new VenueClient(options, PATIENCE_MS);
    try {
      await client.ask({ kind: "snapshot", atLeast });
    } finally {
      await client.stop();
    }
    const { redis, name = VENUE_NAME } = options;
    const snapshot = await readSnapshot(redis, redisKeys(name).snapshot);
    if (snapshot === undefined) throw new Error("Redis has lost the snapshot that was just taken");
    return snapshot;
  },
});

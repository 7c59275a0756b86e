import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileJournal } from "@pincex/venue/node";
import { type VenueCheck, verifyVenue } from "@pincex/venue/verification";
import type { ReadRefusal } from "../replay/lobster-file.ts";
import type { ReplaySummary } from "../replay/order-flow-replay.ts";
import type { ReplayLobsterOptions } from "../replay/replay-lobster.ts";
import { replayThroughVenue, type VenueReplaySummary } from "../replay/replay-through-venue.ts";

/** What a venue made of a recording, and what its verification says. */
export interface VerifiedVenue
  extends Pick<VenueReplaySummary, "commands" | "entries" | "venueStateHash"> {
  readonly checks: readonly VenueCheck[];
}

/** Replays through a venue whose journal is in a folder that is gone afterwards, and verifies what is there. */
export const replayVerified = async (
  options: ReplayLobsterOptions,
): Promise<
  | { readonly ok: true; readonly summary: ReplaySummary; readonly venue: VerifiedVenue }
  | ReadRefusal
> => {
  const directory = await mkdtemp(join(tmpdir(), "pincex-replay-"));
  try {
    const journal = await openFileJournal({ directory });
    const replayed = await replayThroughVenue({ ...options, journal });
    if (!replayed.ok) return replayed;
    const { summary } = replayed;
    return { ok: true, summary, venue: { ...summary, checks: await verified(directory) } };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

const verified = async (directory: string): Promise<VenueCheck[]> => {
  const journal = await openFileJournal({ directory });
  try {
    const checks: VenueCheck[] = [];
    for await (const check of verifyVenue({ journal })) checks.push(check);
    return checks;
  } finally {
    await journal.close();
  }
};

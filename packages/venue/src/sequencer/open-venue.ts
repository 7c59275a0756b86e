import { type JudgeSkipOptions, judgeSkipOf, type SkipJudgement } from "./judge-skip.ts";
import { openSequencer } from "./open-sequencer.ts";
import type { Venue, VenueOptions } from "./venue.ts";
import { venueMachine } from "./venue-machine.ts";

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
  openSequencer(options, venueMachine);

/**
 * Whether a command that stops the start (`command_not_replayable`) may be skipped: only the first at which the replay really
 * stops, and only while no projection has written what it once did. Changes nothing; `journal.skip` then records it, and
 * every later start, projection and verification passes over it: at its sequence number, nothing but its time happens.
 *
 * @example
 * const judged = await judgeSkip({ journal, snapshots, projections, sequence: 4_711 });
 * if (judged.ok) await journal.skip({ sequence: 4_711, at: Date.now(), reason: "order type that 0.9 took" });
 */
export const judgeSkip = (options: JudgeSkipOptions): Promise<SkipJudgement> =>
  judgeSkipOf(options, venueMachine);

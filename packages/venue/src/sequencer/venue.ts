import type { Journal } from "../journal/journal.ts";
import type { Projection } from "../projection/projection.ts";
import type { SnapshotStore } from "../snapshots/snapshot.ts";
import type { View } from "../views/view.ts";
import type { Timer } from "./timer.ts";

/** What became of a command. */
export interface Submission {
  /** Its number: the first command of a journal is 1, and none is left out. */
  readonly sequence: number;
  /** The time it was given, in milliseconds. Never before that of an earlier command. */
  readonly time: number;
  /** What it did, as records: an `applied` first, then what followed. Don't change them: others read the same bytes. */
  readonly events: Uint8Array;
}

/** The one way to change a venue. */
export interface Venue {
  /**
   * Does a command, given as its record. Resolves when it is in the journal and every view has followed, whatever came of
   * it: also a refusal is an event.
   *
   * Rejects with a `RangeError` if the bytes are no command, `VenueOverloaded` (try again), `VenueStopped` (not done) or
   * `OutcomeUnknown`.
   */
  submit(record: Uint8Array): Promise<Submission>;
  /** Sequence number of the last command that was acknowledged. */
  readonly sequence: number;
  /** Resolves when every projection has written what is acknowledged by now. Rejects if the venue had to stop before. */
  flushed(): Promise<void>;
  /**
   * Takes no more commands, finishes those it has, waits for projections that can be reached, takes a snapshot and closes
   * the journal. Safe to call again.
   */
  stop(): Promise<void>;
  /** Resolves when the venue takes no more commands: with nothing after `stop`, with the reason if it had to. */
  readonly stopped: Promise<Error | undefined>;
  /** Hash of the state after all commands so far, acknowledged or not. */
  stateHash(): string;
}

/** How far the start has got. */
export interface RecoveryProgress {
  /** Sequence number of the snapshot that the start began with; 0 if there was none. */
  readonly from: number;
  /** Sequence number of the last command that was replayed. */
  readonly sequence: number;
  /** Where it will end. */
  readonly head: number;
  readonly elapsedMs: number;
}

/** What an operator wants to hear of although the venue goes on. */
export type VenueNotice =
  | { readonly kind: "snapshot_saved"; readonly sequence: number }
  | { readonly kind: "snapshot_failed"; readonly sequence: number; readonly error: unknown }
  /** It can't be read, as of another release: the start goes on from an older one, or from the journal alone. */
  | { readonly kind: "snapshot_passed_over"; readonly sequence: number; readonly error: unknown }
  | { readonly kind: "archive_failed"; readonly sequence: number; readonly error: unknown }
  | {
      readonly kind: "projection_unreachable";
      readonly projection: string;
      readonly attempt: number;
      readonly retryInMs: number;
      readonly error: unknown;
    };

export interface VenueOptions {
  /** The authority. The venue closes it when it stops. */
  readonly journal: Journal;
  /** Without one, every start replays the journal from its first command. */
  readonly snapshots?: SnapshotStore;
  /** Follow in memory. Fresh ones: a start fills them. */
  readonly views?: readonly View[];
  /** Follow durably. */
  readonly projections?: readonly Projection[];
  /** Milliseconds since 1970-01-01 UTC. May go backwards; the time of commands won't. */
  readonly clock: () => number;
  /**
   * Wakes the venue when something falls due (a `gtd` order's end, a dead-man's switch): it then submits a `time` command to
   * itself. The platform's own unless told; whoever tells the clock by other means needs one that goes with it.
   */
  readonly timer?: Timer;
  /** Commands from one snapshot to the next. 100,000 unless told. */
  readonly snapshotEvery?: number;
  /** How many commands may wait for the journal. Any more are refused. 10,000 unless told. */
  readonly queueLimit?: number;
  /** How many bytes of events may wait for a projection before commands are refused. 256 MiB unless told. */
  readonly projectionQueueBytes?: number;
  /** Hears about the start, some ten times a second. */
  readonly onProgress?: (progress: RecoveryProgress) => void;
  readonly onNotice?: (notice: VenueNotice) => void;
}

import type { RecordViews } from "@pincex/engine";

/**
 * Follows the venue in memory, in the same turn as the acknowledgement, so that who was answered reads what it wrote. It
 * is part of the snapshot: `restore(snapshot())` must leave it as it was.
 */
export interface View {
  /** Names its section of the snapshot. */
  readonly name: string;
  /** Follows the events that stand in `events` between two offsets in bytes: those of one command or of several. */
  apply(events: RecordViews, from: number, to: number): void;
  snapshot(): Uint8Array;
  /**
   * Begins the same snapshot, as of now, to be written in slices while the view follows on. For a view whose snapshot would
   * keep a thread from all else; the others leave it out.
   */
  beginSnapshot?(): SlicedSnapshot;
  restore(bytes: Uint8Array): void;
}

/** A snapshot of when it was begun. */
export interface SlicedSnapshot {
  /** Writes a slice, for a millisecond or so, and answers whether another is left. */
  slice(): boolean;
  /** The whole, once none is left. */
  finished(): Uint8Array;
}

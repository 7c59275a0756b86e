/** The state of a venue after one of its commands. */
export interface Snapshot {
  /** Sequence number of the last command that is in it. */
  readonly sequence: number;
  /** The time of that command, in milliseconds. */
  readonly time: number;
  /** SHA-256 of the journal's frame that ends with that command: a snapshot belongs to one journal. */
  readonly journalHash: Uint8Array;
  /** "core" is the state machine's; each view's stands under its name. */
  readonly sections: ReadonlyMap<string, Uint8Array>;
}

/** Where snapshots are read. */
export interface SnapshotReader {
  /** The newest one that is not damaged and whose sequence is at most `atMost`. */
  newest(atMost: number): Promise<Snapshot | undefined>;
}

/** Where snapshots are kept. They only save time: everything in them can be computed from the journal. */
export interface SnapshotStore extends SnapshotReader {
  /**
   * Keeps one more, and may forget others; but keeps the newest whose sequence is at most `needed`, which the slowest durable
   * consumer would start from. Resolves to the sequence of the oldest that it keeps.
   */
  save(snapshot: Snapshot, needed: number): Promise<number>;
}

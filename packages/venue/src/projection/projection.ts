/**
 * Follows the venue durably, behind a queue. It may lag and never differs: a batch and the position it reaches are
 * written together, and after a crash the venue emits again from the position.
 */
export interface Projection {
  readonly name: string;
  /**
   * Whether it may be handed events that don't follow on its position, because whoever needs what is between has other means.
   * A start still goes back for it to the oldest snapshot, but not to the journal's first command. Unless told, it may not.
   */
  readonly toleratesGaps?: boolean;
  /** Sequence number of the last command whose events are written. */
  position(): Promise<number>;
  /** Writes the events of commands `first` to `last`, exactly once. */
  apply(events: Uint8Array, first: number, last: number): Promise<void>;
  /**
   * Hears which batch comes next, while it writes the one before: it may make that ready as its database works. It writes nothing of
   * it, and applies it only when it is given: after a failure it may never be. It may not throw: what is wrong with a batch is said when it is applied.
   */
  prepare?(events: Uint8Array, first: number, last: number): void;
}

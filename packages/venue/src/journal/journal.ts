/** Commands that were journaled together: whatever arrived while the last write was on its way. */
export interface Frame {
  /** The writer that wrote it: raised each time a journal is opened for writing. From 1. */
  readonly epoch: number;
  /** Sequence number of its first command. The first frame of a journal begins with 1. */
  readonly firstSequence: number;
  /** How many commands it holds, at least 1. */
  readonly count: number;
  /** The commands, one after the other, each as the time it was given (8 bytes, a little-endian double) and its record. */
  readonly payload: Uint8Array;
}

/** A frame that was read back, with its place in the chain of hashes. */
export interface StoredFrame extends Frame {
  /** SHA-256 of the frame before it. */
  readonly previousHash: Uint8Array;
  /** SHA-256 of this frame. */
  readonly hash: Uint8Array;
}

/** Where a journal ends. */
export interface JournalHead {
  /** The epoch of who may append. */
  readonly epoch: number;
  /** Sequence number of the last command; 0 while there is none. */
  readonly sequence: number;
  /** SHA-256 of the last frame, `GENESIS_HASH` while there is none. */
  readonly hash: Uint8Array;
}

/** A command at which the state machine throws, and which an operator has told every replay to pass over. */
export interface SkippedCommand {
  readonly sequence: number;
  /** When it was recorded, in milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** Why, in the operator's words. */
  readonly reason: string;
}

/** Reads a journal, whoever writes it. */
export interface JournalReader {
  head(): Promise<JournalHead>;
  /** What every replay passes over, by sequence. A replay that doesn't ask comes to another state. */
  skipped(): Promise<readonly SkippedCommand[]>;
  /**
   * The frames from the one that holds `fromSequence` up to the head at the time of the call, each checked against its
   * CRC and the hash of the one before. Throws `JournalDamaged` where they don't agree.
   */
  read(fromSequence: number): AsyncIterable<StoredFrame>;
}

/**
 * Where commands are kept for ever: the authority that everything else can be computed from.
 *
 * It has one rule: an append succeeds only if the head is exactly what the writer believes it is, so that a writer which
 * was replaced while it slept can do no harm. Opening a journal for writing raises the epoch and so replaces whoever had
 * it before.
 */
export interface Journal extends JournalReader {
  /**
   * Adds a frame; when the promise resolves, it survives a power cut. Rejects with `JournalHeadMoved`, having changed
   * nothing, unless the head's epoch is the frame's and its sequence the one before the frame's first, and while another
   * append is on its way. After any other error nobody knows whether the frame was kept, and the journal is dead: every
   * further append rejects with `JournalDead`. Open it again to learn what is there.
   *
   * The frame's bytes must not change until the promise settles.
   */
  append(frame: Frame): Promise<void>;
  /**
   * Records that every replay is to pass over a command, durably. To record it again changes nothing. Rejects with a
   * `RangeError` unless the command is in the journal, with `JournalHeadMoved` for a writer that was replaced, and with
   * `JournalDead`.
   */
  skip(command: SkippedCommand): Promise<void>;
  /**
   * Says that no start needs the commands up to a sequence any more, only a replay of everything. A journal may put them
   * aside, where `read` still finds them; one that has no such place leaves this out. Safe while appends are on their way.
   */
  archive?(upTo: number): Promise<void>;
  /** Waits for an append that is on its way and lets the next writer in. */
  close(): Promise<void>;
}

import type { RecordViews, RecordWriter } from "@pincex/engine";

/**
 * What a sequencer drives: a pure function of its state and a command. The same commands in the same order give the same
 * events, byte for byte, on any machine.
 */
export interface StateMachine {
  /** Does one command and appends the events of what it did. Throwing means that the state can no longer be trusted. */
  apply(
    sequence: number,
    time: number,
    commands: RecordViews,
    offset: number,
    out: RecordWriter,
  ): void;
  /** The command time at which it wants to be told what time it is; `Infinity` for never. */
  readonly nextDue: number;
  /** The number of the rules by which commands are done; only a command raises it, after which a snapshot is taken. */
  readonly rules: number;
  /** Checks the laws of a part of the state, another part each time; throws where one is broken. */
  checkNext(): void;
  /** The whole state, from which its kind can restore it. */
  snapshot(): Uint8Array;
  /** Equal for equal states, whatever way they were reached. */
  stateHash(): string;
}

/** How state machines of one kind come to be, and what they take. */
export interface StateMachineKind {
  create(): StateMachine;
  restore(snapshot: Uint8Array): StateMachine;
  /** The command by which nothing but time passes. */
  readonly timeCommand: Uint8Array;
  /**
   * Throws a `RangeError` unless a whole command stands at the offset that `apply` won't throw at. It is asked before the
   * command is given a sequence number, since what is in the journal stays there.
   */
  assertCommand(commands: RecordViews, offset: number): void;
}

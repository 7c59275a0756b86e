import { type RecordViews, type RecordWriter, recordViews } from "@pincex/engine";
import type { StateMachine, StateMachineKind } from "./state-machine.ts";
import { StartRefused } from "./venue-errors.ts";

/**
 * Applies journaled commands, and in place of those that are skipped nothing but their time: whoever replays a journal goes
 * through here, and so comes to the same state.
 */
export class CommandReplay {
  readonly machine: StateMachine;
  readonly #skipped: ReadonlySet<number>;
  readonly #timeCommand: RecordViews;

  constructor(kind: StateMachineKind, machine: StateMachine, skipped: readonly number[]) {
    this.machine = machine;
    this.#skipped = new Set(skipped);
    this.#timeCommand = recordViews(kind.timeCommand);
  }

  /** Throws `StartRefused` for a command at which the machine throws; then the machine can no longer be trusted. */
  apply(
    sequence: number,
    time: number,
    commands: RecordViews,
    offset: number,
    out: RecordWriter,
  ): void {
    try {
      if (this.#skipped.has(sequence)) {
        this.machine.apply(sequence, time, this.#timeCommand, 0, out);
      } else this.machine.apply(sequence, time, commands, offset, out);
    } catch (error) {
      throw new StartRefused(
        "command_not_replayable",
        sequence,
        `the command of sequence ${sequence} is in the journal and can't be applied (${String(error)})`,
        error,
      );
    }
  }
}

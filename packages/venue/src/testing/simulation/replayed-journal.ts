import { RecordWriter, recordLength } from "@pincex/engine";
import { eachCommand } from "../../journal/frame-payload.ts";
import type { Journal } from "../../journal/journal.ts";
import type { StateMachine, StateMachineKind } from "../../sequencer/state-machine.ts";

/** A command as it stands in the journal, and what it does when it is applied again. */
export interface ReplayedCommand {
  readonly sequence: number;
  readonly time: number;
  readonly record: Uint8Array;
  readonly events: Uint8Array;
}

/** All that a journal says, from its first command on. */
export interface ReplayedJournal {
  readonly machine: StateMachine;
  readonly commands: readonly ReplayedCommand[];
}

/** Reads a journal from nothing, and applies every command to a new state. */
export const replayed = async (
  journal: Journal,
  kind: StateMachineKind,
): Promise<ReplayedJournal> => {
  const machine = kind.create();
  const commands: ReplayedCommand[] = [];
  const out = new RecordWriter();
  for await (const frame of journal.read(1)) {
    eachCommand(frame, (sequence, time, views, offset) => {
      out.clear();
      machine.apply(sequence, time, views, offset, out);
      const record = views.bytes.slice(offset, offset + recordLength(views, offset));
      commands.push({ sequence, time, record, events: out.finished() });
    });
  }
  return { machine, commands };
};

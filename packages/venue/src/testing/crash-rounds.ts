import { join } from "node:path";
import { RecordWriter, recordSecond } from "@pincex/engine";
import { expect } from "vitest";
import { eachCommand } from "../journal/frame-payload.ts";
import { openFileJournal } from "../node/file-journal.ts";
import { openFileSnapshots } from "../node/file-snapshots.ts";
import { openSequencer } from "../sequencer/open-sequencer.ts";
import { ToyView } from "./toy-followers.ts";
import { toyMachine } from "./toy-machine.ts";

/** What the processes of `crash-child.ts` said that they had acknowledged, round after round, on one journal. */
export class CrashRounds {
  /** The amount of each command, by its sequence. */
  readonly acknowledged: Map<number, number> = new Map();

  /** Takes down what a process said, and expects that no other said it before. */
  hear(lines: readonly string[]): void {
    for (const line of lines) {
      const [sequence = 0, amount = 0] = line.split(" ").map(Number);
      expect(this.acknowledged.has(sequence)).toBe(false);
      this.acknowledged.set(sequence, amount);
    }
  }

  /** The first of them that is not in the journal as it was said; undefined if all are. */
  missingFrom(amounts: readonly number[]): number | undefined {
    for (const [sequence, amount] of this.acknowledged) {
      if (amounts[sequence - 1] !== amount) return sequence;
    }
    return undefined;
  }

  /** Expects all of it in the journal and snapshots below `root`, and that a start comes to the state of the whole journal. */
  async expectAllIn(root: string, round: number): Promise<void> {
    const directory = join(root, "journal");
    const { amounts, replayed } = await journaled(directory);
    expect({ round, missing: this.missingFrom(amounts) }).toEqual({ round, missing: undefined });
    const view = new ToyView();
    const venue = await openSequencer(
      {
        journal: await openFileJournal({ directory }),
        snapshots: await openFileSnapshots({ directory: join(root, "snapshots") }),
        views: [view],
        clock: Date.now,
      },
      toyMachine,
    );
    expect(venue.stateHash()).toBe(replayed);
    expect(view.total).toBe(amounts.reduce((sum, amount) => sum + amount, 0));
    await venue.stop();
  }
}

/** The amount of every command in the journal, by its sequence less one, and the state that they lead to. */
export const journaled = async (
  directory: string,
): Promise<{ amounts: number[]; replayed: string }> => {
  const journal = await openFileJournal({ directory });
  const machine = toyMachine.create();
  const events = new RecordWriter();
  const amounts: number[] = [];
  for await (const frame of journal.read(1)) {
    events.clear();
    eachCommand(frame, (sequence, time, commands, offset) => {
      machine.apply(sequence, time, commands, offset, events);
      amounts.push(recordSecond(commands, offset));
    });
  }
  await journal.close();
  return { amounts, replayed: machine.stateHash() };
};

import { join } from "node:path";
import { RecordWriter, recordSecond } from "@pincex/engine";
import { expect, test } from "vitest";
import { eachCommand } from "../journal/frame-payload.ts";
import { openSequencer } from "../sequencer/open-sequencer.ts";
import { startChild } from "../testing/child-process.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { ToyView } from "../testing/toy-followers.ts";
import { toyMachine } from "../testing/toy-machine.ts";
import { openFileJournal } from "./file-journal.ts";
import { openFileSnapshots } from "./file-snapshots.ts";

/** 10 in the suite that everybody runs; more by `PINCEX_CRASH_ROUNDS=100`. */
const ROUNDS = Number(process.env["PINCEX_CRASH_ROUNDS"] ?? 10);

/** The amount of every command in the journal, by its sequence less one, and the state that they lead to. */
const journaled = async (directory: string): Promise<{ amounts: number[]; replayed: string }> => {
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

test(`a process that is killed ${ROUNDS} times under load loses nothing that it acknowledged`, {
  timeout: 20_000 + ROUNDS * 10_000,
}, async () => {
  const root = temporaryDirectory();
  const directory = join(root, "journal");
  const acknowledged = new Map<number, number>();
  let next = startChild("crash-child.ts", root);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const child = next;
    child.go();
    await child.said(1 + Math.floor(Math.random() * 6_000));
    await expect(openFileJournal({ directory })).rejects.toMatchObject({
      code: "journal_locked",
      pid: child.pid,
    });
    await child.kill();
    // Loads while this process looks at what the last one left.
    if (round < ROUNDS) next = startChild("crash-child.ts", root);
    for (const line of child.lines().slice(1)) {
      const [sequence = 0, amount = 0] = line.split(" ").map(Number);
      expect(acknowledged.has(sequence)).toBe(false);
      acknowledged.set(sequence, amount);
    }
    const { amounts, replayed } = await journaled(directory);
    for (const [sequence, amount] of acknowledged) {
      if (amounts[sequence - 1] !== amount) {
        expect({ round, sequence, amount: amounts[sequence - 1] }).toEqual({
          round,
          sequence,
          amount,
        });
      }
    }
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
  expect(acknowledged.size).toBeGreaterThan(ROUNDS);
});

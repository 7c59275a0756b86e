import { type RecordViews, type RecordWriter, recordKind, recordViews } from "@pincex/engine";
import { describe, expect, test } from "vitest";
import type { Journal } from "../journal/journal.ts";
import { type MemoryJournal, memoryJournal } from "../journal/memory-journal.ts";
import { memorySnapshots } from "../snapshots/memory-snapshots.ts";
import { ToyProjection, ToyView } from "../testing/toy-followers.ts";
import { add, bomb, toyMachine } from "../testing/toy-machine.ts";
import { judgeSkipOf } from "./judge-skip.ts";
import { openSequencer } from "./open-sequencer.ts";
import type { StateMachineKind } from "./state-machine.ts";
import type { Venue, VenueOptions } from "./venue.ts";

const bombKind = recordKind(recordViews(bomb()), 0);
const thousand = recordViews(add(1_000));

/** The release before: it took the command at which this one throws, and added a thousand. */
const olderRelease: StateMachineKind = {
  ...toyMachine,
  create: () => tolerant(toyMachine.create()),
  restore: (snapshot) => tolerant(toyMachine.restore(snapshot)),
};

const tolerant = (machine: ReturnType<StateMachineKind["create"]>) => ({
  get nextDue() {
    return machine.nextDue;
  },
  get rules() {
    return machine.rules;
  },
  checkNext: () => machine.checkNext(),
  snapshot: () => machine.snapshot(),
  stateHash: () => machine.stateHash(),
  apply: (seq: number, time: number, commands: RecordViews, offset: number, out: RecordWriter) => {
    const isBomb = recordKind(commands, offset) === bombKind;
    machine.apply(seq, time, isBomb ? thousand : commands, isBomb ? 0 : offset, out);
  },
});

const opened = (
  journal: Journal,
  options: Partial<VenueOptions> = {},
  kind = toyMachine,
): Promise<Venue> => openSequencer({ journal, clock: () => 1_000, ...options }, kind);

/** A journal of the release before: 1 to 4, the command in question, 6 to 9. */
const journalWithBomb = async (options: Partial<VenueOptions> = {}): Promise<MemoryJournal> => {
  const journal = memoryJournal();
  const venue = await opened(journal, options, olderRelease);
  for (const record of [1, 2, 3, 4].map((amount) => add(amount))) await venue.submit(record);
  await venue.submit(bomb());
  for (const record of [6, 7, 8, 9].map((amount) => add(amount))) await venue.submit(record);
  await venue.stop();
  return journal.reopen();
};

const skip = (sequence: number) => ({ sequence, at: 1_000, reason: "of an older release" });

describe("a command at which the state machine throws", () => {
  test("stops the start until it is recorded as skipped; then only its time happens", async () => {
    const kept = await journalWithBomb();
    await expect(opened(kept)).rejects.toMatchObject({
      code: "command_not_replayable",
      sequence: 5,
      message: expect.stringMatching(/sequence 5 .*the toy broke/),
    });
    const journal = kept.reopen();
    expect(await judgeSkipOf({ journal, sequence: 5 }, toyMachine)).toMatchObject({ ok: true });
    await journal.skip(skip(5));

    const view = new ToyView();
    const venue = await opened(journal.reopen(), { views: [view] });
    // The toy's time command adds one.
    expect([view.total, view.last]).toEqual([1 + 2 + 3 + 4 + 1 + 6 + 7 + 8 + 9, 9]);
    expect((await venue.submit(add(10))).sequence).toBe(10);
    await venue.stop();
  });

  test("is skipped by every later replay alike, and by a projection that is filled again", async () => {
    const journal = await journalWithBomb();
    await journal.skip(skip(5));
    const written: number[][] = [];
    const hashes: string[] = [];
    for (let start = 0; start < 2; start += 1) {
      const projection = new ToyProjection();
      const venue = await opened(journal.reopen(), { projections: [projection] });
      await venue.flushed();
      written.push(projection.amounts);
      hashes.push(venue.stateHash());
      await venue.stop();
    }
    const amounts = [1, 2, 3, 4, 1, 6, 7, 8, 9];
    expect(written).toEqual([amounts, amounts]);
    expect(hashes[0]).toBe(hashes[1]);
  });

  test("is still in a snapshot that was taken before: that one is passed over", async () => {
    const snapshots = memorySnapshots();
    const journal = await journalWithBomb({ snapshots });
    expect((await snapshots.newest(100))?.sequence).toBe(9);
    await journal.skip(skip(5));
    const started: number[] = [];
    const onProgress = ({ from }: { from: number }) => void started.push(from);
    const venue = await opened(journal.reopen(), { snapshots, onProgress });
    expect(started[0]).toBe(0);
    await venue.submit(add(10));
    const hash = venue.stateHash();
    await venue.stop();

    started.length = 0;
    const again = await opened(journal.reopen(), { snapshots, onProgress });
    expect(started[0]).toBe(10);
    expect(again.stateHash()).toBe(hash);
    await again.stop();
    const replayed = await opened(journal.reopen());
    expect(replayed.stateHash()).toBe(hash);
    await replayed.stop();
  });
});

describe("what must not be skipped", () => {
  test.each([0, 10, 2.5])("%d, which is no command of the journal", async (sequence) => {
    const journal = await journalWithBomb();
    expect(await judgeSkipOf({ journal, sequence }, toyMachine)).toMatchObject({
      ok: false,
      code: "command_not_in_journal",
      sequence: 9,
    });
  });

  test("a command that can be replayed", async () => {
    const journal = await journalWithBomb();
    expect(await judgeSkipOf({ journal, sequence: 4 }, toyMachine)).toMatchObject({
      ok: false,
      code: "command_replayable",
    });
  });

  test("a command behind the one at which the replay stops", async () => {
    const journal = await journalWithBomb();
    expect(await judgeSkipOf({ journal, sequence: 6 }, toyMachine)).toMatchObject({
      ok: false,
      code: "earlier_command_not_replayable",
      sequence: 5,
    });
  });

  test("a command that is skipped already", async () => {
    const journal = await journalWithBomb();
    await journal.skip(skip(5));
    expect(await judgeSkipOf({ journal, sequence: 5 }, toyMachine)).toMatchObject({
      ok: false,
      code: "command_already_skipped",
    });
  });

  test("a command whose effect a projection has written", async () => {
    const projection = new ToyProjection();
    const journal = await journalWithBomb({ projections: [projection] });
    const options = { journal, projections: [projection], sequence: 5 };
    expect(await judgeSkipOf(options, toyMachine)).toMatchObject({
      ok: false,
      code: "projection_has_command",
      sequence: 9,
    });
  });

  test("a command whose time is before that of the one before it: that is no command's fault", async () => {
    const journal = await journalWithBomb();
    const strict: StateMachineKind = {
      ...toyMachine,
      create: () => {
        const machine = toyMachine.create();
        return Object.assign(Object.create(machine), {
          apply: (sequence: number) => {
            if (sequence === 5) throw new RangeError("time goes back");
          },
        });
      },
    };
    expect(await judgeSkipOf({ journal, sequence: 5 }, strict)).toMatchObject({
      ok: false,
      code: "command_not_skippable",
      rule: expect.stringMatching(/time goes back/),
    });
  });

  test("it is judged from the newest snapshot before it, with what was skipped till then", async () => {
    const snapshots = memorySnapshots();
    const kept = await journalWithBomb();
    await kept.skip(skip(5));
    const venue = await opened(kept.reopen(), { snapshots });
    await venue.stop();
    const writer = await opened(kept.reopen(), {}, olderRelease);
    await writer.submit(bomb());
    await writer.stop();
    const read: number[] = [];
    const journal = kept.reopen();
    const watched: Journal = {
      head: () => journal.head(),
      skipped: () => journal.skipped(),
      skip: (command) => journal.skip(command),
      append: (frame) => journal.append(frame),
      close: () => journal.close(),
      read: (from) => {
        read.push(from);
        return journal.read(from);
      },
    };
    const options = { journal: watched, snapshots, sequence: 10 };
    expect(await judgeSkipOf(options, toyMachine)).toMatchObject({ ok: true });
    // Once to see that it stops there, and once to see that it goes on without.
    expect(read).toEqual([10, 10]);
  });
});

import { describe, expect, test } from "vitest";
import type { Journal } from "../journal/journal.ts";
import { memoryJournal } from "../journal/memory-journal.ts";
import { memorySnapshots } from "../snapshots/memory-snapshots.ts";
import type { SnapshotStore } from "../snapshots/snapshot.ts";
import { turns } from "../testing/controlled-journal.ts";
import { ToyProjection, ToyView } from "../testing/toy-followers.ts";
import { add, bomb, toyMachine, toyPayload } from "../testing/toy-machine.ts";
import { openSequencer } from "./open-sequencer.ts";
import type { RecoveryProgress, Venue, VenueNotice, VenueOptions } from "./venue.ts";

const opened = (journal: Journal, options: Partial<VenueOptions> = {}): Promise<Venue> =>
  openSequencer({ journal, clock: () => 1_000, ...options }, toyMachine);

const submitAll = async (venue: Venue, from: number, to: number): Promise<void> => {
  for (let amount = from; amount <= to; amount += 1) await venue.submit(add(amount));
};

/** Opens the journal again and says where the start began. */
const restarted = async (
  journal: Journal,
  options: Partial<VenueOptions>,
): Promise<{ venue: Venue; from: number; replayed: number }> => {
  const progress: RecoveryProgress[] = [];
  const venue = await opened(journal, { ...options, onProgress: (made) => progress.push(made) });
  const { from = -1, head = -1, sequence = -2 } = progress.at(-1) ?? {};
  expect(sequence).toBe(head);
  return { venue, from, replayed: head - from };
};

describe("a start", () => {
  test("replays the journal into core and views", async () => {
    const kept = memoryJournal();
    const venue = await opened(kept);
    await submitAll(venue, 1, 10);
    const hash = venue.stateHash();
    await venue.stop();
    const view = new ToyView();
    const { venue: again, from } = await restarted(kept.reopen(), { views: [view] });
    expect([again.stateHash(), again.sequence, view.total, from]).toEqual([hash, 10, 55, 0]);
    await submitAll(again, 11, 11);
    expect(view.total).toBe(66);
    await again.stop();
  });

  test("begins with the newest snapshot, core and views", async () => {
    const kept = memoryJournal();
    const snapshots = memorySnapshots();
    const venue = await opened(kept, { snapshots, views: [new ToyView()], snapshotEvery: 4 });
    await submitAll(venue, 1, 10);
    await turns();
    const hash = venue.stateHash();
    const view = new ToyView();
    const crashed = await restarted(kept.reopen(), { snapshots, views: [view] });
    expect([crashed.from, crashed.replayed]).toEqual([8, 2]);
    expect([crashed.venue.stateHash(), view.total, view.last]).toEqual([hash, 55, 10]);
    await crashed.venue.stop();
    const stopped = await restarted(kept.reopen(), { snapshots, views: [new ToyView()] });
    expect([stopped.from, stopped.replayed]).toEqual([10, 0]);
    expect((await stopped.venue.submit(add(1))).sequence).toBe(11);
    await stopped.venue.stop();
  });

  test("passes over snapshots that lack a view", async () => {
    const kept = memoryJournal();
    const snapshots = memorySnapshots();
    const first = await opened(kept, { snapshots, views: [new ToyView("a"), new ToyView("b")] });
    await submitAll(first, 1, 3);
    await first.stop();
    const second = await opened(kept.reopen(), { snapshots, views: [new ToyView("a")] });
    await submitAll(second, 4, 6);
    await second.stop();
    const views = [new ToyView("a"), new ToyView("b")];
    const older = await restarted(kept.reopen(), { snapshots, views });
    expect([older.from, ...views.map(({ total }) => total)]).toEqual([3, 21, 21]);
    await older.venue.stop();
    const strangers = [new ToyView("a"), new ToyView("c")];
    const none = await restarted(kept.reopen(), { snapshots, views: strangers });
    expect([none.from, ...strangers.map(({ total }) => total)]).toEqual([0, 21, 21]);
    await none.venue.stop();
  });

  test("passes over a snapshot that it can't read, and says so", async () => {
    const kept = memoryJournal();
    const snapshots = memorySnapshots();
    for (const last of [3, 6]) {
      const journal = last === 3 ? kept : kept.reopen();
      const venue = await opened(journal, { snapshots, views: [new ToyView()] });
      await submitAll(venue, last - 2, last);
      await venue.stop();
    }
    const notices: VenueNotice[] = [];
    const onNotice = (notice: VenueNotice) => notices.push(notice);
    const startWithout = async (unread: readonly number[]) => {
      const view = new ToyView();
      const restore = view.restore.bind(view);
      view.restore = (bytes) => {
        restore(bytes);
        if (unread.includes(view.last)) throw new RangeError("of another version");
      };
      notices.length = 0;
      const started = await restarted(kept.reopen(), { snapshots, views: [view], onNotice });
      expect(view.total).toBe(21);
      return started.from;
    };
    expect(await startWithout([6])).toBe(3);
    expect(notices).toMatchObject([{ kind: "snapshot_passed_over", sequence: 6 }]);
    // What of them got into the view before it failed is gone.
    expect(await startWithout([6, 3])).toBe(0);
    expect(notices.map((notice) => "sequence" in notice && notice.sequence)).toEqual([6, 3]);
  });

  test("begins where the slowest projection is, and sends each what it lacks", async () => {
    const kept = memoryJournal();
    const snapshots = memorySnapshots();
    const [fast, slow] = [new ToyProjection(), new ToyProjection()];
    const options = { snapshots, projections: [fast, slow], snapshotEvery: 3 };
    const first = await opened(kept, options);
    await submitAll(first, 1, 4);
    await first.flushed();
    slow.faults = Array(1_000).fill("unreachable");
    await submitAll(first, 5, 20);
    await turns();
    expect([fast.amounts.length, slow.amounts.length]).toEqual([20, 4]);
    slow.faults = [];
    fast.faults = [];
    const again = await restarted(kept.reopen(), options);
    expect(again.from).toBe(3);
    await again.venue.flushed();
    expect(fast.amounts).toEqual(slow.amounts);
    expect(slow.amounts.length).toBe(20);
    await again.venue.stop();
    await first.stop();
  });

  test("fills a new projection from nothing", async () => {
    const kept = memoryJournal();
    const snapshots = memorySnapshots();
    const first = await opened(kept, { snapshots });
    await submitAll(first, 1, 5);
    await first.stop();
    const projection = new ToyProjection();
    const again = await restarted(kept.reopen(), { snapshots, projections: [projection] });
    expect(again.from).toBe(0);
    await again.venue.flushed();
    expect(projection.amounts).toEqual([1, 2, 3, 4, 5]);
    await again.venue.stop();
  });

  test("sends a projection that stopped in the middle of a frame the rest of it", async () => {
    const kept = memoryJournal();
    await kept.append({
      epoch: 1,
      firstSequence: 1,
      count: 5,
      payload: toyPayload([1, 2, 3, 4, 5]),
    });
    const projection = new ToyProjection();
    projection.amounts = [1, 2];
    const venue = await opened(kept.reopen(), { projections: [projection] });
    await venue.flushed();
    expect(projection.amounts).toEqual([1, 2, 3, 4, 5]);
    await venue.stop();
  });

  test("waits for a projection that is slower than the replay", async () => {
    const kept = memoryJournal();
    const first = await opened(kept);
    await submitAll(first, 1, 300);
    await first.stop();
    const projection = new ToyProjection();
    const { apply } = projection;
    projection.apply = async (...batch) => {
      await turns(2);
      await apply.call(projection, ...batch);
    };
    const options = { projections: [projection], projectionQueueBytes: 64 };
    const again = await opened(kept.reopen(), options);
    await again.flushed();
    expect(projection.amounts.length).toBe(300);
    await again.stop();
  });
});

describe("a start is refused, and the journal closed", () => {
  const stopped = async (
    count: number,
    options: Partial<VenueOptions> = {},
  ): Promise<ReturnType<typeof memoryJournal>> => {
    const kept = memoryJournal();
    const venue = await opened(kept, options);
    await submitAll(venue, 1, count);
    await venue.stop();
    return kept;
  };

  test("when a projection is ahead of the journal", async () => {
    const kept = await stopped(3);
    const projection = new ToyProjection();
    projection.amounts = [1, 2, 3, 4];
    const journal = kept.reopen();
    await expect(opened(journal, { projections: [projection] })).rejects.toMatchObject({
      code: "projection_ahead_of_journal",
      sequence: 4,
    });
    const head = await journal.head();
    const frame = { epoch: head.epoch, firstSequence: 4, count: 1, payload: toyPayload([4]) };
    await expect(journal.append(frame)).rejects.toMatchObject({ code: "journal_dead" });
  });

  test("when a snapshot is ahead of the journal", async () => {
    const snapshots = memorySnapshots();
    await stopped(5, { snapshots });
    const shorter = await stopped(4);
    await expect(opened(shorter.reopen(), { snapshots })).rejects.toMatchObject({
      code: "snapshot_ahead_of_journal",
      sequence: 5,
    });
  });

  test.each([0, 2])(
    "when the snapshot is of another journal, %d commands before the head",
    async (more) => {
      const snapshots = memorySnapshots();
      await stopped(3, { snapshots });
      const other = memoryJournal();
      const venue = await opened(other, { clock: () => 2_000 });
      await submitAll(venue, 1, 3 + more);
      await venue.stop();
      await expect(opened(other.reopen(), { snapshots })).rejects.toMatchObject({
        code: "snapshot_of_another_journal",
        sequence: 3,
      });
    },
  );

  test("when a command makes the core throw, naming its sequence", async () => {
    const kept = await stopped(2);
    const journal = kept.reopen();
    const poison = new Uint8Array(24);
    poison.set(bomb(), 8);
    await journal.append({ epoch: 2, firstSequence: 3, count: 1, payload: poison });
    await expect(opened(kept.reopen())).rejects.toMatchObject({
      code: "command_not_replayable",
      sequence: 3,
      cause: { message: "the toy broke" },
    });
  });

  test("when a view can't read its section", async () => {
    const snapshots = memorySnapshots();
    const kept = await stopped(2, { snapshots, views: [new ToyView()] });
    const view = new ToyView();
    view.restore = () => {
      throw new RangeError("of a later version");
    };
    await expect(opened(kept.reopen(), { snapshots, views: [view] })).rejects.toMatchObject({
      code: "view_not_restorable",
      sequence: 2,
    });
  });

  test("when older commands are needed than the journal still has", async () => {
    const kept = await stopped(6);
    const journal = kept.reopen();
    const { read } = journal;
    journal.read = (from) => read.call(journal, Math.max(from, 4));
    await expect(opened(journal)).rejects.toMatchObject({
      code: "journal_incomplete",
      sequence: 1,
    });
  });
});

describe("snapshots", () => {
  test("that can't be saved don't stop the venue, who says so", async () => {
    const notices: unknown[] = [];
    const full: SnapshotStore = {
      newest: async () => undefined,
      save: () => Promise.reject(Object.assign(new Error("disk full"), { code: "ENOSPC" })),
    };
    const venue = await opened(memoryJournal(), {
      snapshots: full,
      snapshotEvery: 2,
      onNotice: (notice) => notices.push(notice),
    });
    await submitAll(venue, 1, 3);
    await turns();
    expect(notices).toMatchObject([
      { kind: "snapshot_failed", sequence: 2, error: { code: "ENOSPC" } },
    ]);
    await venue.stop();
  });

  test("hold the state at the end of a frame although the core runs ahead", async () => {
    const kept = memoryJournal();
    const snapshots = memorySnapshots();
    const venue = await opened(kept, { snapshots, views: [new ToyView()], snapshotEvery: 10 });
    let sent = 0;
    const client = async (): Promise<void> => {
      while (sent < 300) await venue.submit(add(++sent));
    };
    await Promise.all(Array.from({ length: 7 }, client));
    const snapshot = await snapshots.newest(Number.POSITIVE_INFINITY);
    expect(snapshot?.sequence).toBeGreaterThan(10);
    const view = new ToyView();
    const again = await restarted(kept.reopen(), { snapshots, views: [view] });
    expect(again.from).toBe(snapshot?.sequence);
    expect([again.venue.stateHash(), view.last]).toEqual([venue.stateHash(), venue.sequence]);
    await again.venue.stop();
  });
});

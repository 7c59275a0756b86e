import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openSequencer } from "../sequencer/open-sequencer.ts";
import { journaled } from "../testing/crash-rounds.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { ToyProjection, ToyView } from "../testing/toy-followers.ts";
import { add, readAdded, toyMachine } from "../testing/toy-machine.ts";
import { openToyInWorker } from "../testing/venue-in-worker.ts";
import { openFileJournal } from "./file-journal.ts";

describe("a venue in a thread of its own", () => {
  test("answers like every other, stops, and goes on from its snapshot", async () => {
    const root = temporaryDirectory();
    const [view, projection] = [new ToyView(), new ToyProjection()];
    const notices: string[] = [];
    const venue = await openToyInWorker(
      { root, snapshotEvery: 100 },
      {
        views: [view],
        projections: [projection],
        onNotice: ({ kind }) => notices.push(kind),
      },
    );
    const submissions = await Promise.all(
      Array.from({ length: 300 }, (_, index) => venue.submit(add(index))),
    );
    const amounts = submissions.map(({ events }) => readAdded(events)[0]?.amount);
    expect(amounts).toEqual(Array.from({ length: 300 }, (_, index) => index));
    expect([view.last, venue.sequence]).toEqual([300, 300]);
    await venue.flushed();
    expect(projection.amounts).toEqual(amounts);
    const hash = venue.stateHash();
    await venue.stop();
    expect(await venue.stopped).toBeUndefined();
    expect(venue.stateHash()).toBe(hash);
    expect(notices).toContain("snapshot_saved");
    await expect(venue.submit(add(1))).rejects.toMatchObject({ code: "venue_stopped" });

    const viewAgain = new ToyView();
    const from: number[] = [];
    const again = await openToyInWorker(
      { root },
      {
        views: [viewAgain],
        projections: [projection],
        onProgress: (progress) => from.push(progress.from),
      },
    );
    expect([again.stateHash(), viewAgain.total]).toEqual([hash, view.total]);
    expect(from[0]).toBe(300);
    await again.stop();
  });

  test("what is in the ring is done and kept while this thread is busy with something else", async () => {
    const root = temporaryDirectory();
    const venue = await openToyInWorker({ root });
    await venue.submit(add(1));
    const submitted = Array.from({ length: 1_000 }, () => venue.submit(add(1)));
    // Nothing of this thread runs until the venue has told what state it came to.
    expect(venue.stateHash()).toMatch(/^1001:1001:/);
    expect(venue.sequence).toBe(1);
    await Promise.all(submitted);
    expect(venue.sequence).toBe(1_001);
    await venue.stop();
  });

  test("a full ring is an overload, to be tried again", async () => {
    const root = temporaryDirectory();
    const venue = await openToyInWorker({ root }, { ringBytes: 1_024 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 100 }, () => venue.submit(add(1))),
    );
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ reason: { code: "venue_overloaded", retryAfterMs: 5 } });
    expect(venue.sequence).toBe(100 - refused.length);
    await expect(venue.submit(add(1, 4_096))).rejects.toThrow("a record of at most 496 bytes");
    await venue.stop();
  });

  test("a start that is refused says why, as of the venue's own class", async () => {
    const root = temporaryDirectory();
    const holder = await openFileJournal({ directory: join(root, "journal") });
    await expect(openToyInWorker({ root })).rejects.toMatchObject({
      name: "JournalLocked",
      code: "journal_locked",
      pid: process.pid,
    });
    await holder.close();
    const views = [new ToyView("core")];
    await expect(openToyInWorker({ root }, { views })).rejects.toThrow(RangeError);
  });

  test("dies with its thread: nobody is told what nobody knows, and the next start recovers all that was acknowledged", async () => {
    const root = temporaryDirectory();
    const acknowledged = new Map<number, number>();
    for (let round = 1; round <= 2; round += 1) {
      const venue = await openToyInWorker(
        { root, diesAfterMs: 100 * round },
        { views: [new ToyView()] },
      );
      const codes = new Set<string>();
      const client = async (): Promise<void> => {
        for (;;) {
          const amount = Math.floor(Math.random() * 1_000);
          const { sequence } = await venue.submit(add(amount));
          expect(acknowledged.has(sequence)).toBe(false);
          acknowledged.set(sequence, amount);
        }
      };
      const clients = Array.from({ length: 40 }, () =>
        client().catch((error) => codes.add(error.code)),
      );
      expect((await venue.stopped)?.message).toBe("the venue's thread has ended (7)");
      await Promise.all(clients);
      for (const code of codes) expect(["outcome_unknown", "venue_stopped"]).toContain(code);
      await expect(venue.submit(add(1))).rejects.toMatchObject({ code: "venue_stopped" });
      await venue.stop();

      const { amounts, replayed } = await journaled(join(root, "journal"));
      expect(
        [...acknowledged].filter(([sequence, amount]) => amounts[sequence - 1] !== amount),
      ).toEqual([]);
      const journal = await openFileJournal({ directory: join(root, "journal") });
      const recovered = await openSequencer({ journal, clock: Date.now }, toyMachine);
      expect(recovered.stateHash()).toBe(replayed);
      await recovered.stop();
    }
    expect(acknowledged.size).toBeGreaterThan(0);
  });
});

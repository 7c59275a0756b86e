import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openSequencer } from "../sequencer/open-sequencer.ts";
import type { Venue, VenueNotice } from "../sequencer/venue.ts";
import { CrashRounds } from "../testing/crash-rounds.ts";
import { missingMounts, mountMemory, remount } from "../testing/loop-disk.ts";
import { ToyView } from "../testing/toy-followers.ts";
import { add, toyMachine } from "../testing/toy-machine.ts";
import { openFileJournal } from "./file-journal.ts";
import { openFileSnapshots } from "./file-snapshots.ts";

const missing = missingMounts();
const because = missing === undefined ? "" : ` (skipped: ${missing})`;

const opened = async (root: string, notices: VenueNotice[] = []): Promise<Venue> =>
  openSequencer(
    {
      journal: await openFileJournal({ directory: join(root, "journal"), segmentBytes: 65_536 }),
      snapshots: await openFileSnapshots({ directory: join(root, "snapshots") }),
      views: [new ToyView()],
      snapshotEvery: 100,
      clock: Date.now,
      onNotice: (notice) => notices.push(notice),
    },
    toyMachine,
  );

/** Submits one command after the other until one is not acknowledged, and says why. */
const submitUntilRefused = async (venue: Venue, rounds: CrashRounds): Promise<unknown> => {
  for (let amount = 1; ; amount += 1) {
    try {
      const { sequence } = await venue.submit(add(amount, 512));
      rounds.acknowledged.set(sequence, amount);
    } catch (error) {
      return error;
    }
  }
};

describe.skipIf(missing !== undefined)(`a disk that is full${because}`, () => {
  test("ends the venue, keeps what was acknowledged, and lets it start when there is room", async () => {
    const root = mountMemory(512);
    const rounds = new CrashRounds();
    const venue = await opened(root);
    const refused = await submitUntilRefused(venue, rounds);
    expect(refused).toMatchObject({
      code: "outcome_unknown",
      cause: { code: "journal_dead", cause: { code: "ENOSPC" } },
    });
    expect(await venue.stopped).toMatchObject({ code: "journal_dead" });
    await expect(venue.submit(add(1))).rejects.toMatchObject({ code: "venue_stopped" });
    await venue.stop();
    expect(rounds.acknowledged.size).toBeGreaterThan(400);
    remount(root, "size=4m");
    await rounds.expectAllIn(root, 1);
    const again = await opened(root);
    expect((await again.submit(add(5))).sequence).toBeGreaterThan(rounds.acknowledged.size);
    await again.stop();
  });

  test("lets a start read what is there, or has it say that not even the lock has room", async () => {
    const root = mountMemory(512);
    const rounds = new CrashRounds();
    const venue = await opened(root);
    await submitUntilRefused(venue, rounds);
    await venue.stop();
    const start = await opened(root).catch((error) => error);
    if (start instanceof Error) expect(start).toMatchObject({ code: "ENOSPC" });
    else {
      expect(start.sequence).toBeGreaterThanOrEqual(rounds.acknowledged.size);
      await start.stop();
    }
    remount(root, "size=4m");
    await rounds.expectAllIn(root, 1);
  });

  test("leaves a venue going whose snapshots have no room, and says so", async () => {
    const [root, elsewhere] = [mountMemory(4_096), mountMemory(4)];
    const notices: VenueNotice[] = [];
    const venue = await openSequencer(
      {
        journal: await openFileJournal({ directory: join(root, "journal"), segmentBytes: 65_536 }),
        snapshots: await openFileSnapshots({ directory: join(elsewhere, "snapshots") }),
        snapshotEvery: 10,
        clock: Date.now,
        onNotice: (notice) => notices.push(notice),
      },
      toyMachine,
    );
    for (let amount = 1; amount <= 50; amount += 1) await venue.submit(add(amount));
    await venue.stop();
    expect(notices).toContainEqual(
      expect.objectContaining({
        kind: "snapshot_failed",
        error: expect.objectContaining({ code: "ENOSPC" }),
      }),
    );
    expect(venue.sequence).toBe(50);
  });
});

describe.skipIf(missing !== undefined)(`a disk that can only be read${because}`, () => {
  test("refuses the start and is left as it was; when it can be written again, all is there", async () => {
    const root = mountMemory(1_024);
    const venue = await opened(root);
    for (let amount = 1; amount <= 20; amount += 1) await venue.submit(add(amount));
    const hash = venue.stateHash();
    await venue.stop();
    const before = contentsOf(root);
    remount(root, "ro");
    await expect(opened(root)).rejects.toMatchObject({ code: "EROFS" });
    expect(contentsOf(root)).toEqual(before);
    remount(root, "rw");
    const again = await opened(root);
    expect([again.sequence, again.stateHash()]).toEqual([20, hash]);
    await again.stop();
  });
});

/** Every file below a directory, in words of its bytes. */
const contentsOf = (root: string): Map<string, string> =>
  new Map(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name, parentPath }) => {
        const path = join(parentPath, name);
        return [path, readFileSync(path).toString("base64")];
      }),
  );
